import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pipeline, Steps, startPipeline } from '@pingan/launcher';
import { endpointsToEnv, readEndpoints } from '@pingan/local-engines';
import { builtinCounty } from '@pingan/regions';
import { createStore } from '@pingan/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../harness/cli.js';
import { openKafka } from '../harness/kafka.js';
import { until } from '../harness/poll.js';
import { mountSmallDisk } from '../harness/small-disk.js';
import { messageOf } from '../harness/synthetic.js';

/*
 * Promise: with the disk of the home full everything waits, `status` says why, and it all goes on by itself when there is space
 * again.
 */

const MEGABYTES = 700;
const SERVICES = ['ingestor', 'aggregator', 'scorer'];
const county = builtinCounty('610222')!;
const folder = mkdtempSync(join(tmpdir(), 'pingan-full-'));
const disk = mountSmallDisk(folder, MEGABYTES);
const said: string[] = [];
const broken: string[] = [];
let pipeline: Pipeline | undefined;

beforeAll(async () => {
  if (!disk) return;
  pipeline = await startPipeline({
    home: disk.path,
    services: SERVICES,
    steps: new Steps((text) => said.push(text)),
    signal: new AbortController().signal,
    onBroken: (text) => broken.push(text),
  });
}, 180_000);
afterAll(async () => {
  await pipeline?.stop();
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
}, 120_000);

test.skipIf(!disk)('a full disk is waited out', async () => {
  const { path: home, fill, free } = disk!;
  const env = { ...process.env, ...endpointsToEnv(pipeline!.endpoints), PINGAN_HOME: home, RECONCILE_AT: 'off' };
  const store = createStore({ url: pipeline!.endpoints.clickhouseUrl, database: 'pingan' });
  const kafka = openKafka(pipeline!.endpoints.kafkaBrokers.join(','), env);
  const fire = (at: number) =>
    messageOf({
      schema: 'police.incident/1',
      county: county.code,
      source: 's',
      case_id: `F-${at}`,
      version: 1,
      op: 'upsert',
      region_code: county.regions.regions.find(({ level }) => level === 'township')!.code,
      occurred_at: '2025-01-10T08:00:00+08:00',
      recorded_at: '2025-01-10T09:00:00+08:00',
      body: { category: 'fire' },
    });
  const stored = async () => (await store.health.freshness()).reduce((sum, { versions }) => sum + versions, 0);
  try {
    await store.counties.save(county);
    await kafka.send(Array.from({ length: 100 }, (_, i) => fire(i)));
    await until('what was sent before is stored', async () => (await stored()) === 100);

    fill();
    // Kafka ends at its first write that fails, and cannot be started.
    process.kill(pipeline!.pid('kafka')!, 'SIGKILL');
    await until('the launcher says that it waits', () => said.some((text) => text.includes('磁盘已满')));
    const status = await runCli(['status'], env);
    expect(status.stdout + status.stderr).toContain('磁盘');
    expect(status.stdout + status.stderr).not.toMatch(/JSON|意外错误/);
    expect(status.status).not.toBe(0);
    const score = await runCli(['score', '--county', county.code, '--month', '2025-01'], env);
    expect(score).toMatchObject({ status: 3, stderr: expect.stringContaining('所在磁盘已满') });
    // For longer than it took until the launcher had given up after six tries.
    await new Promise((resolve) => setTimeout(resolve, 70_000));
    expect(broken).toEqual([]);
    expect(said.filter((text) => text.includes('磁盘已满'))).toHaveLength(1);

    free();
    await until('Kafka is back', () => pipeline!.pid('kafka'), { deadlineMs: 120_000 });
    await until(
      'what is sent is stored again',
      async () => {
        await kafka.send([fire(100)]);
        return (await stored()) === 101;
      },
      { deadlineMs: 180_000, everyMs: 2_000 },
    );
    expect(readEndpoints({ home, env: {} })).toEqual(pipeline!.endpoints);
    for (const name of readdirSync(join(home, 'run'))) JSON.parse(readFileSync(join(home, 'run', name), 'utf8'));
  } finally {
    await store.close();
  }
});
