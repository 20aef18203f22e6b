import { deadLetterTopic, streams, topicOf } from '@pingan/contracts';
import { type Endpoints, endpointsToEnv } from '@pingan/local-engines';
import type { County } from '@pingan/regions';
import type { Store } from '@pingan/store';
import { Kafka, logLevel } from 'kafkajs';
import { clickhouseFetch } from '../harness/clickhouse-http.js';
import { loginToKafka } from '../harness/kafka.js';
import type { Expected } from './messages.js';

export type Query = (sql: string) => Promise<string[][]>;

/** Plain HTTP, none of the product's code. Rows as texts. */
export function openQuery(url: string, database: string): Query {
  return async (sql) => {
    const response = await clickhouseFetch(url, { database }, { body: `${sql} FORMAT TabSeparated` });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  };
}

export interface CaseVerdict {
  lost: number;
  doubled: number;
  differences: string[];
}

const SHOWN = 5;

/** Stored case versions against what the messages say. */
export async function judgeCases(query: Query, expected: Expected): Promise<CaseVerdict> {
  const verdict: CaseVerdict = { lost: 0, doubled: 0, differences: [] };
  for (const stream of streams) {
    const seen = new Set<string>();
    const wanted = expected.versions[stream];
    const note = (text: string) => {
      if (verdict.differences.length < SHOWN) verdict.differences.push(`${stream} ${text}`);
    };
    // Part by part: a million rows are one text too long for one answer.
    for (let part = 0; part < 16; part += 1) {
      const stored = await query(
        `SELECT source, case_id, version, op, region_code FROM ${stream}_cases FINAL WHERE cityHash64(case_id) % 16 = ${part}`,
      );
      for (const [source, caseId, version, op, region] of stored) {
        const key = `${source}|${caseId}|${version}`;
        if (seen.has(key)) {
          verdict.doubled += 1;
          note(`${key} is stored twice`);
        }
        seen.add(key);
        const want = wanted.get(key);
        if (want !== `${op}|${region}`) {
          verdict.doubled += want === undefined ? 1 : 0;
          verdict.lost += want === undefined ? 0 : 1;
          note(`${key} is ${op}|${region} instead of ${want}`);
        }
      }
    }
    for (const key of wanted.keys()) {
      if (seen.has(key)) continue;
      verdict.lost += 1;
      note(`${key} is not stored`);
    }
  }
  return verdict;
}

/**
 * Where in the log of an epoch the messages are that can only be set aside: `topic-partition-position`, read by a plain
 * consumer.
 */
export async function badInLog(
  endpoints: Endpoints,
  bad: ReadonlySet<string>,
  epoch: number,
): Promise<Map<string, string>> {
  const kafka = new Kafka({
    clientId: 'chaos-verdict',
    brokers: endpoints.kafkaBrokers,
    ...loginToKafka(endpointsToEnv(endpoints)),
    logLevel: logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map<string, bigint>();
  for (const stream of streams) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topicOf(stream))) {
      if (BigInt(high) > BigInt(low)) left.set(`${topicOf(stream)}-${partition}`, BigInt(high) - 1n);
    }
  }
  await admin.disconnect();
  const found = new Map<string, string>();
  const consumer = kafka.consumer({ groupId: `chaos-verdict-${epoch}`, maxBytes: 16 * 1024 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: streams.map(topicOf), fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch, heartbeat }) => {
          const place = `${batch.topic}-${batch.partition}`;
          for (const { key, offset } of batch.messages) {
            const name = key?.toString() ?? '';
            if (bad.has(name)) found.set(`${place}-${BigInt(epoch) * 2n ** 40n + BigInt(offset)}`, name);
          }
          if (BigInt(batch.lastOffset()) >= (left.get(place) ?? -1n)) left.delete(place);
          await heartbeat();
          if (left.size === 0) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return found;
}

/** Dead letters against the bad messages of the log: each once, with its place and key. */
export async function judgeDeadLetters(query: Query, inLog: ReadonlyMap<string, string>, expected: Expected) {
  const differences: string[] = [];
  const stored = await query(
    `SELECT id, key, topic FROM dead_letters FINAL WHERE topic != '${deadLetterTopic}' ORDER BY id`,
  );
  const letters = new Map(stored.map(([id, key]) => [id, key]));
  if (letters.size !== stored.length) differences.push(`${stored.length - letters.size} dead letters are doubled`);
  let right = 0;
  for (const [place, key] of inLog) {
    if (letters.get(place) === key) right += 1;
    else if (differences.length < SHOWN) differences.push(`the bad message at ${place} has no dead letter`);
  }
  for (const [id] of stored) {
    if (!inLog.has(id!) && differences.length < SHOWN) differences.push(`dead letter ${id} is of no bad message`);
  }
  const keys = new Set(inLog.values());
  const missing = [...expected.bad].filter((key) => !keys.has(key)).length;
  if (missing > 0) differences.push(`${missing} bad messages never came to the log`);
  return { right, wanted: inLog.size, differences };
}

/** Everything published of both databases: components, and of every month the run's rows. */
export async function judgeIndex(options: {
  disturbed: Store;
  reference: Store;
  county: County;
  months: readonly string[];
}): Promise<string[]> {
  const { disturbed, reference, county, months } = options;
  const differences: string[] = [];
  const compare = (what: string, got: readonly object[], want: readonly object[]) => {
    const texts = (list: readonly object[]) => list.map((row) => JSON.stringify({ ...row, run_id: undefined })).sort();
    const [a, b] = [texts(got), texts(want)];
    const at = a.findIndex((text, i) => text !== b[i]);
    if (a.length !== b.length || at >= 0) {
      const first = Math.max(at, 0);
      differences.push(
        `${what}: ${a.length} rows instead of ${b.length}; first difference ${a[first]} instead of ${b[first]}`,
      );
    }
  };
  const [got, want] = await Promise.all([disturbed, reference].map((store) => store.components.read(county.code)));
  if (want?.length === 0) differences.push('the reference has no components');
  compare('components', got ?? [], want ?? []);
  for (const month of months) {
    const rowsOf = async (store: Store) => {
      const run = await store.runs.current(county.code, month);
      if (!run) return undefined;
      const { units, dimensions, indicators, deductions } = store.runs;
      return Promise.all(
        [units, dimensions, indicators, deductions].map((read) => read(run.run_id) as Promise<object[]>),
      );
    };
    const [mine, theirs] = await Promise.all([rowsOf(disturbed), rowsOf(reference)]);
    if (!mine || !theirs) {
      differences.push(`${month} has no run${mine ? ' in the reference' : ''}`);
      continue;
    }
    for (const [i, what] of ['units', 'dimensions', 'indicators', 'deductions'].entries()) {
      compare(`${month} ${what}`, mine[i]!, theirs[i]!);
    }
  }
  return differences;
}
