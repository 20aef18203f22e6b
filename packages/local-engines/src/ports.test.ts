import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { homePaths } from './home.js';
import { reserveHomePorts } from './home-ports.js';
import { isPortFree, reservePort } from './ports.js';

let home = '';
let server: Server;
let taken = 0;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pingan-ports-test-'));
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  taken = (server.address() as AddressInfo).port;
});

afterEach(() => {
  server.close();
  rmSync(home, { recursive: true, force: true });
});

test('a port somebody listens on is not free', async () => {
  expect(await isPortFree(taken)).toBe(false);
});

test('a taken port is passed over, a free one is kept', async () => {
  const spare = await reservePort({ engine: 'redis', preferred: [taken] });
  expect(spare.port).not.toBe(taken);
  spare.release();
  const again = await reservePort({ engine: 'redis', preferred: [taken, spare.port] });
  expect(again.port).toBe(spare.port);
  again.release();
});

test('a reserved port is not given twice, though nobody listens on it yet', async () => {
  const first = await reservePort({ engine: 'redis', preferred: [taken] });
  const second = await reservePort({ engine: 'redis', preferred: [first.port] });
  expect(second.port).not.toBe(first.port);
  first.release();
  second.release();
});

test('a home keeps its ports, unless they are taken', async () => {
  const spare = await reservePort({ engine: 'kafka', preferred: [taken] });
  spare.release();
  const saved = { kafka: taken, kafkaController: spare.port, redis: 'x' };
  writeFileSync(homePaths(home).ports, JSON.stringify(saved));
  const first = await reserveHomePorts({ home, engines: ['kafka'] });
  expect(first.port('kafka')).not.toBe(taken);
  expect(first.port('kafkaController')).toBe(spare.port);
  expect(() => first.port('redis')).toThrow();
  first.release();
  const second = await reserveHomePorts({ home, engines: ['kafka'] });
  expect(second.port('kafka')).toBe(first.port('kafka'));
  second.release();
});
