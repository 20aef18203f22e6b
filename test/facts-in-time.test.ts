import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboards } from '@pingan/dashboards';
import { catalogue } from '@pingan/indicators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFiles } from './harness/files.js';
import { expand, sqlOf } from './harness/grafana.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { messageOf } from './harness/synthetic.js';

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

/** Status 1 where rows were refused, as some of these ledgers mean to have it; what is not refused is stored. */
async function deliver(code: string, mapping: string, ledger: string): Promise<void> {
  const { status, stderr } = await pipeline.cli('import', '--county', code, '--mapping', mapping, ledger);
  if (status !== 0 && !stderr.includes('行被拒收')) throw new Error(stderr);
}

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

/** What the dashboards' notices say beside the run itself. */
const dataNotices = (county: string, month = MONTH) =>
  pipeline.sql<{ kind: string; text: string }>(
    `SELECT kind, text FROM v_data_notices(county = '${county}', month = '${month}', basis = 'latest') ORDER BY text`,
  );

async function panelRows(name: string, county: string): Promise<Record<string, unknown>[]> {
  const quality = dashboards.find(({ uid }) => uid === 'pingan-quality')!;
  const { sql } = sqlOf(quality).find((own) => own.name === name)!;
  const values = { county, month: MONTH, unit: '$__all' };
  return pipeline.sql(expand(sql, values, { from: 0, to: 0 }));
}

interface Ranked {
  run_id: string;
  rows: { name: string; score: number; rank: number; unreported: string[]; confirmed_zero: string[] }[];
  unplaced: { shares: object[]; bounds: object[] } | null;
}
const ranked = async (county: string) =>
  JSON.parse(await pipeline.ok('rank', ...of(county), '--format', 'json')) as Ranked;

describe('a township that did not report', () => {
  const third = ['--region', '丙镇'];
  const confirm = ['zero-report', ...of('C14'), ...third, '--stream', 'police'];
  let first: Ranked;

  it('is marked wherever its place is told', async () => {
    await carriedOut('C14', '14-a-township-that-did-not-report', '2025-08');
    first = await ranked('C14');
    const marked = first.rows.filter(({ unreported }) => unreported.length > 0);
    expect(marked).toMatchObject([{ name: '丙镇', rank: 1, unreported: ['police.incident'], confirmed_zero: [] }]);
    const table = await pipeline.ok('rank', ...of('C14'));
    expect(table).toMatch(/丙镇.*待核实.*待核实.*警情本月无报送，请核实/);
    expect(table).toContain('pingan zero-report');
    const text = await pipeline.ok('explain', ...of('C14'), ...third);
    expect(text).toContain('警情本月无报送，请核实：以往月月有报送');
    expect(text).not.toContain('先后都分得出');
    expect((await explained('C14', '丙镇')).paragraph).toContain('第1名（名次待核实）。警情本月无报送，请核实。');
    expect(await pipeline.ok('explain', ...of('C14'), '--region', '甲镇')).not.toContain('无报送');
  });

  it('stands in the list of what units reported, and in the notices', async () => {
    const rows = await panelRows('各单位报送', 'C14');
    expect(rows).toHaveLength(8);
    expect(rows.find(({ 单位 }) => 单位 === '丙镇')).toMatchObject({ 警情: 0, 最近登记: '' });
    expect(await dataNotices('C14')).toMatchObject([
      { kind: '无报送', text: expect.stringMatching('^丙镇：警情本月无报送') },
    ]);
  });

  it('keeps its zero without a mark once somebody answers for it, until that is taken back', async () => {
    const said = await pipeline.ok(...confirm, '--by', '丙镇平安办', '--reason', '月报已签字');
    expect(said).toContain('丙镇 2026-10 警情：已确认零报送（丙镇平安办：月报已签字）');
    await pipeline.ok('score', ...of('C14'));
    const after = await ranked('C14');
    expect(after.run_id).not.toBe(first.run_id);
    expect(after.rows.find(({ name }) => name === '丙镇')).toMatchObject({
      unreported: [],
      confirmed_zero: ['police.incident'],
    });
    const scores = ({ rows }: Ranked) => rows.map(({ name, score, rank }) => [name, score, rank]);
    expect(scores(after)).toEqual(scores(first));
    const text = await pipeline.ok('explain', ...of('C14'), ...third);
    expect(text).toMatch(/警情已确认零报送（警情 \d{4}-\d{2}-\d{2} 丙镇平安办：月报已签字）/);
    expect(text).not.toContain('请核实');
    expect(await dataNotices('C14')).toEqual([]);

    await pipeline.ok(...confirm, '--withdraw', '--by', '县平安办');
    await pipeline.ok('score', ...of('C14'));
    expect(await ranked('C14')).toEqual(first);
  });

  it('cannot be claimed of a unit that did report, nor taken back where nothing was confirmed', async () => {
    const other = ['zero-report', ...of('C14'), '--region', '甲镇', '--stream', 'police'];
    const refused = await pipeline.cli(...other);
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/甲镇 2026-10 警情已有报送（警情 \d+ 件）/),
    ]);
    const nothing = await pipeline.cli(...other, '--withdraw');
    expect([nothing.status, nothing.stderr]).toEqual([2, expect.stringContaining('没有零报送确认可撤回')]);
  });
});

describe('rows without a place', () => {
  const sentence = '9 件（11.3%，共 80 件）2026-10 的警情没有乡镇，未计入任何单位';
  const mapping = join(casesFolder, '15-rows-without-a-place', 'mapping.yaml');
  let ledger: string;

  it('are told to who reads the ranking, with what they could move', async () => {
    const folder = await carriedOut('C15', '15-rows-without-a-place', '2026-08');
    ledger = readFileSync(join(folder, 'ledger.csv'), 'utf8');
    const table = await pipeline.ok('rank', ...of('C15'));
    expect(table).toContain(sentence);
    // Two points a case: nine more are 18 points less.
    expect(table).toContain('乙镇 78.00 分降至 60.00 分，仍第 1 名');
    for (const name of ['甲镇', '丙镇', '丁镇'])
      expect(table).toContain(`${name} 60.00 分降至 42.00 分，第 2 名降至第 4 名`);
    expect((await ranked('C15')).unplaced?.shares).toEqual([
      { record_type: 'police.incident', unplaced: 9, placed: 71, share: 9 / 80 },
    ]);
    const text = await pipeline.ok('explain', ...of('C15'), '--region', '甲镇');
    expect(text).toContain(sentence);
    expect(text).toContain('至多：甲镇 60.00 分降至 42.00 分');
    expect(await dataNotices('C15')).toMatchObject([{ kind: '没有乡镇', text: expect.stringContaining(sentence) }]);
  });

  it('are kept as numbers: no case, no name of a file', async () => {
    const kept = await pipeline.sql<object>(`SELECT * FROM unplaced_events WHERE county = 'C15'`);
    expect(kept).toHaveLength(10);
    expect(JSON.stringify(kept)).not.toMatch(/B2\d|ledger\.csv|镇/);
  });

  it('are fewer when a file is handed in again, and gone when their cases have a place', async () => {
    const lines = ledger.trim().split('\n');
    const part = lines.map((line) => (/^B2[1-4],/.test(line) ? line.replace(',,', ',乙镇,') : line));
    const corrected = lines.map((line) => line.replace(',,', ',乙镇,'));
    const files = writeFiles(input, {
      'ledger.csv': `${part.join('\n')}\n`,
      'corrected.csv': `${corrected.join('\n')}\n`,
    });
    await deliver('C15', mapping, files['ledger.csv']);
    await pipeline.ok('score', ...of('C15'));
    expect(await pipeline.ok('rank', ...of('C15'))).toContain('5 件（6.3%，共 80 件）');
    await deliver('C15', mapping, files['corrected.csv']);
    await pipeline.ok('score', ...of('C15'));
    expect(await pipeline.ok('rank', ...of('C15'))).not.toContain('没有乡镇');
    expect(await dataNotices('C15')).toEqual([]);
  });

  it('are messages of an unknown region as well', async () => {
    const event = {
      schema: 'police.incident/1',
      county: 'C15',
      source: 'feed',
      case_id: 'F1',
      version: 1,
      op: 'upsert',
      region_code: 'T9',
      occurred_at: '2026-10-31T23:30:00+08:00',
      recorded_at: '2026-11-01T08:00:00+08:00',
      body: { category: 'criminal' },
    };
    await pipeline.kafka.send([messageOf(event)]);
    await until('the letter is counted', async () =>
      (await pipeline.ok('rank', ...of('C15'))).includes('1 件（1.2%，共 81 件）2026-10 的警情没有乡镇'),
    );
  });

  it('are stored cases of the county as a whole, of a village under no township and of a unit that ended', async () => {
    const folder = join(casesFolder, '15-rows-without-a-place');
    const files = writeFiles(input, {
      'regions.csv': [
        'code,name,level,parent,ranked,population,population_year,valid_to,former_codes',
        'C,例县,county,,,,,,',
        'P,北片区,township,C,否,,,,',
        'T1,甲镇,township,P,,10000,2025,,T0',
        'T2,乙镇,township,C,,10000,2025,,',
        'Z,开发区,township,C,否,,,,',
        'V1,王村,village,T1,,,,,',
        'V2,园区,village,Z,,,,,',
        'V3,散村,village,C,,,,,',
        'T9,旧镇,township,C,,10000,2025,2026-08,',
      ].join('\n'),
      'scheme.yaml': readFileSync(join(folder, 'scheme.yaml'), 'utf8'),
    });
    await register('C15K', dirname(files['regions.csv']), '2026-08');
    const event = (region_code: string, day: string, i: number) => ({
      ...{ schema: 'police.incident/1', county: 'C15K', source: 'feed', version: 1, op: 'upsert', region_code },
      ...{ case_id: `${day}-${i}`, occurred_at: day, precision: 'day', recorded_at: `${day}T23:59:00+08:00` },
      body: { category: 'criminal' },
    });
    const places = ['T1', 'T0', 'T2', 'Z', 'V1', 'V2', 'C', 'C', 'P', 'V3', 'T9'];
    await pipeline.kafka.send([
      ...places.map((place, i) => messageOf(event(place, '2026-10-05', i))),
      ...['C', 'V3'].map((place, i) => messageOf(event(place, '2026-09-05', i))),
    ]);
    await pipeline.kafka.caughtUp();
    for (const month of ['2026-09', MONTH]) await pipeline.ok('score', '--county', 'C15K', '--month', month);
    const said = '5 件（45.5%，共 11 件）2026-10 的警情没有乡镇，未计入任何单位';
    expect(await pipeline.ok('rank', ...of('C15K'))).toContain(said);
    expect(await dataNotices('C15K')).toEqual([
      { kind: '没有乡镇', text: `${said}；名次可能因此变动，见 pingan rank。` },
    ]);
    const none = '2 件（100%，共 2 件）2026-09 的警情没有乡镇，未计入任何单位；各单位当月的警情因此没有数可计';
    const september = await pipeline.ok('rank', '--county', 'C15K', '--month', '2026-09');
    expect(september).toContain(none);
    expect(september).toContain('有数据但都没有乡镇：警情 2 件');
    expect(await dataNotices('C15K', '2026-09')).toMatchObject([{ text: expect.stringContaining(none) }]);
  });
});
