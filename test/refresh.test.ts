import { parseEvent, type Stream, streamOfSchema, topicOf } from '@pingan/contracts';
import { builtinCounty } from '@pingan/regions';
import { CaseRows, createStore, type Store, type Watermark } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clickhouseFetch } from './harness/clickhouse-http.js';
import { FULL } from './harness/full.js';
import { laneEngines } from './harness/lane.js';
import { randomOf } from './harness/random.js';
import { edgeCases } from './harness/synthetic.js';

/**
 * Components brought up to date bit by bit equal those computed at once from all cases: whatever comes late, changes place
 * or month, is withdrawn, links to another case or moves the cap of fraud losses.
 */

const COUNT = 900;
const PARTITIONS = 3;
const county = { ...builtinCounty('610222')!, startMonth: '2025-01' };
const other = { ...county, code: 'OTHER' };
const random = randomOf(11);

interface Placed {
  stream: Stream;
  partition: number;
  offset: number;
  value: string;
}

/** Messages in random order, each with its place in a log of three partitions. */
function shuffledLog(seed: number): Placed[] {
  const messages = edgeCases({ county, from: '2025-01', months: 14, count: COUNT, seed });
  for (let i = messages.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [messages[i], messages[j]] = [messages[j]!, messages[i]!];
  }
  const ends = new Map<string, number>();
  return messages.map(({ value }) => {
    const text = String(value);
    const stream = streamOfSchema[(JSON.parse(text) as { schema: keyof typeof streamOfSchema }).schema];
    const partition = Math.floor(random() * PARTITIONS);
    const offset = ends.get(`${stream}${partition}`) ?? 0;
    ends.set(`${stream}${partition}`, offset + 1);
    return { stream, partition, offset, value: text };
  });
}

let database = 0;
const stores: Store[] = [];

async function freshStore() {
  database += 1;
  const name = `refresh_${process.pid}_${database}`;
  const store = createStore({ url: laneEngines().endpoints.CLICKHOUSE_URL!, database: name });
  stores.push(store);
  await store.migrate();
  const watermark: Watermark = {};
  const add = async (part: readonly Placed[]): Promise<void> => {
    const rows = new Map<Stream, CaseRows>();
    for (const { stream, partition, offset, value } of part) {
      const outcome = parseEvent(JSON.parse(value));
      if (!outcome.ok) continue;
      const own = rows.get(stream) ?? new CaseRows(stream, 1 << 16);
      rows.set(stream, own);
      own.add(outcome.event, { partition, offset, timeZone: county.timeZone });
      watermark[topicOf(stream)] ??= Array.from({ length: PARTITIONS }, () => '0');
      watermark[topicOf(stream)]![partition] = String(offset + 1);
    }
    for (const [stream, own] of rows) {
      await store.cases.insertWindow(stream, own, `${stream}-${part[0]!.offset}-${part.length}-${random()}`);
    }
  };
  const scope = (of = county) => ({ county: of, watermark: structuredClone(watermark) });
  const expectEqual = async (): Promise<void> => {
    const byKey = (list: Awaited<ReturnType<typeof store.components.read>>) =>
      list.map(({ month, indicator, region_code, ...sums }) => [`${month} ${indicator} ${region_code}`, sums] as const);
    const computed = byKey(await store.components.compute(scope()));
    expect(computed.length).toBeGreaterThan(100);
    expect(Object.fromEntries(byKey(await store.components.read(county.code)))).toEqual(Object.fromEntries(computed));
  };
  return { name, store, add, scope, expectEqual };
}

async function sql(database: string, query: string): Promise<string> {
  const settings = { database, mutations_sync: '1' };
  const response = await clickhouseFetch(laneEngines().endpoints.CLICKHOUSE_URL!, settings, { body: query });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

describe('components brought up to date', () => {
  const log: Placed[] = [];
  beforeAll(() => {
    log.push(...shuffledLog(5));
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
  });

  it('equal those computed at once, after large and small steps', async () => {
    const { add, store, scope, expectEqual } = await freshStore();
    let at = 0;
    while (at < log.length) {
      const size = at === 0 ? 700 : [1, 3, 150, 400][Math.floor(random() * 4)]!;
      await add(log.slice(at, at + size));
      at += size;
      await store.components.refresh(scope());
      if (size > 3) await expectEqual();
    }
    await expectEqual();
  });

  it('are mended after a refresh that was cut off between its two writes', { tags: [FULL] }, async () => {
    const { name, add, store, scope, expectEqual } = await freshStore();
    await add(log.slice(0, 600));
    await store.components.refresh(scope());
    const before = await sql(name, 'SELECT max(generation) FROM component_state FORMAT TSV');
    await add(log.slice(600, 700));
    await store.components.refresh(scope());
    await sql(name, `ALTER TABLE component_state DELETE WHERE generation > ${before.trim()}`);
    await store.components.refresh(scope());
    await expectEqual();
    await add(log.slice(700, 800));
    await store.components.refresh(scope());
    await expectEqual();
  });

  it('are right when a refresh of an older watermark ends after that of a newer one', async () => {
    const { add, store, scope, expectEqual } = await freshStore();
    await add(log.slice(0, 600));
    await store.components.refresh(scope());
    for (let at = 600; at < 900; at += 100) {
      await add(log.slice(at, at + 50));
      const older = scope();
      await add(log.slice(at + 50, at + 100));
      await Promise.all([store.components.refresh(older), store.components.refresh(scope())]);
      await expectEqual();
    }
  });

  it('cost a county next to nothing while events come for another one alone', async () => {
    const { add, store, scope, expectEqual } = await freshStore();
    const ofOther = (one: Placed): Placed => ({
      ...one,
      value: JSON.stringify({ ...(JSON.parse(one.value) as object), county: other.code }),
    });
    const refreshed = async (of: typeof county) => {
      let statements = 0;
      const months = await store.components.refresh(scope(of), () => {
        statements += 1;
      });
      return { months, statements };
    };
    await add(log.slice(0, 600));
    await refreshed(county);
    await refreshed(other);
    const before = await store.components.read(county.code);

    await add(log.slice(600, 700).map(ofOther));
    const idle = await refreshed(county);
    expect(idle.months).toEqual([]);
    expect(idle.statements).toBeLessThanOrEqual(3);
    expect((await store.components.state(county.code))!.watermark).toEqual(scope().watermark);
    expect(await store.components.read(county.code)).toEqual(before);
    const busy = await refreshed(other);
    expect(busy.months.length).toBeGreaterThan(5);
    expect(busy.statements).toBeGreaterThan(3 * idle.statements);

    // What comes for it later counts as if it had never been passed over.
    await add(log.slice(700, 800));
    const own = await refreshed(county);
    expect(own.months.length).toBeGreaterThan(0);
    await expectEqual();
    expect((await refreshed(other)).months).toEqual([]);

    // A stream of which only the other has new rows is passed over, too.
    await add(log.slice(800, 900).map((one) => (one.stream === 'police' ? one : ofOther(one))));
    expect((await refreshed(county)).statements).toBeLessThan(own.statements);
    await expectEqual();
  });
});
