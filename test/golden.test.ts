import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scoreCounty } from '@pingan/appraisal';
import { monthRange, parseEvent, type Stream, streamOfSchema, streams, topicOf } from '@pingan/contracts';
import { generateDemo } from '@pingan/demo-county';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import { CaseRows, createStore, type Store } from '@pingan/store';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { expectGolden, lasting, runHere, transcript } from './harness/golden.js';
import { laneEngines } from './harness/lane.js';
import { trialScheme } from './harness/trial-scheme.js';

/**
 * What every reading command prints, word for word: a change in any of these files is a change a user sees. Figures are judged
 * by the other suites; here they only have to stay. Events are stored and scored here, in one process: no service has to run.
 */

const county = builtinCounty('610222')!;
const from = '2024-01';
const month = '2025-03';
const region = '610222102';
const of = ['--county', county.code, '--month', month];
const json = ['--format', 'json'];
const csv = ['--format', 'csv'];

const casesFolder = fileURLToPath(new URL('cases', import.meta.url));

/** Fifteen months with intervals, however busy the machine is. */
const SCORE_MS = 600_000;

vi.setConfig({ testTimeout: SCORE_MS });

let store: Store;
let folder: string;

const file = (name: string, text: string): string => {
  const at = join(folder, name);
  writeFileSync(at, text);
  return at;
};

const body = { category: 'help', reported_at: '2025-03-10T20:00:00+08:00' };

const incident = (own: { case_id: string; source: string; body: object }): object => ({
  schema: 'police.incident/1',
  county: county.code,
  region_code: region,
  occurred_at: '2025-03-10T20:00:00+08:00',
  recorded_at: '2025-03-10T21:00:00+08:00',
  version: 1,
  op: 'upsert',
  ...own,
});

const killing = {
  case_id: 'JQ-MA-1',
  source: 'demo-police',
  body: { ...body, category: 'criminal', sub_category: 'homicide', case_status: 'filed', deaths: 3 },
};

/** An event, or undefined for one of those that a demo sends to be set aside. */
function eventOf(text: string) {
  try {
    const outcome = parseEvent(JSON.parse(text));
    return outcome.ok ? outcome.event : undefined;
  } catch {
    return undefined;
  }
}

type Offsets = Record<Stream, number>;

const beginning = Object.fromEntries(streams.map((stream) => [stream, 0])) as Offsets;

/** Stores events of a county as one log without a gap, behind what it holds; the end of the log. */
async function storeEvents(own: County, texts: readonly string[], before: Offsets = beginning): Promise<Offsets> {
  const regions = new RegionIndex(own);
  const held = Object.fromEntries(streams.map((stream) => [stream, new CaseRows(stream, 4 * 1024 * 1024)]));
  const offsets = { ...before };
  for (const text of texts) {
    const event = eventOf(text);
    if (!event || !regions.get(event.region_code)) continue;
    const stream = streamOfSchema[event.schema];
    held[stream]!.add(event, { partition: 0, offset: offsets[stream], timeZone: own.timeZone });
    offsets[stream] += 1;
  }
  for (const stream of streams) {
    const window = `golden-${own.code}-${stream}-${before[stream]}`;
    if (offsets[stream] > before[stream]) await store.cases.insertWindow(stream, held[stream]!, window);
  }
  const watermark = Object.fromEntries(streams.map((stream) => [topicOf(stream), [String(offsets[stream])]]));
  await store.components.refresh({ county: own, watermark });
  return offsets;
}

/** The same, and has the months scored. */
async function storeAndScore(own: County, texts: readonly string[], months: readonly string[]): Promise<Offsets> {
  const end = await storeEvents(own, texts);
  await scoreCounty(store, own, { months: [...months], nowMs: Date.now() });
  return end;
}

const letter = (
  offset: string,
  own: { reason: 'not_json' | 'invalid_event' | 'unknown_region'; detail: string; bytes: string },
) => ({
  id: `pingan.police-0-${offset}`,
  topic: 'pingan.police',
  partition: 0,
  offset,
  key: null,
  failed_at: `2025-03-10T21:00:0${offset}.000Z`,
  ...own,
  bytes: Buffer.from(own.bytes).toString('base64'),
});

beforeAll(async () => {
  const home = mkdtempSync(join(laneEngines().home, 'golden-'));
  folder = join(home, 'given');
  mkdirSync(folder);
  const endpoints = laneEngines().endpoints;
  const database = `golden_${Date.now()}`;
  Object.assign(process.env, endpoints, { PINGAN_HOME: home, CLICKHOUSE_DATABASE: database });
  store = createStore({ url: endpoints.CLICKHOUSE_URL!, database });
  await store.migrate();
  const own = { ...county, startMonth: from, demo: null };
  await store.counties.save(own);
  const demo = generateDemo({ county, from, to: month, seed: 20_240_701 });
  const texts = [
    incident(killing),
    incident({ case_id: 'SAME-1', source: 'station-a', body }),
    incident({ case_id: 'SAME-1', source: 'station-b', body }),
  ].map((event) => JSON.stringify(event));
  await storeAndScore(own, [...demo.map(({ value }) => String(value)), ...texts], monthRange(from, month));
  await store.deadLetters.insert(
    [
      letter('1', { reason: 'not_json', detail: 'Unexpected end of JSON input', bytes: '{"schema":' }),
      letter('2', { reason: 'invalid_event', detail: 'body.category: enum (none)', bytes: '{"a":"\u001b[2J"}' }),
      letter('3', { reason: 'unknown_region', detail: '610222-no-such-area', bytes: '{"电话":"13812345678"}' }),
    ],
    'golden-letters',
  );
}, SCORE_MS);

afterAll(() => store?.close());

async function compare(name: string, commands: readonly (readonly string[])[]): Promise<void> {
  const texts: string[] = [];
  for (const args of commands) texts.push(lasting(transcript(args, await runHere(args)), [folder]));
  expectGolden(name, texts.join('\n\n'));
}

it('rank', () =>
  compare('rank', [
    ['rank', ...of],
    ['rank', ...of, ...json],
    ['rank', ...of, ...csv],
  ]));

it('explain', () => {
  const ask = ['explain', ...of, '--region'];
  return compare('explain', [
    [...ask, region],
    [...ask, region, ...json],
    [...ask, '城关街道'],
    [...ask, '610222101'],
  ]);
});

it('changes', () => {
  const ask = ['changes', '--county', county.code, '--region', region, '--month'];
  return compare('changes', [
    [...ask, month],
    [...ask, month, ...json],
    [...ask, month, '--against', 'year'],
    [...ask, '2025-02', '--against', 'year'],
    [...ask, '2025-02', '--against', 'year', ...json],
  ]);
});

it('quarter and year', () => {
  const items = file(
    'items.csv',
    `单位,事项,理由,分值\n${region},先进,经验推广,2\n610222101,失实,虚报数据,-1.5\n610222103,命案,影响恶劣,一票否决\n`,
  );
  const bad = file('bad-items.csv', `单位,事项,理由,分值\n无此镇,先进,经验推广,2\n${region},,经验,多\n`);
  const quarter = ['quarter', '--county', county.code, '--period'];
  const year = ['year', '--county', county.code, '--period'];
  return compare('periods', [
    [...quarter, '2024-Q4'],
    [...quarter, '2024-Q4', ...json],
    [...quarter, '2024-Q4', ...csv],
    [...quarter, '2025-Q2'],
    [...quarter, '2024-4'],
    [...year, '2024'],
    [...year, '2024', '--items', items],
    [...year, '2024', '--items', items, ...json],
    [...year, '2024', '--items', items, ...csv],
    [...year, '2024', '--items', bad],
    [...year, '2025'],
    [...year, '24'],
  ]);
});

it('without-case', () => {
  const ask = ['without-case', ...of, '--case'];
  return compare('without-case', [
    [...ask, killing.case_id],
    [...ask, killing.case_id, ...json],
    [...ask, 'SAME-1', '--source', 'station-a'],
    [...ask, 'SAME-1'],
    [...ask, 'SAME-1', '--source', 'station-c'],
    [...ask, 'jq-ma-1'],
  ]);
});

it('schemes of a county', () => {
  const tried = file('other.yaml', trialScheme);
  const steadier = file('steadier.yaml', `${trialScheme}trend: { share: 0.5 }\n`);
  const sensitivity = ['scheme', 'sensitivity', ...of, '--draws', '200', '--seed', '5'];
  return compare('county-schemes', [
    ['scheme', 'show', ...of],
    ['scheme', 'show', '--county', county.code, '--month', '2025-3'],
    ['scheme', 'what-if', tried, ...of, '--months', '2'],
    ['scheme', 'what-if', tried, ...of, ...json],
    ['scheme', 'what-if', tried, ...of, '--months', '2', ...csv],
    ['scheme', 'what-if', tried, ...of, '--months', '30'],
    ['scheme', 'what-if', tried, steadier, ...of, '--months', '2'],
    ['scheme', 'what-if', tried, steadier, ...of, ...json],
    ['scheme', 'what-if', tried, steadier, ...of, ...csv],
    ['scheme', 'what-if', ...of],
    sensitivity,
    [...sensitivity, ...json],
    [...sensitivity, ...csv],
    ['scheme', 'sensitivity', ...of, '--draws', '1'],
    ['scheme', 'activate', tried, '--county', county.code, '--from', '2025-01'],
    ['scheme', 'activate', tried, '--county', county.code, '--from', '2025-1'],
    ['scheme', 'list', '--county', county.code],
    ['scheme', 'list', '--county', county.code, ...csv],
    ['county', 'list'],
    ['county', 'list', ...json],
    ['county', 'list', ...csv],
  ]);
});

/** Rows of a ledger as the events that its mapping makes of them; without those that have no place. */
function ledgerEvents(own: County, ledger: string): string[] {
  const categories: Record<string, string> = { 刑事: 'criminal', 治安: 'public_order', 其他: 'help' };
  const regions = new RegionIndex(own);
  return readFileSync(ledger, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [case_id = '', place = '', day = '', category = ''] = line.split(',');
      const found = regions.resolve(place, { month: day.slice(0, 7) });
      if (!found.ok) return [];
      const times = { occurred_at: day, recorded_at: `${day}T23:59:59+08:00` };
      const head = { schema: 'police.incident/1', county: own.code, region_code: found.code, source: 'ledger' };
      const event = { ...head, case_id, ...times, version: 1, op: 'upsert', body: { category: categories[category] } };
      return [JSON.stringify(event)];
    });
}

/** Registers a county from a folder of `cases`, stores its ledger and scores October. */
async function carriedOut(code: string, name: string, start: string): Promise<string> {
  const place = join(casesFolder, name);
  const registered = ['--regions', join(place, 'regions.csv'), '--scheme', join(place, 'scheme.yaml')];
  const args = ['county', 'add', '--code', code, '--name', '例县', '--start', start, ...registered];
  const text = lasting(transcript(args, await runHere(args)), [folder]);
  const own = (await store.counties.get(code))!;
  await storeAndScore(own, ledgerEvents(own, join(place, 'ledger.csv')), monthRange(start, '2026-10'));
  return text;
}

it('rows without a place, and other region tables', async () => {
  const registered = await carriedOut('C15', '15-rows-without-a-place', '2026-08');
  const rows = Array.from({ length: 9 }, (_, i) => ({ caseId: `B2${i + 1}`, month: '2026-10', line: i + 22 }));
  const ledger = { county: 'C15', source: 'ledger', schema: 'police.incident/1', file: 'ledger.csv' } as const;
  await store.unplaced.note({ ...ledger, rows, nowMs: Date.now() });
  const fewer = file('fewer.csv', 'code,name,population,population_year\nT1,甲街道,10000,2025\nT2,乙镇,12000,2025\n');
  const more = file(
    'more.csv',
    'code,name,population,population_year\nT1,甲街道,10000,2025\nT2,乙镇,12000,2025\nT3,丙镇,,\nT4,丁镇,10000,2025\n',
  );
  const add = ['county', 'add', '--code', 'C15', '--name', '例县', '--start', '2026-08', '--regions'];
  expectGolden('registration', registered);
  await compare('unplaced', [
    ['rank', '--county', 'C15', '--month', '2026-10'],
    ['rank', '--county', 'C15', '--month', '2026-10', ...json],
    ['explain', '--county', 'C15', '--month', '2026-10', '--region', '甲镇'],
    [...add, fewer],
    [...add, more],
    [...add, more],
    [...add, join(folder, 'gone.csv')],
    [...add, more, '--timezone', 'Asia/Urumqi'],
    ['county', 'add', '--code', 'C15', '--name', '例县', '--start', '2026-11', '--regions', more],
  ]);
});

/** As spreadsheets save it: empty cells at the end of every line. */
const wholeCounty = [
  'code,name,level,parent,ranked,population,population_year,,',
  'C,例县,county,,,,,,',
  'T1,甲镇,township,C,,10000,2025,,',
  'T2,乙镇,township,C,,10000,2025,,',
  'Z,开发区,township,C,否,,,,',
].join('\n');

it('events of the county as a whole, and scores older than their data', async () => {
  const [regions, scheme] = [
    file('whole.csv', wholeCounty),
    join(casesFolder, '15-rows-without-a-place', 'scheme.yaml'),
  ];
  const add = ['county', 'add', '--code', 'C16', '--name', '例县', '--start', '2026-07', '--regions', regions];
  await compare('county-with-itself', [[...add, '--scheme', scheme]]);
  const own = (await store.counties.get('C16'))!;
  const cases = (at: string, places: readonly string[]) =>
    places.map((region_code, i) =>
      JSON.stringify({
        ...{ schema: 'police.incident/1', county: 'C16', source: 'ledger', version: 1, op: 'upsert', region_code },
        ...{ case_id: `${at}-${i}`, occurred_at: `${at}-05`, precision: 'day' },
        recorded_at: `${at}-20T08:00:00+08:00`,
        body: { category: 'criminal' },
      }),
    );
  const usual = ['T1', 'T1', 'T2', 'Z'];
  const whole = ['C', 'C', 'C'];
  const events = [
    ...cases('2026-07', usual),
    ...cases('2026-08', usual),
    ...cases('2026-09', [...usual, ...whole]),
    ...cases('2026-10', whole),
  ];
  const end = await storeAndScore(own, events, monthRange('2026-07', '2026-10'));
  const [september, october] = ['2026-09', '2026-10'].map((one) => ['--county', 'C16', '--month', one]) as string[][];
  const quarter = ['--county', 'C16', '--period', '2026-Q3'];
  await compare('county-level', [
    ['rank', ...september!],
    ['rank', ...september!, ...json],
    ['explain', ...september!, '--region', '甲镇'],
    ['rank', ...october!],
    ['explain', ...october!, '--region', '甲镇'],
    ['quarter', ...quarter],
  ]);
  await storeEvents(own, cases('2026-09', [...usual, ...whole, 'T1']).slice(-1), end);
  await compare('stale', [
    ['rank', ...september!],
    ['rank', ...september!, ...json],
    ['rank', ...september!, ...csv],
    ['rank', ...october!],
    ['explain', ...september!, '--region', '甲镇'],
    ['explain', ...september!, '--region', '甲镇', ...json],
    ['quarter', ...quarter],
    ['quarter', ...quarter, ...csv],
    ['quarter', ...quarter, ...json],
    ['changes', ...september!, '--region', '甲镇'],
  ]);
});

it('a unit without a report', async () => {
  await carriedOut('C14', '14-a-township-that-did-not-report', '2025-08');
  const zero = ['zero-report', '--county', 'C14', '--month', '2026-10', '--stream', 'police', '--region'];
  await compare('silence', [
    ['rank', '--county', 'C14', '--month', '2026-10'],
    ['explain', '--county', 'C14', '--month', '2026-10', '--region', '丙镇'],
    ['explain', '--county', 'C14', '--month', '2026-10', '--region', '丙镇', ...json],
    [...zero, '甲镇'],
    [...zero, '丙镇', '--by', '丙镇平安办', '--reason', '月报已签字'],
    [...zero, '丙镇', '--by', '丙镇平安办', '--withdraw'],
    [...zero, '丙镇', '--withdraw'],
  ]);
});

it('dead letters', () =>
  compare('dead-letters', [
    ['dead-letter', 'list'],
    ['dead-letter', 'show', 'pingan.police-0-1'],
    ['dead-letter', 'show', 'pingan.police-0-2'],
    ['dead-letter', 'show', 'pingan.police-0-3'],
    ['dead-letter', 'show', 'pingan.police-0-999999'],
  ]));

it('what is asked wrongly', () =>
  compare('refusals', [
    ['rank', '--county', '999999', '--month', month],
    ['rank', '--county', county.code, '--month', '2025-13'],
    ['rank', '--county', county.code, '--month', '2023-12'],
    ['rank', '--county', county.code, '--month', '2999-01'],
    ['rank', '--county', county.code, '--month', '2025-04'],
    ['explain', ...of, '--region', '没有镇'],
    ['changes', '--county', county.code, '--month', from, '--region', region],
    ['county', 'add', '--code', '?', '--name', '例县', '--regions', 'x.csv'],
    ['county', 'add', '--code', 'C99', '--name', '例县', '--regions', 'x.csv', '--timezone', 'Mars/North'],
    ['backup', 'verify', '--from', folder],
  ]));
