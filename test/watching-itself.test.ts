import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { topicOf } from '@pingan/contracts';
import { EngineWatch } from '@pingan/launcher';
import { startEngines } from '@pingan/local-engines';
import { builtinCounty } from '@pingan/regions';
import type { LetterCount } from '@pingan/store';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countyFrom, monthsAgo, openAccount } from './harness/account.js';
import { laneEngines } from './harness/lane.js';
import { metricsOf } from './harness/metrics.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';

/* Promise: what goes wrong by itself is noticed by itself: by a comparison each night, in `status`, and in metrics. */

const FIRST_MONTH = monthsAgo(3);
const county = countyFrom(FIRST_MONTH);
let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline({
    env: { RECONCILE_AT: '00:00', RECONCILE_CHECK_MS: '1000', WINDOW_MESSAGES: '500', SWEEP_MS: '3000' },
  });
  await pipeline.store.counties.save(county);
});
afterAll(() => pipeline?.close());

interface Pass {
  kind: string;
  messages: number;
  differences: number;
}

/** What passes read from the log, as the aggregator logged it. */
const reads = (): number[] =>
  pipeline.services.aggregator
    .log()
    .split('\n')
    .filter((line) => line.includes('"msg":"每日对账'))
    .map((line) => (JSON.parse(line) as { read: number }).read);

const passes = () => pipeline.sql<Pass>('SELECT kind, messages, differences FROM reconciles');

/** Forgets when log and store were last compared, so that it is due, and waits for the result. */
async function nextPass(): Promise<Pass & { read: number }> {
  // While one stands there none is under way.
  await until('log and store were compared before', async () => (await passes()).length > 0);
  const before = reads().length;
  await pipeline.command('TRUNCATE TABLE reconciles');
  const [pass] = await until('log and store are compared', async () => {
    const found = await passes();
    return found.length > 0 && reads().length > before ? found : undefined;
  });
  return { ...pass!, read: reads().at(-1)! };
}

interface Concerns {
  concerns: { code: string; level: string; text: string }[];
}

async function concernsNow(): Promise<Concerns['concerns']> {
  const { stdout } = await pipeline.cli('status', '--format', 'json');
  return (JSON.parse(stdout) as Concerns).concerns;
}

const healthUrl = async (service: string): Promise<string> => {
  const [key] = await pipeline.redis.keys(`pingan:service:${service}:*`);
  return (JSON.parse((await pipeline.redis.get(key!))!) as { health: string }).health;
};

test('log and store are compared each night: only what is new is read, and a loss of old rows is noticed', async () => {
  // The one soon after the start would read a part of what is sent.
  await until('log and store were compared', async () => (await passes()).length > 0);
  const account = openAccount(pipeline, county, { from: FIRST_MONTH });
  // Every message once more: a version that is stored already is no difference.
  const first = account.fresh(600);
  await account.send([...first, ...first.slice(0, 50)]);
  await account.expectStored();
  const stored = async () => (await account.stored()).kept;
  const letters = async () => (await pipeline.sql<{ n: number }>('SELECT count() AS n FROM dead_letters FINAL'))[0]!.n;
  const messages = (await stored()) + (await letters());
  expect(await nextPass()).toEqual({ kind: 'nightly', messages, differences: 0, read: 650 });

  await account.send(account.fresh(40));
  await account.expectStored();
  expect(await nextPass()).toMatchObject({ differences: 0, read: 40 });

  // Old rows vanish, as when a part of a table is lost.
  const gone = await pipeline.sql<{ key: string }>(
    `SELECT DISTINCT concat(county, '/', source, '/', case_id) AS key FROM police_cases
    WHERE kafka_partition = 1 AND kafka_offset < 20`,
  );
  const keys = new Set(gone.map(({ key }) => key));
  // Those that came twice are missing twice.
  const lost = account.sent.filter(({ key }) => keys.has(key)).length;
  expect(lost).toBeGreaterThan(10);
  await pipeline.command(
    'DELETE FROM police_cases WHERE kafka_partition = 1 AND kafka_offset < 20 SETTINGS mutations_sync = 2',
  );
  expect((await nextPass()).differences).toBe(lost);
  // It does not become the rule.
  expect((await nextPass()).differences).toBe(lost);
  const differences = await until('the scorer tells of it', async () =>
    (await metricsOf(await healthUrl('scorer'), 'pingan_reconcile_differences')).get('county=""'),
  );
  expect(differences).toBe(lost);
  expect(await concernsNow()).toContainEqual(
    expect.objectContaining({ code: 'reconcile_differences', level: 'error' }),
  );

  await pipeline.ok('reconcile', '--repair');
  expect((await nextPass()).differences).toBe(0);
  expect((await concernsNow()).filter(({ code }) => code.startsWith('reconcile'))).toEqual([]);

  // What a full reconciliation left is not cleared by one that did not look at components.
  await pipeline.store.reconciles.record({ county: '', watermark: {}, messages: 1, differences: 3 });
  await pipeline.store.reconciles.record({ county: '', watermark: {}, messages: 1, differences: 0, kind: 'nightly' });
  expect(await pipeline.store.reconciles.states()).toEqual([{ county: '', differences: 3 }]);
});

test('a part that ClickHouse has put aside, and versions with two contents, are seen', async () => {
  const scorer = await healthUrl('scorer');
  const gauge = async (name: string) => [...(await metricsOf(scorer, name)).values()][0];
  // What ClickHouse does not answer in time is not told in that round.
  const tells = (name: string, holds: (value: number) => boolean) =>
    until(`${name} is told`, async () => holds((await gauge(name)) ?? Number.NaN));
  await tells('pingan_clickhouse_detached_parts', (parts) => parts === 0);
  const [part] = await pipeline.sql<{ name: string }>(
    "SELECT name FROM system.parts WHERE database = currentDatabase() AND table = 'opinion_cases' AND active",
  );
  await pipeline.command(`ALTER TABLE opinion_cases DETACH PART '${part!.name}'`);
  await tells('pingan_clickhouse_detached_parts', (parts) => parts === 1);
  await tells('pingan_reconcile_age_seconds', (age) => age < 3600);
  expect(await concernsNow()).toContainEqual(expect.objectContaining({ code: 'detached_parts', level: 'error' }));
  await pipeline.command(`ALTER TABLE opinion_cases ATTACH PART '${part!.name}'`);

  const conflicts = async () => {
    const { stdout } = await pipeline.cli('status', '--format', 'json');
    return (JSON.parse(stdout) as { conflicts: { total: number; conflicts: { case_id: string }[] } }).conflicts;
  };
  expect((await conflicts()).total).toBe(0);
  // The newest stored version once more with another content, at the next place of its partition.
  await pipeline.command(
    `INSERT INTO police_cases SELECT * REPLACE (digest + 1 AS digest, kafka_offset + 1 AS kafka_offset)
    FROM police_cases ORDER BY kafka_offset DESC LIMIT 1`,
  );
  expect(await conflicts()).toMatchObject({ total: 1 });
  expect(await gauge('pingan_version_conflicts')).toBe(1);
});

test('superseded runs go after their time; the current one, the last ten and kept ones stay', async () => {
  const { command, sql, store } = pipeline;
  const days = 30;
  const runTables = ['run_units', 'run_dimensions', 'run_indicators', 'run_deductions', 'run_priors', 'run_stories'];
  // Thirty runs of one month, one an hour, superseded 40 days ago; then three of another month, one a week; one never current.
  const insert = async (id: string, period: string, ageDays: number, current = true): Promise<void> => {
    const at = `now64(6) - toIntervalSecond(${Math.round(ageDays * 86_400)})`;
    await command(`INSERT INTO runs (run_id, county, period, created_at) SELECT '${id}', '610998', '${period}', ${at}`);
    for (const table of runTables)
      await command(`INSERT INTO ${table} (run_id, region_code) SELECT '${id}', 'a'`).catch(() =>
        command(`INSERT INTO ${table} (run_id) SELECT '${id}'`),
      );
    if (current) await command(`INSERT INTO run_current SELECT '610998', '${period}', '${id}', ${at}`);
  };
  for (let i = 0; i < 30; i += 1) await insert(`old-${String(i).padStart(2, '0')}`, '2026-01-01', 42 - i / 24);
  for (let i = 0; i < 3; i += 1) await insert(`few-${i}`, '2026-02-01', 90 - 7 * i);
  await insert('never-old', '2026-02-01', 31, false);
  await insert('never-new', '2026-02-01', 1, false);
  await store.runs.keep('old-03', '已公布');

  const expected = Array.from({ length: 19 }, (_, i) => `old-${String(i).padStart(2, '0')}`).filter(
    (id) => id !== 'old-03',
  );
  expect(await store.runs.prunable(days)).toEqual(['never-old', ...expected].sort());
  // The scorer does it by itself, and only once a night.
  await command('TRUNCATE TABLE run_prunes');
  await until('they are pruned', async () => (await sql('SELECT * FROM run_prunes')).length > 0);
  expect(await sql('SELECT runs FROM run_prunes')).toEqual([{ runs: expected.length + 1 }]);
  const kept = [
    'few-0',
    'few-1',
    'few-2',
    'never-new',
    'old-03',
    ...Array.from({ length: 11 }, (_, i) => `old-${19 + i}`),
  ];
  for (const table of ['runs', ...runTables]) {
    const where = "run_id LIKE 'old-%' OR run_id LIKE 'few-%' OR run_id LIKE 'never-%'";
    const left = await sql<{ id: string }>(`SELECT DISTINCT run_id AS id FROM ${table} WHERE ${where} ORDER BY id`);
    expect(
      left.map(({ id }) => id),
      table,
    ).toEqual(kept);
  }
  expect((await store.runs.currentAll('610998')).map(({ run_id }) => run_id)).toEqual(['old-29', 'few-2']);
});

test('a dead letter waits for somebody until a person answers for it, and can still be replayed', async () => {
  const demo = { ...builtinCounty('410821')!, startMonth: FIRST_MONTH, demo: { seed: 1 } };
  await pipeline.store.counties.save(demo);
  const look = async () => {
    const { stdout } = await pipeline.cli('status', '--format', 'json');
    const { dead_letters, concerns } = JSON.parse(stdout) as Concerns & { dead_letters: LetterCount[] };
    return {
      letters: dead_letters.find(({ reason }) => reason === 'not_json') ?? { count: 0, demo: 0 },
      told: concerns.filter(({ code }) => code === 'dead_letters').map(({ text }) => text),
    };
  };
  const before = await look();
  const topic = topicOf('police');
  await pipeline.kafka.send([county, demo].map(({ code }) => ({ topic, key: `${code}/s/1`, value: '{' })));
  await pipeline.kafka.caughtUp();
  const { letters, told } = await look();
  expect([letters.count - before.letters.count, letters.demo - before.letters.demo]).toEqual([2, 1]);
  expect(told[0]).toContain(`不是有效的 JSON ${letters.count - letters.demo}`);

  const acknowledge = ['dead-letter', 'acknowledge', '--reason', 'not_json'];
  expect((await pipeline.cli(...acknowledge)).stderr).toContain('--note 不能为空');
  expect((await pipeline.cli('dead-letter', 'acknowledge', 'nobody', '--note', '试')).stderr).toContain(
    '没有死信 nobody',
  );
  const done = await pipeline.ok(...acknowledge, '--note', '来源测试', '--by', '值班员');
  expect(done).toContain(`已确认 ${letters.count} 条死信（值班员：来源测试）`);
  const after = await look();
  expect(after.letters.count).toBe(0);
  expect(after.told.join()).not.toContain('JSON');
  const [letter] = (await pipeline.store.deadLetters.list(100)).filter(({ reason }) => reason === 'not_json');
  expect(await pipeline.ok('dead-letter', 'show', letter!.id)).toMatch(/处理 {2}值班员 已确认（来源测试，\d{4}-/);
  expect(await pipeline.ok('dead-letter', 'replay', '--reason', 'not_json', '--dry-run')).toContain(letter!.id);
});

test.each([
  {
    what: 'full',
    refuse: () => pipeline.redis.config('SET', 'maxmemory', '1mb'),
    accept: () => pipeline.redis.config('SET', 'maxmemory', '0'),
    why: '内存已满（OOM',
  },
  {
    what: 'a replica',
    refuse: () => pipeline.redis.replicaof('127.0.0.1', 1),
    accept: () => pipeline.redis.replicaof('NO', 'ONE'),
    why: '它是只读副本（READONLY',
  },
])(
  'a Redis that takes no writes is said to be one, and nobody is said to be missing: $what',
  async ({ refuse, accept, why }) => {
    await refuse();
    try {
      // Signs of life end.
      await until('no service is heard of', async () => (await pipeline.redis.keys('pingan:service:*')).length === 0);
      const { status, stdout } = await pipeline.cli('status');
      expect(status).toBe(1);
      expect(stdout).toMatch(/redis +不接受写入/);
      expect(stdout).toMatch(/有 \d+ 个问题：\n[\s\S]*Redis 不接受写入/);
      expect(stdout).toContain(`严重：Redis 不接受写入：${why}`);
      expect(stdout).toMatch(/是否运行无法得知（.*）：.*aggregator/);
      expect(stdout).not.toContain('没有运行');
    } finally {
      await accept();
    }
    await until('all are heard of again', async () => (await pipeline.redis.keys('pingan:service:*')).length >= 3);
    const { stdout } = await pipeline.cli('status');
    expect(stdout).toMatch(/redis +正常/);
  },
);

test('a frozen engine is killed and started again, one that answers is left alone', async () => {
  const said: string[] = [];
  const engines = await startEngines({
    home: mkdtempSync(join(laneEngines().home, 'frozen-')),
    env: { ...process.env, ...laneEngines().endpoints, REDIS_URL: '' },
    onExit: ({ engine }) => void engines.startEngine(engine),
  });
  const watch = new EngineWatch({ engines, say: (text) => said.push(text), frozenMs: 3_000 });
  try {
    expect(engines.started).toEqual(['redis']);
    const before = engines.pids.redis!;
    const redis = new Redis(engines.endpoints.redisUrl);
    redis.on('error', () => undefined);
    await redis.set('kept', '1');
    // Twice as long as it takes to be found frozen.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect([engines.pids.redis, said]).toEqual([before, []]);
    process.kill(before, 'SIGSTOP');
    await until('another one runs', () => engines.pids.redis !== undefined && engines.pids.redis !== before);
    expect(said).toEqual([expect.stringMatching(/^redis 已有 \d+ 秒没有应答，进程停住，强制结束并重启$/)]);
    await until('it has what was written', async () => (await redis.get('kept')) === '1');
    redis.disconnect();
  } finally {
    watch.stop();
    await engines.stop();
  }
});
