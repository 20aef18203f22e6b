import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { monthsAgo } from './harness/account.js';
import type { RawMessage } from './harness/kafka.js';
import { openPipeline, type Pipeline, startEngine, stopEngine } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';

const county = builtinCounty('610222')!;
/** The last complete one: the scorer has no other to compute. */
const period = monthsAgo(1);
let pipeline: Pipeline;
let sent = 0;

beforeAll(async () => {
  // A group whose broker was away comes together again only after its sessions have ended.
  pipeline = await openPipeline({ env: { KAFKA_SESSION_MS: '6000' } });
  await pipeline.store.counties.save(county);
});
afterAll(() => pipeline?.close());

const fires = (count: number): RawMessage[] =>
  Array.from({ length: count }, () => {
    sent += 1;
    return messageOf({
      schema: 'police.incident/1',
      county: county.code,
      source: 'outage',
      case_id: `O-${sent}`,
      version: 1,
      op: 'upsert',
      region_code: '610222101',
      occurred_at: `${period}-10T08:00:00+08:00`,
      recorded_at: `${period}-10T09:00:00+08:00`,
      body: { category: 'fire' },
    });
  });

/** Number of fires the components know. */
async function counted(): Promise<number> {
  const components = await pipeline.store.components.read(county.code);
  return components.find(({ indicator }) => indicator === 'P12')?.numerator ?? 0;
}

/** What an operator would look for: a warning of the service with one of these texts. */
const warned = (text: string, marks: readonly string[]) =>
  text.split('\n').some((line) => /"level":(40|50)/.test(line) && marks.some((mark) => line.includes(mark)));

interface Outage {
  engine: 'clickhouse' | 'redis' | 'kafka';
  name: string;
  /** The service that must say that it waits. */
  speaks: 'ingestor' | 'aggregator';
  /** Whether events can still be sent meanwhile. */
  accepts: boolean;
  command: string[];
}

const variables = { clickhouse: 'CLICKHOUSE_URL', redis: 'REDIS_URL', kafka: 'KAFKA_BROKERS' };
const addresses = {
  clickhouse: () => pipeline.env.CLICKHOUSE_URL!,
  redis: () => pipeline.env.REDIS_URL!,
  kafka: () => `kafka://${pipeline.env.KAFKA_BROKERS}`,
};

const month = ['--county', county.code, '--month', period];
const outages: Outage[] = [
  { engine: 'clickhouse', name: 'ClickHouse', speaks: 'aggregator', accepts: true, command: ['rank', ...month] },
  { engine: 'redis', name: 'Redis', speaks: 'ingestor', accepts: true, command: ['score', ...month] },
  { engine: 'kafka', name: 'Kafka', speaks: 'ingestor', accepts: false, command: ['score', ...month] },
];

test.each(outages)(
  '$engine down: $speaks waits and says so, the CLI says which and what to look at, and all goes on by itself',
  async ({ engine, name, speaks, accepts, command }) => {
    const service = pipeline.services[speaks];
    const starts = service.log().split('"msg":"启动"').length;
    const position = service.mark();
    await stopEngine(engine);
    if (accepts) await pipeline.kafka.send(fires(300));

    const [result, status] = await Promise.all([pipeline.cli(...command), pipeline.cli('status')]);
    expect(result).toMatchObject({ status: 3, stdout: '' });
    expect(result.stderr).toContain(name);
    expect(result.stderr).toContain(`请检查 ${variables[engine]} 所指的 ${name}`);
    expect(status.status).toBe(3);
    expect(status.stdout).toContain(`引擎 ${engine} 不可用`);
    expect(status.stderr).toContain(variables[engine]);
    if (engine === 'redis') expect(status.stdout).toContain('服务\n未知：Redis 不可用');
    const address = new URL(addresses[engine]()).host;
    const said = await until('the service warns', () => warned(service.since(position), [name, address])).catch(
      () => false,
    );
    await startEngine(engine);
    expect.soft(said, `${speaks} says that ${name} is away`).toBe(true);

    await pipeline.kafka.send(fires(200));
    await pipeline.kafka.caughtUp();
    // Signs of life are given every three seconds: just after an outage the CLI may still miss one.
    await until('a month can be scored again', async () => (await pipeline.cli('score', ...month)).status === 0);
    expect(await counted()).toBe(sent);
    // It went on by itself: the same process, never started again.
    expect(service.log().split('"msg":"启动"').length).toBe(starts);
  },
);

test('services started while every engine is away wait for them and then do their work', async () => {
  const services = Object.values(pipeline.services);
  await Promise.all(services.map((service) => service.stop()));
  const positions = services.map((service) => service.mark());
  await Promise.all((['kafka', 'redis', 'clickhouse'] as const).map(stopEngine));
  for (const service of services) service.launch();
  try {
    for (const [i, service] of services.entries()) {
      await until(`${service.name} waits`, () => warned(service.since(positions[i]!), ['不可用，等待恢复']));
    }
  } finally {
    await Promise.all((['kafka', 'redis', 'clickhouse'] as const).map(startEngine));
  }
  for (const [i, service] of services.entries()) {
    await until(`${service.name} is ready`, () => service.since(positions[i]!).includes('"msg":"就绪"'));
  }
  await pipeline.kafka.send(fires(100));
  await pipeline.kafka.caughtUp();
  await until('a month can be scored again', async () => (await pipeline.cli('score', ...month)).status === 0);
  expect(await counted()).toBe(sent);
});
