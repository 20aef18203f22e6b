import type { ClickHouseClient } from '@clickhouse/client';
import { type DeadLetter, type DeadLetterReason, streams, topicOf } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { execute, insertRows, rows, utcText } from './client.js';
import { newestTime } from './newest-time.js';

/** `stored`: the message is in the case tables now; `failed`: it was refused again. */
export type ReplayOutcome = 'stored' | 'failed';

export interface StoredDeadLetter extends DeadLetter {
  stored_at: string;
  /** The last replay; null for a letter nobody has replayed. */
  replay: ReplayOutcome | null;
  replayed_at: string | null;
  /** Who answers for it that nothing needs to be done, and why; null for a letter nobody has acknowledged. */
  acknowledged_by: string | null;
  acknowledged_note: string | null;
  acknowledged_at: string | null;
}

/** `demo`: of them, letters of made-up counties, which are bad on purpose. */
export interface LetterCount {
  reason: string;
  count: number;
  demo: number;
}

const columns = [
  'id',
  'reason',
  'detail',
  'topic',
  'kafka_partition',
  'kafka_offset',
  'key',
  'bytes',
  'failed_at',
] as const;

const selection = `id, reason, detail, topic, kafka_partition AS partition, toString(kafka_offset) AS offset, key,
  bytes, failed_at, stored_at, nullIf(r.outcome, '') AS replay, if(r.outcome = '', NULL, r.replayed_at) AS replayed_at,
  nullIf(a.acknowledged_by, '') AS acknowledged_by, nullIf(a.note, '') AS acknowledged_note,
  if(a.note = '', NULL, a.acknowledged_at) AS acknowledged_at`;

const lettersAndReplays = `dead_letters AS l FINAL LEFT ANY JOIN (SELECT * FROM dead_letter_replays FINAL) AS r USING id
  LEFT ANY JOIN (SELECT * FROM dead_letter_acknowledgements FINAL) AS a USING id`;

const settled = `SELECT id FROM dead_letter_replays FINAL WHERE outcome = 'stored'
  UNION DISTINCT SELECT id FROM dead_letter_acknowledgements`;

/**
 * Values are cut to a length wherever that falls and may hold halves of characters from the start. ClickHouse refuses those,
 * and with them a whole window of letters, again and again.
 */
const wellFormed = (value: unknown): unknown =>
  typeof value === 'string' ? Buffer.from(value, 'utf8').toString('utf8') : value;

export async function insertDeadLetters(
  client: ClickHouseClient,
  letters: readonly DeadLetter[],
  token: string,
): Promise<void> {
  await insertRows(client, {
    table: 'dead_letters',
    columns,
    token,
    values: letters.map((l) =>
      [l.id, l.reason, l.detail, l.topic, l.partition, l.offset, l.key, l.bytes, utcText(Date.parse(l.failed_at))].map(
        wellFormed,
      ),
    ),
  });
}

/** The newest dead letters first. */
export function listDeadLetters(client: ClickHouseClient, limit: number): Promise<StoredDeadLetter[]> {
  return rows<StoredDeadLetter>(
    client,
    `SELECT ${selection} FROM ${lettersAndReplays}
    ORDER BY failed_at DESC, topic, kafka_partition, kafka_offset DESC LIMIT {limit:UInt32}`,
    { limit },
  );
}

export async function getDeadLetter(client: ClickHouseClient, id: string): Promise<StoredDeadLetter | undefined> {
  const [found] = await rows<StoredDeadLetter>(
    client,
    `SELECT ${selection} FROM ${lettersAndReplays} WHERE id = {id:String}`,
    { id },
  );
  return found;
}

/** Parameters travel in the URL, which the server limits to a megabyte. */
const IDS_PER_QUERY = 500;

/** Which of the ids have a letter. */
export async function existingDeadLetters(client: ClickHouseClient, ids: readonly string[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const found = await rows<{ id: string }>(
      client,
      'SELECT DISTINCT id FROM dead_letters WHERE id IN ({ids:Array(String)})',
      { ids: ids.slice(at, at + IDS_PER_QUERY) },
    );
    for (const { id } of found) known.add(id);
  }
  return known;
}

/** Letters of one reason that no replay has stored, by id, after `after`. */
export function openDeadLetters(
  client: ClickHouseClient,
  { reason, after, limit }: { reason: DeadLetterReason; after: string; limit: number },
): Promise<StoredDeadLetter[]> {
  return rows<StoredDeadLetter>(
    client,
    `SELECT ${selection} FROM ${lettersAndReplays}
    WHERE reason = {reason:String} AND id > {after:String} AND r.outcome != 'stored' ORDER BY id LIMIT {limit:UInt32}`,
    { reason, after, limit },
  );
}

export async function recordReplays(
  client: ClickHouseClient,
  replays: readonly { id: string; outcome: ReplayOutcome }[],
): Promise<void> {
  const { column, time } = await newestTime(client, 'dead_letter_replays');
  await insertRows(client, {
    table: 'dead_letter_replays',
    columns: ['id', 'outcome', column],
    values: replays.map(({ id, outcome }) => [id, outcome, time]),
  });
}

/** Letters that a replay has stored. */
export async function countReplayed(client: ClickHouseClient): Promise<number> {
  const [found] = await rows<{ n: string }>(
    client,
    `SELECT count() AS n FROM dead_letter_replays FINAL WHERE outcome = 'stored'`,
  );
  return Number(found?.n ?? 0);
}

export async function countDeadLetters(client: ClickHouseClient): Promise<{ reason: string; count: number }[]> {
  const found = await rows<{ reason: string; count: string }>(
    client,
    'SELECT reason, count() AS count FROM dead_letters FINAL GROUP BY reason ORDER BY count DESC, reason',
  );
  return found.map(({ reason, count }) => ({ reason, count: Number(count) }));
}

/** Letters that no replay has stored and nobody has acknowledged: these wait for somebody. */
export async function countOpenDeadLetters(client: ClickHouseClient): Promise<LetterCount[]> {
  const found = await rows<{ reason: string; count: string; demo: string }>(
    client,
    `SELECT reason, count() AS count,
      countIf(splitByChar('/', ifNull(key, ''))[1] IN (
        SELECT code FROM counties FINAL WHERE JSONType(document, 'demo') = 'Object')) AS demo
    FROM dead_letters FINAL WHERE id NOT IN (${settled})
    GROUP BY reason ORDER BY count DESC, reason`,
  );
  return found.map(({ reason, count, demo }) => ({ reason, count: Number(count), demo: Number(demo) }));
}

/** Letters of one reason that nobody has acknowledged and no replay has stored. */
export async function openLetterIds(client: ClickHouseClient, reason: DeadLetterReason): Promise<string[]> {
  const found = await rows<{ id: string }>(
    client,
    `SELECT id FROM dead_letters FINAL WHERE reason = {reason:String} AND id NOT IN (${settled}) ORDER BY id`,
    { reason },
  );
  return found.map(({ id }) => id);
}

export interface Acknowledgement {
  acknowledgedBy: string;
  note: string;
}

export async function acknowledgeLetters(
  client: ClickHouseClient,
  ids: readonly string[],
  { acknowledgedBy, note }: Acknowledgement,
): Promise<void> {
  const { column, time } = await newestTime(client, 'dead_letter_acknowledgements');
  await insertRows(client, {
    table: 'dead_letter_acknowledgements',
    columns: ['id', 'acknowledged_by', 'note', column],
    values: ids.map((id) => [id, acknowledgedBy, note, time]),
  });
}

/** Letters that somebody has acknowledged and no replay has stored. */
export async function countAcknowledged(client: ClickHouseClient): Promise<number> {
  const [found] = await rows<{ n: string }>(
    client,
    `SELECT uniqExact(id) AS n FROM dead_letter_acknowledgements
    WHERE id NOT IN (SELECT id FROM dead_letter_replays FINAL WHERE outcome = 'stored')`,
  );
  return Number(found?.n ?? 0);
}

/** Marks letters whose very message is in the case tables by now, because the log was read again with more counties registered. */
export async function settleStoredLetters(client: ClickHouseClient): Promise<void> {
  for (const stream of streams) {
    await execute(
      client,
      `INSERT INTO dead_letter_replays (id, outcome)
      SELECT id, 'stored' FROM dead_letters FINAL
      WHERE topic = {topic:String} AND id NOT IN (SELECT id FROM dead_letter_replays FINAL WHERE outcome = 'stored')
        AND (kafka_partition, kafka_offset) IN (SELECT kafka_partition, kafka_offset FROM ${caseTable(stream)}
          WHERE (kafka_partition, kafka_offset) IN (
            SELECT kafka_partition, kafka_offset FROM dead_letters WHERE topic = {topic:String}))`,
      { topic: topicOf(stream) },
    );
  }
}
