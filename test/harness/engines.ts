import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineName, type Engines, endpointsToEnv, startEngines } from '@pingan/local-engines';
import type { TestProject } from 'vitest/node';
import type { LaneEngines } from './lane.js';
import { until } from './poll.js';

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

interface Lane {
  given: LaneEngines;
  close: () => Promise<void>;
}

async function openLane(): Promise<Lane> {
  const home = mkdtempSync(join(tmpdir(), 'pingan-test-'));
  const engines = await startEngines({
    home,
    env: { ...process.env, KAFKA_BROKERS: '', REDIS_URL: '', CLICKHOUSE_URL: '' },
  });
  const control = await openControl(engines);
  return {
    given: { home, endpoints: endpointsToEnv(engines.endpoints), control: control.url },
    close: async () => {
      control.close();
      await engines.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Engines for the whole run, a set for each file that runs at a time, in homes that are deleted afterwards. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const lanes: Lane[] = [];
  const close = async () => void (await Promise.all(lanes.map((lane) => lane.close())));
  try {
    // One after the other: the first installs what is missing.
    while (lanes.length < project.config.maxWorkers) lanes.push(await openLane());
  } catch (error) {
    await close();
    throw error;
  }
  project.provide(
    'lanes',
    lanes.map(({ given }) => given),
  );
  return close;
}
