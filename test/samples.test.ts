import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { clockOf, monthOfDay } from './oracle/clock.js';

type Row = Record<string, string>;

interface Ranking {
  rows: Array<{ region_code: string; name: string; score: number | null; rank: number | null }>;
}

interface Explanation {
  indicators: Array<{ code: string; numerator: number; denominator: number }>;
}

const pathOf = (place: string, file: string) =>
  fileURLToPath(new URL(`../deploy/samples/${place}/${file}`, import.meta.url));
const ledgersOf = (place: string, prefix: RegExp) =>
  readdirSync(pathOf(place, ''))
    .filter((name) => prefix.test(name))
    .map((name) => pathOf(place, name));
const rowsOf = (file: string): Row[] => parse(readFileSync(file, 'utf8'), { columns: true, bom: true });

const londonLedgers = ledgersOf('london', /^\d{4}-\d{2}-.*\.csv$/);
const bostonLedgers = ledgersOf('boston', /^boston_311_.*\.csv$/);
const bostonMonths = ['2025-09', '2025-10', '2025-11', '2025-12', '2026-01'];

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await openPipeline();
});
afterAll(() => pipeline?.close());

const add = (code: string, name: string, zone: string, place: string) =>
  pipeline.ok(
    ...['county', 'add', '--code', code, '--name', name, '--timezone', zone],
    ...['--regions', pathOf(place, 'regions.csv'), '--scheme', pathOf(place, 'scheme.yaml')],
  );
/** Real ledgers have rows that no area can be found for: those are refused, and the command says so by its status. */
const load = async (code: string, place: string, ledgers: readonly string[]) => {
  const args = ['import', '--county', code, '--mapping', pathOf(place, 'mapping.yaml'), ...ledgers];
  const { status, stdout, stderr } = await pipeline.cli(...args);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('行被拒收') });
  expect(stderr).not.toMatch(/条没有入库|文件被改动/);
  return stdout;
};
const score = (code: string, month: string) => pipeline.ok('score', '--county', code, '--month', month);
const rankText = (code: string, month: string) =>
  pipeline.ok('rank', '--county', code, '--month', month, '--format', 'json');
const explain = async (code: string, month: string, region: string) =>
  JSON.parse(
    await pipeline.ok('explain', '--county', code, '--month', month, '--region', region, '--format', 'json'),
  ) as Explanation;

/** Numerator and denominator of one indicator by region code, as the current run of the month holds them. */
async function storedPairs(code: string, month: string, indicator: string) {
  const run = await pipeline.store.runs.current(code, month);
  const rows = (await pipeline.store.runs.indicators(run!.run_id)).filter((row) => row.code === indicator);
  return Object.fromEntries(rows.map((row) => [row.region_code, [row.numerator, row.denominator]]));
}

/** Burglaries per borough: distinct ids over the three files. */
function londonCounts(): Map<string, number> {
  const ids = new Map(rowsOf(pathOf('london', 'regions.csv')).map(({ name }) => [name!, new Set<string>()]));
  for (const file of londonLedgers) {
    for (const row of rowsOf(file)) {
      ids.get(row['LSOA name']!.split(' ').slice(0, -1).join(' '))?.add(row['Crime ID']!);
    }
  }
  return new Map([...ids].map(([name, set]) => [name, set.size]));
}

test('London: burglaries of all boroughs equal the distinct ids in the files, and the ranking follows the rate', async () => {
  await add('LDN', '伦敦', 'Europe/London', 'london');
  await load('LDN', 'london', londonLedgers);
  await score('LDN', '2018-03');

  const counts = londonCounts();
  const boroughs = rowsOf(pathOf('london', 'regions.csv')).map(({ code, name, population_2021 }) => {
    const exposure = Number(population_2021) * 3;
    return { code: code!, name: name!, count: counts.get(name!)!, exposure, rate: counts.get(name!)! / exposure };
  });
  expect(boroughs).toHaveLength(33);
  expect(Math.min(...boroughs.map(({ count }) => count))).toBeGreaterThan(0);
  const expected = Object.fromEntries(boroughs.map(({ code, count, exposure }) => [code, [count, exposure]]));
  expect(await storedPairs('LDN', '2018-03', 'P04')).toEqual(expected);

  const { rows } = JSON.parse(await rankText('LDN', '2018-03')) as Ranking;
  const byRate = [...boroughs].sort((a, b) => a.rate - b.rate).map(({ name }) => name);
  expect(rows.map(({ name }) => name)).toEqual(byRate);
  expect(rows.map(({ rank }) => rank)).toEqual(rows.map((_, i) => i + 1));

  const some = [boroughs[0]!, boroughs[16]!, boroughs[32]!];
  const explanations = await Promise.all(some.map(({ name }) => explain('LDN', '2018-03', name)));
  for (const [i, { count, exposure }] of some.entries()) {
    expect(explanations[i]?.indicators).toMatchObject([{ code: 'P04', numerator: count, denominator: exposure }]);
  }
});

/** Orders that fall due in each month by the clock of New York, and those closed by then, per neighbourhood. */
function bostonCounts(): Map<string, Record<string, [number, number]>> {
  const clock = clockOf('America/New_York');
  const instant = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00`);
  const regions = rowsOf(pathOf('boston', 'regions.csv'));
  const months = new Map(
    bostonMonths.map((month) => [
      month,
      Object.fromEntries(regions.map(({ code }) => [code, [0, 0]])) as Record<string, [number, number]>,
    ]),
  );
  const codes = new Map(regions.map(({ code, name }) => [name, code!]));
  const cases = new Map<string, Row>();
  for (const file of bostonLedgers) for (const row of rowsOf(file)) cases.set(row.case_id!, row);
  for (const { neighborhood, target_close_date: due, close_date: closed } of cases.values()) {
    const code = codes.get(neighborhood!);
    if (code === undefined || !due) continue;
    const pair = months.get(monthOfDay(clock.dayOf(instant(due))))?.[code];
    if (!pair) continue;
    pair[1] += 1;
    if (closed && instant(closed) <= instant(due)) pair[0] += 1;
  }
  return months;
}

test('Boston: orders due and closed in time of all neighbourhoods equal a count over the file, month by month', async () => {
  await add('BOS', '波士顿', 'America/New_York', 'boston');
  await load('BOS', 'boston', bostonLedgers);
  const counts = bostonCounts();
  for (const month of bostonMonths) {
    const expected = counts.get(month)!;
    expect(Object.keys(expected)).toHaveLength(25);
    expect(Object.values(expected).reduce((sum, [, due]) => sum + due, 0)).toBeGreaterThan(100);
    await score('BOS', month);
    expect(await storedPairs('BOS', month, 'X08'), month).toEqual(expected);
  }
  const { rows } = JSON.parse(await rankText('BOS', '2026-01')) as Ranking;
  const scores = rows.map(({ score }) => score).filter((value) => value !== null);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  const [code, [closed, due]] = Object.entries(counts.get('2026-01')!).find(([, [, n]]) => n > 5)!;
  const { indicators } = await explain('BOS', '2026-01', code);
  expect(indicators).toMatchObject([{ code: 'X08', numerator: closed, denominator: due }]);
});

test('importing the same ledgers once more changes nothing', async () => {
  const before = [await rankText('LDN', '2018-03'), await rankText('BOS', '2026-01')];
  await Promise.all([load('LDN', 'london', londonLedgers), load('BOS', 'boston', bostonLedgers)]);
  await Promise.all([score('LDN', '2018-03'), score('BOS', '2026-01')]);
  expect([await rankText('LDN', '2018-03'), await rankText('BOS', '2026-01')]).toEqual(before);
  const status = JSON.parse((await pipeline.cli('status', '--format', 'json')).stdout) as {
    conflicts: { total: number };
    lag: Array<{ lag: number }>;
  };
  expect(status.conflicts.total).toBe(0);
  expect(status.lag.every(({ lag }) => lag === 0)).toBe(true);
});
