import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addMonths, monthRange, streams, topicOf } from '@pingan/contracts';
import { parseScheme, schemeHash } from '@pingan/indicators';
import { builtinCounty, lastCompleteMonth } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FULL } from './harness/full.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { shuffled } from './harness/random.js';
import { settled } from './harness/settled.js';
import { edgeCases, messageOf } from './harness/synthetic.js';

const county = builtinCounty('610222')!;
const last = lastCompleteMonth(Date.now(), county.timeZone);
const now = addMonths(last, 1);
const from = addMonths(last, -3);
const months = monthRange(from, last);
const regions = county.regions.regions.filter(({ ranked }) => ranked).map(({ code }) => code);

/** One scheme from the beginning, another from a month that is over: nobody could activate it again. */
const schemes = [
  { fromMonth: '1970-01', weight: 3 },
  { fromMonth: addMonths(last, -1), weight: 1 },
].map(({ fromMonth, weight }) => {
  const text = `name: 试行 ${weight}
dimensions:
  - id: police
    weight: ${weight}
    indicators: [{ code: P01, weight: 1 }, { code: P09, weight: 1 }]
  - id: mediation
    weight: 1
    indicators: [{ code: S01, weight: 1 }]
  - id: petition
    weight: 1
    indicators: [{ code: X01, weight: 1 }]
`;
  const scheme = parseScheme(text, { file: '' });
  return { fromMonth, hash: schemeHash(scheme), document: JSON.stringify(scheme) };
});

const incident = (caseId: string, month: string, i: number): RawMessage =>
  messageOf({
    schema: 'police.incident/1',
    county: county.code,
    source: 'live',
    case_id: caseId,
    version: 1,
    op: 'upsert',
    region_code: regions[i % regions.length],
    occurred_at: `${month}-01T0${i % 8}:00:00+08:00`,
    recorded_at: `${month}-01T09:00:00+08:00`,
    body: { category: 'fire' },
  });

let pipeline: Pipeline;
let folder: string;
/** Every message that was sent. */
const sent: RawMessage[] = [];
/** Those of them that were sent while the backup was made. */
const live: RawMessage[] = [];
let backup: string;
let atBackup: string;

const send = async (messages: readonly RawMessage[]) => {
  sent.push(...messages);
  await pipeline.kafka.send(messages);
};

/** What people see of the months that are scored, as texts. */
async function shown(): Promise<string> {
  const parts: string[] = [];
  const scope = ['--county', county.code, '--format', 'json'];
  for (const month of months) {
    parts.push(await pipeline.ok('rank', '--month', month, ...scope));
    parts.push(await pipeline.ok('explain', '--month', month, '--region', regions[0]!, ...scope));
  }
  return parts.join('\n');
}

/** Rows by plain SQL: of every stream, what tells them apart, and of what is not in the log at all. */
async function rows(): Promise<unknown> {
  const parts = streams.map(
    (stream) => `SELECT '${stream}' AS name, count() AS n,
      sum(cityHash64(county, source, case_id, version, digest, kafka_partition, kafka_offset, occurred_at)) AS digest
    FROM ${stream}_cases FINAL WHERE source = 'edge'`,
  );
  const kept = [
    'counties',
    'schemes',
    'reconciles',
    'runs',
    'run_current',
    'run_units',
    'run_indicators',
    'run_priors',
  ];
  return pipeline.sql(
    `SELECT * FROM (${parts.join(' UNION ALL ')} UNION ALL ${kept
      .map((table) => `SELECT '${table}', count(), sum(cityHash64(*)) FROM ${table}`)
      .join(' UNION ALL ')}) ORDER BY name`,
  );
}

const numberOf = async (query: string): Promise<number> => (await pipeline.sql<{ n: number }>(query))[0]!.n;
const fires = () => numberOf("SELECT count() AS n FROM police_cases FINAL WHERE source = 'live'");
const counted = () =>
  numberOf(`SELECT toUInt32(sum(numerator)) AS n FROM components FINAL
    WHERE county = '${county.code}' AND indicator = 'cases:police.incident' AND month >= '${last}-01'`);

async function loseStore(): Promise<void> {
  await Promise.all(Object.values(pipeline.services).map((service) => service.stop()));
  await pipeline.command(`DROP DATABASE ${pipeline.env.CLICKHOUSE_DATABASE}`, 'system');
}

async function startAgain(): Promise<void> {
  await pipeline.store.migrate();
  await pipeline.services.ingestor.start();
  await Promise.all([pipeline.services.aggregator.start(), pipeline.services.scorer.start()]);
}

beforeAll(async () => {
  pipeline = await openPipeline({ env: { WINDOW_MESSAGES: '500' } });
  folder = mkdtempSync(join(pipeline.home, 'backups-'));
  await pipeline.store.counties.save(county);
  for (const scheme of schemes) await pipeline.store.schemes.activate(county.code, scheme);
  const cases = edgeCases({ county, from, months: 4, count: 600, seed: 21 });
  await send([
    ...shuffled(cases, 3),
    ...cases.slice(0, 100),
    { topic: topicOf('police'), key: 'x', value: '{"schema": ' },
  ]);
  await settled(pipeline, county);
  await pipeline.ok('reconcile');
});
afterAll(() => pipeline?.close());

test('a backup is made while events arrive, and says what is in it', async () => {
  atBackup = await shown();
  // As pruning does: the rows are gone, their places in the part are not.
  await pipeline.command("INSERT INTO run_units SELECT * REPLACE ('pruned' AS run_id) FROM run_units LIMIT 5");
  await pipeline.command("DELETE FROM run_units WHERE run_id = 'pruned'");
  let isDone = false;
  const sending = (async () => {
    while (!isDone || live.length < 100) {
      const batch = Array.from({ length: 20 }, (_, i) => incident(`L-${live.length + i}`, now, live.length + i));
      live.push(...batch);
      await send(batch);
    }
  })();
  const { status, stdout, stderr } = await pipeline.cli('backup', '--to', folder);
  isDone = true;
  await sending;
  if (status !== 0) throw new Error(stderr);
  const [name, ...others] = readdirSync(folder);
  expect([name, others]).toEqual([expect.stringMatching(/^pingan-backup-\d{8}-\d{6}$/), []]);
  backup = join(folder, name!);
  expect(stdout).toContain(`pingan restore --from ${backup}`);
  expect(statSync(backup).mode & 0o777).toBe(0o700);
  expect(statSync(join(backup, 'tables', 'police_cases.native.gz')).mode & 0o777).toBe(0o600);
  expect((await pipeline.cli('backup', 'verify', '--from', backup)).stdout).toContain('校验和全部相符');
  expect(await pipeline.sql("SELECT name FROM system.tables WHERE name LIKE 'backup_frozen%'")).toEqual([]);
});

test('nothing is restored over data, from a damaged backup, or from one that was cut off', async () => {
  await settled(pipeline, county);
  const before = [await rows(), await fires()];
  const refused = await pipeline.cli('restore', '--from', backup);
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(`610222 ${county.name}`) });

  const damaged = join(mkdtempSync(join(pipeline.home, 'damaged-')), 'pingan-backup-20260101-000000');
  cpSync(backup, damaged, { recursive: true });
  const file = join(damaged, 'tables', 'petition_cases.native.gz');
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(file, bytes);
  for (const command of [['restore'], ['backup', 'verify']]) {
    const answer = await pipeline.cli(...command, '--from', damaged);
    expect(answer).toMatchObject({ status: 1, stderr: expect.stringContaining(`${file}：SHA-256 不符`) });
  }
  cpSync(join(backup, 'tables'), join(folder, 'pingan-backup-20260101-000000', 'tables'), { recursive: true });
  const cut = await pipeline.cli('restore', '--from', join(folder, 'pingan-backup-20260101-000000'));
  expect(cut).toMatchObject({ status: 2, stderr: expect.stringContaining('不完整') });
  expect((await pipeline.cli('restore', '--from', folder)).stderr).toContain(backup.split('/').at(-1));
  expect([await rows(), await fires()]).toEqual(before);
});

// It needs the backup of the first test, and what arrived meanwhile.
test('a store that was emptied under its log is noticed, and one command brings everything back', {
  tags: [FULL],
}, async () => {
  const full = [await shown(), await rows(), await fires()];
  await loseStore();
  await startAgain();
  const found = await pipeline.cli('status');
  expect(found.status).not.toBe(0);
  expect(found.stdout).toContain(`有 ${sent.length} 条消息已确认入库`);
  expect(found.stdout).toContain('pingan restore --from');

  // The first attempt dies in the middle.
  const cli = fileURLToPath(new URL('../services/cli/dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [cli, 'restore', '--from', backup], {
    env: pipeline.env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise((resolve) => child.on('close', resolve));
  child.stderr.on('data', (text: Buffer) => text.includes('已恢复 components') && child.kill('SIGKILL'));
  await gone;
  expect(child.signalCode).toBe('SIGKILL');
  expect((await pipeline.cli('status')).stdout).toContain('恢复没有完成');
  expect((await pipeline.cli('backup', '--to', folder)).stderr).toContain('恢复没有完成');

  const restored = await until('the dead attempt holds nothing any more', async () => {
    const answer = await pipeline.cli('restore', '--from', backup);
    return answer.stderr.includes('15 秒后再试') ? undefined : answer;
  });
  if (restored.status !== 0) throw new Error(restored.stderr);
  expect(restored.stdout).toContain('日志是备份时的那一个');
  expect(await shown()).toBe(atBackup);
  await settled(pipeline, county);
  expect([await shown(), await rows(), await fires()]).toEqual(full);
  expect((await pipeline.cli('reconcile')).status).toBe(0);
  expect((await pipeline.cli('status')).stdout).not.toMatch(/条消息已确认入库|恢复没有完成/);
  await thousandMore('A');

  // Emptied behind the back of services that go on: what is gone is told as well.
  await pipeline.command('TRUNCATE TABLE petition_cases');
  const lost = sent.filter(({ topic }) => topic === topicOf('petition')).length;
  const told = await pipeline.cli('status');
  expect(told).toMatchObject({
    status: 1,
    stdout: expect.stringContaining(`有 ${lost.toLocaleString('en-US')} 条已确认入库的消息不在库里`),
  });
});

async function thousandMore(name: string): Promise<void> {
  const [stored, sum] = [await fires(), await counted()];
  await send(Array.from({ length: 1_000 }, (_, i) => incident(`${name}-${i}`, last, i)));
  await pipeline.kafka.caughtUp();
  await until('the components count them', async () => (await counted()) >= sum + 1_000);
  await settled(pipeline, county);
  expect([(await fires()) - stored, (await counted()) - sum]).toEqual([1_000, 1_000]);
}

// It needs the backup of the first test as well.
test('after everything was lost an empty installation becomes the one of the backup and goes on', async () => {
  await loseStore();
  await pipeline.redis.flushall();
  await pipeline.kafka.reset();
  await startAgain();
  // What every first start makes: a county of made-up data, which is thrown away.
  await pipeline.store.counties.save({ ...builtinCounty('610222')!, code: 'DEMO', name: '示例', demo: { seed: 1 } });
  const restored = await pipeline.cli('restore', '--from', backup);
  if (restored.status !== 0) throw new Error(restored.stderr);
  expect(restored.stderr).toContain('示例县 DEMO 示例 的数据是编造的');
  expect(restored.stdout).toContain('日志不是备份时的那一个');
  expect(await shown()).toBe(atBackup);
  expect((await pipeline.store.counties.list()).map(({ code }) => code)).toEqual([county.code, 'DEMO']);
  await pipeline.kafka.send(live);
  await settled(pipeline, county);
  expect(await fires()).toBe(live.length);
  expect(await shown()).toBe(atBackup);
  await thousandMore('B');
});
