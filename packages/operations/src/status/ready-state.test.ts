import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readyState } from './ready-state.js';

/** A service that is ready, on a machine so busy that it answers late. */
async function ask(lateMs: number, patienceMs?: number): Promise<string> {
  const server = createServer((_, response) => void setTimeout(() => response.end('{"reasons":[]}'), lateMs));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await readyState(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, patienceMs);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it('waits for a service under load, and not for ever', async () => {
  expect(await ask(2_500)).toBe('就绪');
  expect(await ask(60_000, 50)).toBe('没有回应');
});
