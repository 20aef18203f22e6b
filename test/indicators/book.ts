import { type PingAnEvent, streams, topicOf } from '@pingan/contracts';
import { CaseRows, type Component, type ComponentScope, createStore, type Watermark } from '@pingan/store';
import { laneEngines } from '../harness/lane.js';
import { type Ledger, streamOf, townOf } from './ledger.js';

export const timeZone = 'Asia/Shanghai';

const FIRST_BYTES = 65_536;

export type Book = Awaited<ReturnType<typeof openBook>>;

/** The store of a test, with the offsets a log would have: events go in as the ingestor puts them. */
export async function openBook(name: string) {
  const database = `test_${name}_${Date.now()}`;
  const store = createStore({ url: laneEngines().endpoints.CLICKHOUSE_URL!, database });
  await store.migrate();
  const next = new Map(streams.map((stream) => [stream, 0]));
  let windows = 0;

  const watermark = (): Watermark =>
    Object.fromEntries([...next].map(([stream, offset]) => [topicOf(stream), [String(offset)]]));

  async function deliver(events: readonly PingAnEvent[]): Promise<void> {
    for (const stream of streams) {
      const own = events.filter((event) => streamOf(event) === stream);
      if (own.length === 0) continue;
      const rows = new CaseRows(stream, FIRST_BYTES);
      for (const event of own) {
        const offset = next.get(stream)!;
        rows.add(event, { partition: 0, offset, timeZone });
        next.set(stream, offset + 1);
      }
      windows += 1;
      await store.cases.insertWindow(stream, rows, `${name}-${windows}`);
    }
  }

  const scopeOf = (code: string) => ({ county: { code, timeZone }, watermark: watermark() });

  /** From all versions; optionally of an earlier state of the log, or as if one case had never been delivered. */
  const compute = (county: string, other: Partial<Pick<ComponentScope, 'watermark' | 'without'>> = {}) =>
    store.components.compute({ ...scopeOf(county), ...other });

  return {
    store,
    deliver,
    watermark,
    compute,
    refresh: (county: string) => store.components.refresh(scopeOf(county)),
    read: (county: string) => store.components.read(county),
    close: () => store.close(),
  };
}

const baseOf = (indicator: string) => indicator.split(':')[0]!;

/** Components of the ledger's indicators in the ledger's townships, as the ledger writes them, parts with their name. */
export function linesOf(components: readonly Component[], { name, expected }: Pick<Ledger, 'name' | 'expected'>) {
  const bases = new Set(Object.keys(expected).map(baseOf));
  const prefix = townOf(name, '');
  return components
    .filter(({ indicator, region_code }) => bases.has(baseOf(indicator)) && region_code.startsWith(prefix))
    .map(
      ({ indicator, month, region_code, numerator, denominator }) =>
        `${indicator} ${month} ${region_code.slice(prefix.length)} ${numerator}/${denominator}`,
    )
    .sort();
}

export const expectedLines = (expected: Ledger['expected']) =>
  Object.entries(expected)
    .flatMap(([code, lines]) => lines.map((line) => `${code} ${line}`))
    .sort();
