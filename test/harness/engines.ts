import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineName, type Engines, endpointsToEnv, startEngines } from '@pingan/local-engines';
import type { TestProject } from 'vitest/node';
import { until } from './poll.js';

declare module 'vitest' {
  interface ProvidedContext {
    home: string;
    endpoints: Record<string, string>;
    /** Where `POST /stop/<engine>`, `/start/<engine>` and `/kill/<engine>` are answered. */
    control: string;
  }
}

/** Test files run in processes of their own; the engines belong to this one, which does what they ask. */
async function openControl(engines: Engines): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const [, verb, engine] = (request.url ?? '').split('/') as [string, string, EngineName];
    const verbs: Record<string, () => Promise<unknown>> = {
      stop: () => engines.stopEngine(engine),
      start: () => (engines.pids[engine] ? Promise.resolve() : engines.startEngine(engine)),
      kill: () => {
        process.kill(engines.pids[engine]!, 'SIGKILL');
        return until(`${engine} is gone`, () => engines.pids[engine] === undefined);
      },
    };
    verbs[verb]!().then(
      () => response.end('ok'),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** Engines for the whole run, in a home that is deleted afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'pingan-test-'));
  const engines = await startEngines({
    home,
    env: { ...process.env, KAFKA_BROKERS: '', REDIS_URL: '', CLICKHOUSE_URL: '' },
  });
  const control = await openControl(engines);
  project.provide('home', home);
  project.provide('endpoints', endpointsToEnv(engines.endpoints));
  project.provide('control', control.url);
  return async () => {
    control.close();
    await engines.stop();
    rmSync(home, { recursive: true, force: true });
  };
}
