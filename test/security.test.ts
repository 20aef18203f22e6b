import { mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from './harness/cli.js';
import { allTextBelow, writeFiles } from './harness/files.js';
import { FULL } from './harness/full.js';
import { laneEngines } from './harness/lane.js';
import { startEngine } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { secrets, startSecureEngines } from './harness/secure-engines.js';
import { createService, type ServiceName } from './harness/service.js';

const names: readonly ServiceName[] = ['ingestor', 'aggregator', 'scorer'];

const mapping = `schema: police.incident/1
source: secure
delivered_at: "2025-03-01"
case_id: { column: 编号 }
region: { column: 辖区 }
occurred_at: { column: 发生时间 }
body:
  category: { column: 类别, values: { 刑事: criminal } }
`;

let engines: Awaited<ReturnType<typeof startSecureEngines>>;
let services: ReturnType<typeof createService>[] = [];
let home: string;
let env: Record<string, string | undefined>;
/** What changes when the same secrets stand in files. */
let inFiles: Record<string, string | undefined>;
let output = '';

async function run(args: readonly string[], changes: Record<string, string | undefined> = {}) {
  const result = await runCli(args, { ...env, ...changes });
  output += result.stdout + result.stderr;
  return result;
}

beforeAll(async () => {
  await startEngine('clickhouse');
  home = mkdtempSync(join(laneEngines().home, 'secure-'));
  engines = await startSecureEngines(join(home, '..', 'secure-engines'), laneEngines().endpoints.CLICKHOUSE_URL!);
  env = { ...process.env, ...engines.env, PINGAN_HOME: home, CLICKHOUSE_DATABASE: `secure_${Date.now()}` };
  const secretFiles = writeFiles(mkdtempSync(join(home, '..', 'secrets-')), {
    KAFKA_PASSWORD: `${env.KAFKA_PASSWORD}\n`,
    CLICKHOUSE_PASSWORD: `${env.CLICKHOUSE_PASSWORD}\n`,
    REDIS_URL: `${env.REDIS_URL}\n`,
  });
  inFiles = Object.fromEntries(
    Object.entries(secretFiles).flatMap(([name, file]) => [
      [name, undefined],
      [`${name}_FILE`, file],
    ]),
  );
  // The services wait for engines that are not up yet; the first of them makes the topics.
  mkdirSync(join(home, 'logs'));
  services = names.map((name) =>
    createService(name, { env: () => ({ ...env, ...inFiles }), logFile: join(home, 'logs', `${name}.log`) }),
  );
  for (const service of services) await service.start();
}, 240_000);
afterAll(async () => {
  await Promise.allSettled(services.map((service) => service.stop()));
  await engines?.stop();
});

test('a ledger goes all the way through TLS and logins, by SCRAM and by PLAIN, with secrets in files and not', async () => {
  const files = writeFiles(mkdtempSync(join(home, 'input-')), {
    'regions.csv': 'code,name,population_2021\nT1,甲镇,12000\n',
    'mapping.yaml': mapping,
    'a.csv': '编号,辖区,发生时间,类别\nA1,甲镇,2025-02-03 08:00:00,刑事\n',
    'b.csv': '编号,辖区,发生时间,类别\nB1,甲镇,2025-02-04 08:00:00,刑事\n',
  });
  const add = ['county', 'add', '--code', 'SEC', '--name', '安全县', '--regions', files['regions.csv']];
  expect(await run(add)).toMatchObject({ status: 0 });
  const load = ['import', '--county', 'SEC', '--mapping', files['mapping.yaml']];
  expect(await run([...load, files['a.csv']])).toMatchObject({ status: 0 });
  expect(await run([...load, files['b.csv']], { KAFKA_SASL_MECHANISM: 'plain' })).toMatchObject({ status: 0 });
  const month = ['--county', 'SEC', '--month', '2025-02'];
  expect(await run(['score', ...month])).toMatchObject({ status: 0 });
  expect((await run(['rank', ...month])).stdout).toContain('甲镇');
  expect(await run(['reconcile'])).toMatchObject({ status: 0, stdout: expect.stringContaining('2 条消息') });
  // There are no producers here.
  const missing = { status: 3, stdout: expect.not.stringContaining('引擎 ') };
  expect(await run(['status'])).toMatchObject(missing);
  expect(await run(['status'], inFiles)).toMatchObject(missing);
});

type Refused = [what: string, changes: Record<string, string | undefined>, engine: string];
const wrongPasswords: Refused[] = [
  ['a wrong password of Kafka', { KAFKA_PASSWORD: 'wrong-0001' }, 'Kafka'],
  ['a wrong password of ClickHouse', { CLICKHOUSE_PASSWORD: 'wrong-0002' }, 'ClickHouse'],
];
const wrongTls: Refused[] = [
  ['no TLS towards Kafka', { KAFKA_TLS: 'false' }, 'Kafka'],
  ['an authority nobody knows', { NODE_EXTRA_CA_CERTS: undefined }, 'Kafka'],
];

const isRefused = async (...[, changes, engine]: Refused) => {
  const { status, stdout, stderr } = await run(['reconcile'], changes);
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toContain(engine);
};
test.each(wrongPasswords)('%s is reported as an engine that cannot be reached, status 3', isRefused);
test.each(wrongTls)('%s is reported as an engine that cannot be reached, status 3', { tags: [FULL] }, isRefused);

test('half a login and an address that is none are named, and their values are not printed', async () => {
  const half = await run(['status'], { KAFKA_USERNAME: '' });
  expect(half).toMatchObject({ status: 2, stderr: expect.stringContaining('KAFKA_USERNAME') });
  const wrong = { ...env, REDIS_URL: `redis://user:${secrets.redis}@a b:x` };
  const logFile = join(home, 'logs', 'wrong.log');
  const service = createService('scorer', { env: () => wrong, logFile });
  service.launch();
  await until('the service refuses', () => service.log().includes('REDIS_URL'));
  await service.stop();
});

test('no secret was printed, logged or left where others may read it', async () => {
  const status = await run(['status', '--format', 'json']);
  expect(status.stderr).toMatch(/^有 \d+ 个问题：.*服务 producer-police 没有运行/);
  const logs = allTextBelow(join(home, 'logs'));
  expect(logs).toContain('rediss://***@localhost');
  for (const secret of [...Object.values(secrets), 'wrong-0001', 'wrong-0002', 'Pa55']) {
    expect(output + logs).not.toContain(secret);
  }
  const endpoints = join(laneEngines().home, 'endpoints.json');
  expect(statSync(endpoints).mode & 0o077).toBe(0);
});
