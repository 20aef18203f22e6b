import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, countyFrom, monthsAgo, openAccount } from '../harness/account.js';
import { FULL } from '../harness/full.js';
import { moments } from '../harness/moments.js';
import { until } from '../harness/poll.js';
import { type FaultyPipeline, openFaultyPipeline } from '../harness/proxies.js';

/*
 * Promise: an engine whose clock is set back stalls nothing beyond what it would take in real time, and what is written after
 * that counts over what was written before.
 */

const JUMP_MS = 7_200_000;
const FIRST_MONTH = monthsAgo(6);
const county = countyFrom(FIRST_MONTH);
let pipeline: FaultyPipeline;
let account: Account;

beforeAll(async () => {
  pipeline = await openFaultyPipeline({ env: { WINDOW_MESSAGES: '200' } });
  await pipeline.store.counties.save(county);
  account = openAccount(pipeline, county, { from: FIRST_MONTH });
});
afterEach(() => pipeline?.releaseAll());
afterAll(() => pipeline?.close());

/**
 * What becomes of every key when Redis' clock is set: the moment at which it ends stays, so it lives longer where the clock
 * is set back, and ends at once where it is set ahead.
 */
async function setRedisClock(byMs: number): Promise<Map<string, number>> {
  const { redis } = pipeline;
  const lives = new Map<string, number>();
  for (const key of await redis.keys('pingan:*')) {
    const left = await redis.pttl(key);
    if (left < 0) continue;
    await redis.pexpire(key, left - byMs);
    lives.set(key, left - byMs);
  }
  return lives;
}

test("Redis' clock is set back two hours while an aggregator dies with a window in hand and a command with a hold", async () => {
  const { aggregator } = pipeline.services;
  const held = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(100));
  await held.hit();
  await aggregator.kill9();
  await pipeline.redis.set('pingan:hold:intake', '1', 'PX', 15_000);
  // A search for stalled jobs that took place just before the jump.
  await pipeline.redis.set('pingan:store:stalled-check', '1', 'PX', 10_000);
  const lives = await setRedisClock(-JUMP_MS);
  expect([...lives.keys()].filter((key) => /^pingan:store:.*:lock$/.test(key)).length).toBeGreaterThan(0);
  expect(lives.get('pingan:store:stalled-check')).toBeGreaterThan(JUMP_MS);
  pipeline.releaseAll();
  await aggregator.start();
  await account.send(account.fresh(100));
  await account.expectExact();
  expect(await pipeline.redis.exists('pingan:hold:intake')).toBe(0);
  expect(aggregator.log()).toContain('Redis 时钟曾被调回');
});

test("Redis' clock is set two hours ahead while a window is being stored: its lock and every sign of life are gone", async () => {
  const held = moments.beforeInsert(pipeline.at.aggregator);
  await account.send(account.fresh(100));
  await held.hit();
  const lives = await setRedisClock(JUMP_MS);
  expect([...lives.keys()].filter((key) => /^pingan:store:.*:lock$/.test(key)).length).toBeGreaterThan(0);
  expect([...lives].filter(([key, left]) => !key.startsWith('pingan:window:') && left > 0)).toEqual([]);
  pipeline.releaseAll();
  await account.send(account.fresh(100));
  await account.expectExact();
});

test('a service that is gone is not taken for alive when its sign of life has two hours left', {
  tags: [FULL],
}, async () => {
  const beat = { service: 'producer-police', instance: 'gone-1', pid: 1, started_at: '', rss: 0, details: {} };
  const value = JSON.stringify({ ...beat, health: 'http://127.0.0.1:1' });
  await pipeline.redis.set('pingan:service:producer-police:gone-1', value, 'PX', JUMP_MS);
  const alive = async () => {
    const { stdout } = await pipeline.cli('status', '--format', 'json');
    const { services } = JSON.parse(stdout) as { services: { service: string }[] };
    return services.map(({ service }) => service);
  };
  expect(await alive()).toContain('producer-police');
  await until('the sign of life ends', async () => !(await alive()).includes('producer-police'), { everyMs: 1_000 });
});

test("ClickHouse's clock is set back: a registration, a scheme, a run and a reconciliation after that count", async () => {
  const { command, sql, store } = pipeline;
  const code = '610999';
  const later = 'now64(6) + INTERVAL 2 HOUR';
  const registered = { ...county, code, name: '旧名' };
  await command(
    `INSERT INTO counties (code, document, updated_at) SELECT '${code}', '${JSON.stringify(registered)}', ${later}`,
  );
  await store.counties.save({ ...registered, name: '新名' });
  expect((await store.counties.get(code))?.name).toBe('新名');

  await command(`INSERT INTO schemes (county, from_month, hash, document, activated_at)
    SELECT '${code}', '2026-01-01', 'before', '{}', ${later}`);
  await store.schemes.activate(code, { fromMonth: '2026-01', hash: 'after', document: '{}' });
  const own = (await store.schemes.list(code)).filter(({ fromMonth }) => fromMonth === '2026-01');
  expect(own.map(({ hash }) => hash)).toEqual(['before', 'after']);

  await command(`INSERT INTO run_current SELECT '${code}', '2026-01-01', 'before', ${later}`);
  const head = { run_id: 'after', county: code, period: '2026-01', scheme_hash: '', scheme_name: '' };
  await store.runs.activate([{ ...head, region_version: '', input_digest: '', watermark: '' }]);
  const current = `SELECT argMax(run_id, activated_at) AS run_id FROM run_current WHERE county = '${code}'`;
  expect(await sql(current)).toEqual([{ run_id: 'after' }]);

  await command(
    `INSERT INTO reconciles (county, log_end, messages, differences, finished_at) SELECT '', '{}', 1, 7, ${later}`,
  );
  await store.reconciles.record({ county: '', watermark: {}, messages: 1, differences: 0 });
  expect(await store.reconciles.states()).toEqual([{ county: '', differences: 0 }]);
});
