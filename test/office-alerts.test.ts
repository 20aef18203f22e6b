import { addMonths } from '@pingan/contracts';
import { officeAlerts } from '@pingan/dashboards';
import { builtinCounty, type County, lastCompleteMonth, monthOfInstant } from '@pingan/regions';
import { createStore, type Run, type RunUnit, type Store } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clickhouseFetch } from './harness/clickhouse-http.js';
import { ask } from './harness/grafana.js';
import { laneEngines } from './harness/lane.js';
import { handMadeRun } from './harness/runs.js';

const url = laneEngines().endpoints.CLICKHOUSE_URL!;
const database = `test_alerts_${Date.now()}`;
const county = builtinCounty('610222')!;
const month = lastCompleteMonth(Date.now(), county.timeZone);
const before = addMonths(month, -1);
const names = ['甲乡', '乙乡', '丙乡', '丁乡', '戊乡'];

let store: Store;
const sql = (query: string) => ask(url, database, query).then(({ rows }) => rows);

async function command(query: string): Promise<void> {
  const response = await clickhouseFetch(url, { database }, { body: query });
  if (!response.ok) throw new Error(await response.text());
}

/** Labels and value of each message, as Grafana makes them of the rows. */
async function messages(uid: string): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await ask(url, database, officeAlerts.find((alert) => alert.uid === uid)!.sql);
  const numbers = columns.filter(({ type }) => type !== 'String');
  expect(numbers).toEqual([{ name: 'value', type: 'Float64' }]);
  for (const { value } of rows) expect(value).toBeGreaterThan(0);
  return rows;
}

const of = (code: string, name: string) => ({ county: name, code });

/** Units of a quiet month: all yellow at 80 with intervals of 6 points. */
const quiet: Partial<RunUnit> = { score: 80, band: 'yellow', band_months: 9, score_low: 77, score_high: 83 };

async function addRun(code: string, period: string, changes: Record<string, Partial<RunUnit>> = {}): Promise<void> {
  const run: Run = handMadeRun({ county: code, period, names, scheme: 'a' });
  const units = run.units.map((unit) => ({ ...unit, ...quiet, ...changes[unit.name] }));
  await store.runs.write([{ ...run, units }]);
  await store.runs.activate([run.head]);
}

const loud: Record<string, Partial<RunUnit>> = {
  甲乡: { score: 50, band: 'red', band_months: 1, score_low: 40, score_high: 60 },
  乙乡: { score: 55, band: 'red', band_months: 3, score_low: 45, score_high: 90 },
  丙乡: { score: 60, band: 'red', band_months: 2, score_low: 50, score_high: 85 },
  // Outside last month's interval, but last month's score is inside this one's.
  丁乡: { score: 70, band: 'orange', band_months: 1, score_low: 55, score_high: 85 },
  // No interval is known.
  戊乡: { score: 95, band: 'blue', band_months: 1, score_low: null, score_high: null },
};

interface Case {
  county: string;
  case_id: string;
  version?: number;
  op?: string;
  region?: string;
  daysAgo?: number;
  deaths?: number;
  dispute?: string;
  storedDaysAgo?: number;
}

async function addPolice(list: readonly Case[]): Promise<void> {
  const values = list.map(
    ({
      county: code,
      case_id,
      version = 1,
      op = 'upsert',
      region = '610222102',
      daysAgo = 2,
      deaths = 1,
      dispute,
      storedDaysAgo = 1,
    }) =>
      `('${code}', 's', '${case_id}', ${version}, ${version}, 0, ${version}, 'police.incident', '${op}', '${region}', now() - INTERVAL ${daysAgo} DAY,
        'second', now(), now() - INTERVAL ${storedDaysAgo} DAY, ${deaths}, ${dispute === undefined ? 'NULL' : `'${dispute}'`})`,
  );
  await command(`INSERT INTO police_cases (county, source, case_id, version, digest, kafka_partition, kafka_offset, record_type, op,
    region_code, occurred_at, occurred_precision, recorded_at, stored_at, deaths, linked_dispute_id) VALUES ${values.join(', ')}`);
}

async function addDispute(code: string, caseId: string, turned: string): Promise<void> {
  await command(`INSERT INTO mediation_cases (county, source, case_id, version, digest, kafka_partition, kafka_offset, record_type, op,
    region_code, occurred_at, occurred_precision, recorded_at, turned_criminal_case_id, turned_criminal_at)
    VALUES ('${code}', 'm', '${caseId}', 1, 1, 0, 1, 'mediation.dispute', 'upsert', '610222102', now() - INTERVAL 90 DAY, 'second', now(),
      '${turned}', now() - INTERVAL 2 DAY)`);
}

beforeAll(async () => {
  store = createStore({ url, database });
  await store.migrate();
  const add = (code: string, name: string, demo: County['demo'] = null) =>
    store.counties.save({ ...county, code, name, demo });
  await add('100001', '闹县');
  await add('100002', '静县');
  await add('100003', '示例县', { seed: 1 });
  await add('100004', '本月县');
  await add('100005', '初月县');
  await addRun('100001', before);
  await addRun('100001', month, loud);
  await addRun('100002', before, loud);
  await addRun('100002', month);
  await addRun('100003', before);
  await addRun('100003', month, loud);
  await addRun('100004', month);
  await addRun('100004', monthOfInstant(Date.now(), county.timeZone), loud);
  await addRun('100005', month, { 甲乡: { ...quiet, score: 30 } });
});

afterAll(() => store?.close());

describe('what 平安办 is told of', () => {
  test('a township that has become red', async () => {
    expect(await messages('pingan-new-red')).toEqual([
      { ...of('100001', '闹县'), month, unit: '甲乡', region: 'R1', band: '红', value: 50 },
    ]);
  });

  test('three months red', async () => {
    expect(await messages('pingan-red-three-months')).toEqual([
      { ...of('100001', '闹县'), month, unit: '乙乡', region: 'R2', band: '红', value: 3 },
    ]);
  });

  test('a score outside what chance explains, in both months', async () => {
    const moved = await messages('pingan-score-moved');
    expect(moved.filter(({ code }) => code === '100001')).toEqual([
      { ...of('100001', '闹县'), month, unit: '甲乡', region: 'R1', before: '80', after: '50', value: 30 },
    ]);
    // The calm county was loud the month before: what went up is told as well.
    expect(moved.filter(({ code }) => code === '100002').map(({ unit, value }) => [unit, value])).toEqual([
      ['甲乡', 30],
    ]);
    expect(moved).toHaveLength(2);
  });

  test('a death that came of a dispute, as the case stands now', async () => {
    const code = '100001';
    await addPolice([
      { county: code, case_id: 'linked', dispute: 'D1', deaths: 2 },
      { county: code, case_id: 'named' },
      { county: code, case_id: 'named-with-source', region: '610222103' },
      { county: code, case_id: 'no-dispute' },
      { county: code, case_id: 'withdrawn', dispute: 'D2' },
      { county: code, case_id: 'withdrawn', dispute: 'D2', version: 2, op: 'retract' },
      { county: code, case_id: 'survived', dispute: 'D3' },
      { county: code, case_id: 'survived', dispute: 'D3', version: 2, deaths: 0 },
      { county: code, case_id: 'long-known', dispute: 'D4', storedDaysAgo: 20, daysAgo: 25 },
      { county: code, case_id: 'long-ago', dispute: 'D5', daysAgo: 100 },
      { county: '100002', case_id: 'named' },
      { county: '100003', case_id: 'made-up', dispute: 'D6' },
    ]);
    await addDispute(code, 'D7', 'named');
    await addDispute(code, 'D8', 's/named-with-source');
    const day = new Date(Date.now() - 2 * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
    const nameOf = (region: string) => county.regions.regions.find((one) => one.code === region)!.name;
    expect(await messages('pingan-dispute-death')).toEqual([
      { ...of(code, '闹县'), unit: nameOf('610222102'), region: '610222102', day, value: 3 },
      { ...of(code, '闹县'), unit: nameOf('610222103'), region: '610222103', day, value: 1 },
    ]);
  });
});

describe('the rhythm of a stream', () => {
  const hoursAgo = (hours: readonly number[], stream: string) =>
    command(
      `INSERT INTO arrivals SELECT '100002', '${stream}', toStartOfHour(now()) - INTERVAL arrayJoin([${hours.join(',')}]) HOUR`,
    );

  test('is its second longest pause of the half year before its last arrival', async () => {
    // Every day at one hour, silent for ten days once and for three days another time; a year ago for a month.
    await hoursAgo([30, 54, 78, 318, 342, 414, 438, 8_700, 9_500], 'petition');
    // Three pauses tell nothing.
    await hoursAgo([5, 6, 7, 8], 'opinion');
    const rhythms = await store.operation.rhythms();
    const found = rhythms.filter(({ county: code, stream }) => code === '100002' && stream !== 'police');
    expect(found.map(({ stream, usualSeconds }) => [stream, usualSeconds])).toEqual([
      ['opinion', null],
      ['petition', 72 * 3_600],
    ]);
    expect(found[1]!.silentSeconds / 3_600).toBeGreaterThanOrEqual(30);
    expect(found[1]!.silentSeconds / 3_600).toBeLessThan(31.1);
  });

  test('is noted once an hour, from the newest rows', async () => {
    await addPolice([
      { county: '100005', case_id: 'a', storedDaysAgo: 3 },
      { county: '100005', case_id: 'b', storedDaysAgo: 2 },
    ]);
    await store.operation.noteArrivals();
    await store.operation.noteArrivals();
    const noted = await sql(
      `SELECT dateDiff('hour', hour, now()) BETWEEN 47 AND 49 AS is_newest FROM arrivals WHERE county = '100005'`,
    );
    expect(noted).toEqual([{ is_newest: 1 }]);
  });
});

describe('reconciliations', () => {
  test('the last one of a county counts until all were compared after it', async () => {
    const record = (code: string, differences: number) =>
      store.reconciles.record({ county: code, watermark: {}, messages: 1, differences });
    await record('100001', 4);
    await record('100002', 2);
    expect(await store.reconciles.states()).toEqual([
      { county: '100001', differences: 4 },
      { county: '100002', differences: 2 },
    ]);
    await record('', 3);
    await record('100002', 0);
    expect(await store.reconciles.states()).toEqual([
      { county: '', differences: 3 },
      { county: '100002', differences: 0 },
    ]);
    expect((await store.reconciles.last()).map((one) => one.county)).toEqual(['100002']);
  });
});
