import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ingestorGroup, topicOf } from '@pingan/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countyFrom, monthsAgo } from './harness/account.js';
import { loginToKafka, type RawMessage } from './harness/kafka.js';
import { laneEngines } from './harness/lane.js';
import { metricsOf, sumOf } from './harness/metrics.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';

// Its scores are not what is tried here: a month of them is enough.
const county = countyFrom(monthsAgo(1));
const region = county.regions.regions.find(({ ranked }) => ranked)!.code;
const police = topicOf('police');
const mediation = topicOf('mediation');

let pipeline: Pipeline;
/** kafkajs as others use it: no codec, no patch of ours in what it sends. */
let kafka: Kafka;

const incidents = (source: string, count: number, from = 0): RawMessage[] =>
  Array.from({ length: count }, (_, i) =>
    messageOf({
      schema: 'police.incident/1',
      county: county.code,
      source,
      case_id: `${source}-${from + i}`,
      version: 1,
      op: 'upsert',
      region_code: region,
      occurred_at: '2025-03-10T08:00:00+08:00',
      recorded_at: '2025-03-10T09:00:00+08:00',
      body: { category: 'fire' },
    }),
  );

const plain = (messages: readonly RawMessage[]) => messages.map(({ key, value }) => ({ key, value }));

async function stored(source: string): Promise<number> {
  const [row] = await pipeline.sql<{ n: number }>(
    `SELECT uniqExact(case_id) AS n FROM police_cases WHERE source = '${source}'`,
  );
  return row!.n;
}

const allStored = (source: string, count: number) =>
  until(`${count} of ${source} are stored`, async () => (await stored(source)) === count);

const starts = () => pipeline.services.ingestor.log().split('"msg":"就绪"').length - 1;

async function ingestorUrl(): Promise<string> {
  const keys = await pipeline.redis.keys('pingan:service:ingestor:*');
  const beats = (await Promise.all(keys.map((key) => pipeline.redis.get(key)))).filter((beat) => beat !== null);
  const newest = beats.map((beat) => JSON.parse(beat) as { health: string; started_at: string });
  return newest.sort((a, b) => b.started_at.localeCompare(a.started_at))[0]!.health;
}

const readiness = async (): Promise<string> => (await fetch(`${await ingestorUrl()}/readyz`)).text();

interface Concern {
  code: string;
  level: string;
  text: string;
}

/** What `status` has to say about one thing: services tell of themselves every three seconds. */
async function concernOf(code: string): Promise<Concern | undefined> {
  const { stdout } = await pipeline.cli('status', '--format', 'json');
  return (JSON.parse(stdout) as { concerns: Concern[] }).concerns.find((concern) => concern.code === code);
}

const compressWith = (topic: string, type: string) =>
  pipeline.kafka.withAdmin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: topic, configEntries: [{ name: 'compression.type', value: type }] }],
    }),
  );

const restartIngestor = async (meanwhile: () => Promise<void>): Promise<void> => {
  await pipeline.services.ingestor.stop();
  await meanwhile();
  await pipeline.services.ingestor.start();
};

const partitionEnd = (partition: number): Promise<{ low: number; high: number }> =>
  pipeline.kafka.withAdmin(async (admin) => {
    const own = (await admin.fetchTopicOffsets(police)).find((entry) => entry.partition === partition)!;
    return { low: Number(own.low), high: Number(own.high) };
  });

const committedAt = (partition: number): Promise<number> =>
  pipeline.kafka.withAdmin(async (admin) => {
    const [entry] = await admin.fetchOffsets({ groupId: ingestorGroup, topics: [police] });
    return Number(entry!.partitions.find((own) => own.partition === partition)!.offset);
  });

beforeAll(async () => {
  pipeline = await openPipeline();
  await pipeline.store.counties.save(county);
  kafka = new Kafka({
    clientId: 'others',
    brokers: pipeline.env.KAFKA_BROKERS!.split(','),
    ...loginToKafka(pipeline.env),
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 8 },
  });
});
afterAll(() => pipeline?.close());

test('partitions that are added while services run are read within minutes', async () => {
  await pipeline.kafka.send(incidents('before', 40));
  await pipeline.kafka.withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic: police, count: 7 }] }));
  const at = Date.now();
  for (const partition of [4, 5, 6])
    await pipeline.kafka.send(incidents('grown', 10, partition * 10), { partition, together: 10 });
  await allStored('grown', 30);
  expect(await stored('before')).toBe(40);
  // kafkajs by itself looks every five minutes.
  expect(Date.now() - at).toBeLessThan(240_000);
  await pipeline.kafka.caughtUp();
});

test('batches are read in every compression that Kafka has', async () => {
  const begun = starts();
  for (const type of ['lz4', 'zstd', 'snappy', 'gzip']) {
    await compressWith(police, type);
    await pipeline.kafka.send(incidents(type, 300));
    await allStored(type, 300);
  }
  await compressWith(police, 'producer');
  await pipeline.kafka.caughtUp();
  expect(starts()).toBe(begun);
  expect((await pipeline.cli('reconcile')).stdout).toContain('一致');
});

test('events of committed transactions count, aborted ones never, and markers leave no lag', async () => {
  const begun = starts();
  const connect = async (id: string) => {
    const producer = kafka.producer({ transactionalId: id, idempotent: true, maxInFlightRequests: 1 });
    await producer.connect();
    return producer;
  };
  const producer = await connect('tests');
  const write = async (messages: RawMessage[], end: 'commit' | 'abort', partition?: number) => {
    const transaction = await producer.transaction();
    for (const { key, value } of messages)
      await transaction.send({
        topic: police,
        messages: [partition === undefined ? { key, value } : { key, value, partition }],
      });
    await transaction[end]();
  };
  // As a source that ends with an aborted transaction leaves it, and one with messages behind the markers.
  await write(incidents('good', 8), 'commit');
  await write(incidents('bad', 4), 'abort');
  await pipeline.kafka.caughtUp();
  await write(incidents('bad', 3, 10), 'abort', 1);
  await pipeline.kafka.caughtUp();
  await pipeline.kafka.send(incidents('behind', 5), { partition: 1 });
  await allStored('behind', 5);
  await producer.disconnect();

  // Two that are open at the same time, and what was written before, between and behind them.
  const [one, two] = await Promise.all([connect('one'), connect('two')]);
  const [first, second] = [await one.transaction(), await two.transaction()];
  const bad = plain(incidents('bad', 6, 20)).map((message) => ({ ...message, partition: 2 }));
  await pipeline.kafka.send(incidents('early', 5), { partition: 2 });
  await first.send({ topic: police, messages: bad.slice(0, 3) });
  await second.send({ topic: police, messages: bad.slice(3) });
  await pipeline.kafka.send(incidents('late', 5), { partition: 2 });
  await allStored('early', 5);
  expect(await stored('late')).toBe(0);
  await first.abort();
  await second.abort();
  await allStored('late', 5);
  await pipeline.kafka.caughtUp();
  await Promise.all([one.disconnect(), two.disconnect()]);

  expect(await stored('good')).toBe(8);
  expect(await stored('bad')).toBe(0);
  expect(starts()).toBe(begun);
  const reconciled = await pipeline.cli('reconcile');
  expect(reconciled.stdout).toContain('一致');
  expect(reconciled.stdout).not.toContain('尚未入库');
});

/** The newest segment of a partition in the folder of the broker, which hands out bytes as they lie there. */
function newestSegment(partition: number): string {
  const folder = readdirSync(laneEngines().home, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(`/${police}-${partition}`),
  )!;
  const segments = readdirSync(join(laneEngines().home, folder)).filter((name) => name.endsWith('.log'));
  return join(laneEngines().home, folder, segments.sort().at(-1)!);
}

test('a partition whose batch cannot be decompressed waits alone, says so, and is read once it is mended', async () => {
  const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  let file = 0;
  let at = 0;
  await compressWith(police, 'zstd');
  await restartIngestor(async () => {
    await pipeline.kafka.send(incidents('whole', 20), { partition: 3 });
    await pipeline.kafka.send(incidents('torn', 20), { partition: 3 });
    const segment = newestSegment(3);
    at = readFileSync(segment).lastIndexOf(magic);
    expect(at).toBeGreaterThan(0);
    file = openSync(segment, 'r+');
    writeSync(file, Buffer.from('torn'), 0, 4, at);
  });
  const begun = starts();
  await pipeline.kafka.send(incidents('beside', 20), { partition: 0 });
  await allStored('beside', 20);
  await allStored('whole', 20);

  const found = await until('status names it', () => concernOf('compression_unreadable'));
  expect(found).toMatchObject({ level: 'error', text: expect.stringMatching(/pingan\.police 分区 3 .*zstd/) });
  expect(pipeline.services.ingestor.log()).toMatch(/pingan\.police 分区 3 .*压缩方式 zstd.*该分区等待/);
  const gauge = await metricsOf(await ingestorUrl(), 'pingan_unreadable_batches');
  expect([...gauge].filter(([, value]) => value > 0)).toEqual([
    ['topic="pingan.police",partition="3",compression="zstd"', 1],
  ]);
  expect(await stored('torn')).toBe(0);
  const reconciled = await pipeline.cli('reconcile');
  expect(reconciled.stdout).toContain('另有 20 条尚未入库');

  writeSync(file, magic, 0, 4, at);
  await allStored('torn', 20);
  await pipeline.kafka.caughtUp();
  await compressWith(police, 'producer');
  expect(starts()).toBe(begun);
  await until('status has nothing to say', async () => !(await concernOf('compression_unreadable')));
  expect(sumOf(await metricsOf(await ingestorUrl(), 'pingan_unreadable_batches'))).toBe(0);
});

test('offsets that the log does not have hold intake, loudly, and nothing is passed over', async () => {
  let low = 0;
  let committed = 0;
  await pipeline.kafka.send(incidents('kept', 5), { partition: 0 });
  await pipeline.kafka.caughtUp();
  await restartIngestor(async () => {
    committed = await committedAt(0);
    await pipeline.kafka.send(incidents('gone', 30), { partition: 0 });
    low = committed + 10;
    await pipeline.kafka.withAdmin(async (admin) => {
      // Otherwise this client does not know the leader.
      await admin.fetchTopicOffsets(police);
      await admin.deleteTopicRecords({ topic: police, partitions: [{ partition: 0, offset: String(low) }] });
    });
    await until('they are gone', async () => (await partitionEnd(0)).low === low);
  });
  const begun = starts();
  await until('it is held', async () => (await readiness()).includes('日志与库不符'));
  const place = `主题 ${police}（警情）分区 0 的消息 ${committed} 至 ${low - 1} 还没有入库就已被 Kafka 删除（共 10 条）`;
  expect(pipeline.services.ingestor.log()).toContain(place);
  expect(sumOf(await metricsOf(await ingestorUrl(), 'pingan_log_problems'), 'kind="deleted"')).toBe(1);
  const counted = await metricsOf(await ingestorUrl(), 'pingan_offsets_out_of_range_total');
  expect(sumOf(counted, 'partition="0"')).toBe(1);
  const found = await until('status says it', () => concernOf('log_unfit'));
  expect(found).toMatchObject({ level: 'error', text: expect.stringContaining(place) });
  // Other streams are held with it.
  await pipeline.kafka.send([{ topic: mediation, key: 'x', value: '{' }]);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await stored('gone')).toBe(0);
  expect(await committedAt(0)).toBe(committed);

  // An operator who knows what is lost says where to go on.
  await pipeline.kafka.withAdmin((admin) =>
    admin.setOffsets({ groupId: ingestorGroup, topic: police, partitions: [{ partition: 0, offset: String(low) }] }),
  );
  await allStored('gone', 20);
  await pipeline.kafka.caughtUp();
  expect(starts()).toBe(begun);
  await until('it is ready', async () => (await readiness()).includes('"ready":true'));
});
