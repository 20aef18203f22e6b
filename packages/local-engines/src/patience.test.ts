import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { EngineSpec } from './engine.js';
import { homePaths } from './home.js';
import { launchEngine } from './launch.js';
import { checkEngine } from './probes.js';

/** More than the two seconds that were given once. */
const SLOW_MS = 2_500;

it('waits for an engine that is slow to answer, and not for one that is away', async () => {
  const server = createServer(async (_, response) => {
    await sleep(SLOW_MS);
    response.end('{"version":"26.1"}\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const clickhouseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await checkEngine('clickhouse', { clickhouseUrl }, {})).toEqual({ ok: true, detail: '版本 26.1' });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await checkEngine('clickhouse', { clickhouseUrl }, {}, 600_000)).toMatchObject({ ok: false });
});

it('asks an engine that has ended no longer, however long the answer may take', async () => {
  const home = mkdtempSync(join(tmpdir(), 'pingan-patience-'));
  const paths = homePaths(home);
  for (const file of [paths.log('redis'), paths.pids('redis')]) mkdirSync(join(file, '..'), { recursive: true });
  const spec: EngineSpec = {
    ...({ engine: 'redis', command: '/bin/sh', args: ['-c', 'sleep 1; exit 3'], cwd: home } as const),
    ...{ startTimeoutMs: 600_000, stopDeadlineMs: 1_000, ready: () => new Promise<void>(() => undefined) },
  };
  const launched = launchEngine({
    spec,
    home,
    env: process.env,
    onExit: () => undefined,
    signal: new AbortController().signal,
  });
  await expect(launched).rejects.toThrow('Redis 启动后立即退出（退出码 3');
});
