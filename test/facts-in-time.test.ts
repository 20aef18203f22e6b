import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogue } from '@pingan/indicators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFiles } from './harness/files.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';

/** When things happened, and where: days before 1970, months without a new case, units without a report, rows without a place. */

const MONTH = '2026-10';
const casesFolder = fileURLToPath(new URL('cases', import.meta.url));

let pipeline: Pipeline;
let input: string;

beforeAll(async () => {
  pipeline = await openPipeline();
  input = join(pipeline.home, '..', `facts-${Date.now()}`);
  mkdirSync(input);
});
afterAll(async () => {
  await pipeline?.close();
});

interface IndicatorRow {
  code: string;
  numerator: number | null;
  denominator: number | null;
  missing_reason: string | null;
}

const of = (county: string) => ['--county', county, '--month', MONTH];

/** Registers a county with the region table and the scheme of a folder. */
const register = (code: string, folder: string, start: string) =>
  pipeline.ok(
    ...['county', 'add', '--code', code, '--name', '例县', '--start', start],
    ...['--regions', join(folder, 'regions.csv'), '--scheme', join(folder, 'scheme.yaml')],
  );

const deliver = (code: string, mapping: string, ledger: string) =>
  pipeline.ok('import', '--county', code, '--mapping', mapping, ledger);

async function explained(code: string, region: string) {
  const text = await pipeline.ok('explain', ...of(code), '--region', region, '--format', 'json');
  return JSON.parse(text) as { score: number | null; paragraph: string; indicators: IndicatorRow[] };
}

/** `numerator/denominator` of an indicator, or why there is none, by unit. */
async function figures(code: string, indicator: string, regions: readonly string[]) {
  const found: Record<string, string> = {};
  for (const region of regions) {
    const row = (await explained(code, region)).indicators.find((own) => own.code === indicator)!;
    found[region] = row.numerator === null ? row.missing_reason! : `${row.numerator}/${row.denominator}`;
  }
  return found;
}

async function carriedOut(code: string, name: string, start: string): Promise<string> {
  const folder = join(casesFolder, name);
  await register(code, folder, start);
  await deliver(code, join(folder, 'mapping.yaml'), join(folder, 'ledger.csv'));
  await pipeline.ok('score', ...of(code));
  return folder;
}

const four = ['甲镇', '乙镇', '丙镇', '丁镇'];

describe('days before 1970', () => {
  it('are long past: a matter of 1968 is as overdue as one of 1998', async () => {
    await carriedOut('C24', '24-a-petition-of-1968', '2026-08');
    expect(await figures('C24', 'X05', four)).toEqual({ 甲镇: '1/1', 乙镇: '1/1', 丙镇: '1/1', 丁镇: '0/1' });
  });

  it('lie in no month of the index, and in the first month of what came in', async () => {
    const months = await pipeline.sql<{ last: string }>(
      `SELECT max(month) AS last FROM components WHERE county = 'C24' AND indicator = 'cases:petition.case'`,
    );
    expect(months).toEqual([{ last: '2026-10-01' }]);
    const intake = await pipeline.sql<{ month: string }>(
      `SELECT DISTINCT month FROM intake WHERE county = 'C24' ORDER BY month`,
    );
    expect(intake.map(({ month }) => month)).toEqual(['1970-01-01', '1970-03-01', '1998-05-01', '2026-10-01']);
  });
});

/** Days counted without any calendar but that of JavaScript. */
const DAY_MS = 86_400_000;
const after = (day: string, count: number) => new Date(Date.parse(day) + count * DAY_MS).toISOString().slice(0, 10);

/** By rule, from the catalogue's wording: what the day a case is counted by is, of the day all its moments lie on. */
const cohortRules: Record<string, (day: string) => string> = {
  X01: (day) => after(day, 15),
  X02: (day) => after(day, 60),
  X03: (day) => after(day, 180),
  S02: (day) => after(day, 30),
  S04: (day) => after(day, 180),
  O03: (day) => after(day, 15),
  O05: (day) => after(day, 30),
  // 48 hours: the case says no level.
  O02: (day) => after(day, 2),
};

/** 1 or 0: what counts of a case of whose two ends the second comes a day, or 400 days, after the first. */
const nextDayAndLate: Record<string, [number, number]> = {
  X01: [1, 0],
  X02: [1, 0],
  X03: [0, 1],
  S02: [1, 0],
  S04: [1, 0],
  O02: [1, 0],
  O03: [1, 0],
  O05: [1, 0],
};

describe('every rule of the catalogue', () => {
  const days = ['1949-10-01', '1968-05-10', '1969-12-31', '1970-01-01', '1970-03-01', '2026-10-10', '2100-12-31'];
  /** Moments that begin something; every other one ends it. */
  const begins = ['occurred_at', 'registered_at', 'transferred_at', 'accepted_at', 'discovered_at', 'verified_at'];
  begins.push('original_accepted_at', 'reported_at', 'dispatched_at', 'prior_occurred_at', 'found_at', 'issued_at');
  /** What ends in a watch, and what the watch is for. */
  const closes = ['closed_at'];
  const watchers = new Set(['X03', 'S04', 'O05']);

  /** The expressions over one case, all moments of which lie on two days. */
  async function evaluate(code: string, expressions: readonly string[], begin: string, end: string) {
    const names = new Set(expressions.join(' ').match(/\b[a-z_]+\b(?!\()/g));
    const columns = [...names].flatMap((name) => {
      if (!/_at$|^extended_to$/.test(name)) return [];
      const isBegin = begins.includes(name) || (watchers.has(code) && closes.includes(name));
      const unset = ['objection_at', 'extended_to', 'original_due_at', 'original_extended_to'].includes(name);
      const value = unset ? 'NULL' : `parseDateTime64BestEffort('${isBegin ? begin : end}T04:00:00Z', 3, 'UTC')`;
      return [`CAST(${value}, 'Nullable(DateTime64(3, \\'UTC\\'))') AS ${name}`];
    });
    const texts = ['level', 'petition_type', 'found_by', 'result', 'sentiment', 'channel', 'competent_level'];
    texts.push('level_received', 'category', 'area_class', 'docking_channel', 'satisfaction', 'repeat_of');
    for (const name of names) {
      if (columns.some((column) => column.endsWith(` AS ${name}`)) || name.endsWith('_at')) continue;
      if (texts.includes(name))
        columns.push(`CAST(NULL, 'Nullable(${name === 'level' ? 'UInt8' : 'String'})') AS ${name}`);
      else if (/^[a-z]+(_[a-z]+)*$/.test(name) && name.length > 1)
        columns.push(`CAST(NULL, 'Nullable(UInt8)') AS ${name}`);
    }
    const [row] = await pipeline.sql<Record<string, unknown>>(
      `SELECT ${expressions.map((sql, i) => `toString(${literal(sql)}) AS e${i}`).join(', ')}
      FROM (SELECT ${columns.length === 0 ? '1' : columns.join(', ')})`,
    );
    return expressions.map((_, i) => row![`e${i}`]);
  }
  const literal = (sql: string) =>
    sql
      .replaceAll('{tz:String}', `'Asia/Shanghai'`)
      .replaceAll(/\{\w+:Array\(Date32\)\}/g, `CAST([], 'Array(Date32)')`);

  it.each(days)('dates cases of %s by the calendar', async (day) => {
    for (const { code, query } of catalogue) {
      const cohorts = query.terms.flatMap(({ cohort }) => (cohort === undefined ? [] : [cohort]));
      const got = await evaluate(code, cohorts, day, day);
      const rule = cohortRules[code] ?? ((own: string) => own);
      expect([code, ...got]).toEqual([code, ...cohorts.map(() => rule(day))]);
    }
  });

  it.each(days)('holds deadlines from %s', async (day) => {
    for (const [code, expected] of Object.entries(nextDayAndLate)) {
      const [term] = catalogue.find((own) => own.code === code)!.query.terms;
      const counted = [await evaluate(code, [term!.numerator], day, after(day, 1))];
      counted.push(await evaluate(code, [term!.numerator], day, after(day, 400)));
      expect([code, ...counted.flat().map(Number)]).toEqual([code, ...expected]);
    }
  });
});

describe('a month without a new case', () => {
  it('is reported if old cases are closed in it', async () => {
    await carriedOut('C23', '23-a-month-without-new-petitions', '2026-01');
    expect(await figures('C23', 'X06', four)).toEqual({ 甲镇: '1/1', 乙镇: '1/2', 丙镇: '1/2', 丁镇: '1/2' });
  });

  const regions = 'code,name,population,population_year\nT1,甲镇,10000,2025\nT2,乙镇,10000,2025\n';
  const scheme =
    'name: 热线\ndimensions:\n  - id: petition\n    weight: 1\n    indicators: [{ code: X08, weight: 1 }, { code: X02, weight: 1 }]\n';
  const hotline = (delivered: string) => `schema: hotline.order/1
source: hotline
delivered_at: "${delivered}"
case_id: { column: 编号 }
region: { column: 乡镇 }
occurred_at: { column: 登记时间 }
body:
  registered_at: { column: 登记时间 }
  due_at: { column: 时限 }
  closed_at: { column: 办结时间 }
`;
  const petition = (delivered: string) => `schema: petition.case/1
source: xf
delivered_at: "${delivered}"
case_id: { column: 编号 }
region: { column: 乡镇 }
occurred_at: { column: 登记时间 }
body:
  petition_type: { value: appeal_claim }
  channel: { value: letter }
  registered_at: { column: 登记时间 }
  accepted_at: { column: 登记时间 }
  closed_at: { column: 办结时间 }
`;
  const orders = `编号,乡镇,登记时间,时限,办结时间
H1,甲镇,2026-09-20 09:00:00,2026-10-05,2026-09-28 09:00:00
H2,甲镇,2026-09-21 09:00:00,2026-10-06,
H3,乙镇,2026-09-22 09:00:00,2026-10-07,2026-09-29 09:00:00
`;
  /** Accepted on 20 August: 60 days end on 19 October. */
  const petitions = `编号,乡镇,登记时间,办结时间
P1,甲镇,2026-08-20 09:00:00,2026-09-10 09:00:00
P2,甲镇,2026-08-20 09:00:00,
P3,乙镇,2026-08-20 09:00:00,
`;

  async function dueOnly(code: string, delivered: string) {
    const files = writeFiles(input, {
      'regions.csv': regions,
      'scheme.yaml': scheme,
      [`${code}-h.yaml`]: hotline(delivered),
      [`${code}-p.yaml`]: petition(delivered),
      [`${code}-h.csv`]: orders,
      [`${code}-p.csv`]: petitions,
    }) as Record<string, string>;
    await register(code, input, '2026-08');
    await deliver(code, files[`${code}-h.yaml`]!, files[`${code}-h.csv`]!);
    await deliver(code, files[`${code}-p.yaml`]!, files[`${code}-p.csv`]!);
    await pipeline.ok('score', ...of(code));
    return [await figures(code, 'X08', ['甲镇', '乙镇']), await figures(code, 'X02', ['甲镇', '乙镇'])];
  }

  it('is reported if what fell due in it was recorded after it', async () => {
    expect(await dueOnly('C23D', '2026-11-03')).toEqual([
      { 甲镇: '1/2', 乙镇: '1/1' },
      { 甲镇: '1/2', 乙镇: '0/1' },
    ]);
  });

  it('has no data if the stream fell silent before it, whatever falls due', async () => {
    expect(await dueOnly('C23S', '2026-09-30')).toEqual([
      { 甲镇: 'no_data_month', 乙镇: 'no_data_month' },
      { 甲镇: 'no_data_month', 乙镇: 'no_data_month' },
    ]);
  });
});
