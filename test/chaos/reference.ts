import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { scoreCounty } from '@pingan/appraisal';
import { parseEvent, type Stream, streamOfTopic, streams, topicOf } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { CaseRows, type Store } from '@pingan/store';
import type { Line } from './messages.js';

const ROWS = 20_000;

/** The same messages stored once, in order, by one process that nobody disturbs, into a database of its own; then scored. */
export async function calculateUndisturbed(options: {
  file: string;
  county: County;
  store: Store;
  bad: ReadonlySet<string>;
  months: readonly string[];
  nowMs: number;
}): Promise<void> {
  const { file, county, store, bad, months, nowMs } = options;
  await store.migrate();
  await store.counties.save(county);
  const offsets = Object.fromEntries(streams.map((stream) => [stream, 0])) as Record<Stream, number>;
  const open = new Map<Stream, CaseRows>();
  const insert = async (stream: Stream): Promise<void> => {
    const rows = open.get(stream);
    open.delete(stream);
    if (rows) await store.cases.insertWindow(stream, rows, `reference-${stream}-${offsets[stream]}`);
  };
  for await (const text of createInterface({ input: createReadStream(file) })) {
    const { topic, key, value } = JSON.parse(text) as Line;
    if (bad.has(key)) continue;
    const outcome = parseEvent(JSON.parse(value));
    const stream = streamOfTopic(topic);
    if (!outcome.ok || !stream) throw new Error(`a message meant to be sound is not: ${value.slice(0, 300)}`);
    const rows = open.get(stream) ?? new CaseRows(stream, 4 * 1024 * 1024);
    open.set(stream, rows);
    rows.add(outcome.event, { partition: 0, offset: offsets[stream], timeZone: county.timeZone });
    offsets[stream] += 1;
    if (rows.count === ROWS) await insert(stream);
  }
  for (const stream of streams) await insert(stream);
  const watermark = Object.fromEntries(streams.map((stream) => [topicOf(stream), [String(offsets[stream])]]));
  await store.components.refresh({ county, watermark });
  await scoreCounty(store, county, { months, nowMs });
}
