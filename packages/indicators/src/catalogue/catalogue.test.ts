import { bodySchemas, recordTypeOf, schemaIds } from '@pingan/contracts';
import { describe, expect, it } from 'vitest';
import {
  catalogue,
  defaultSeverity,
  dimensionIds,
  findIndicator,
  type Indicator,
  isScored,
  joinedColumns,
  seriousViolentSubCategories,
  severityBasis,
} from './index.js';

const functions = new Set(
  (
    'addHours addMinutes arrayElement arrayFilter arrayMap assumeNotNull coalesce concat greatest has if ifNull indexOf ' +
    'isNotNull isNull least log makeDate32 multiIf range round toDate32 toDayOfWeek toDecimal64 toString toTimeZone toUInt16 ' +
    'toUInt8 toYear transform'
  ).split(' '),
);
const keywords = new Set(['AND', 'OR', 'NOT', 'IN']);
/** Names that expressions give to the elements of an array. */
const elements = new Set(['d', 'n', 'y']);

function ownColumns({ recordType }: Indicator): Set<string> {
  const columns = new Set(['occurred_at']);
  for (const schema of schemaIds) {
    if (recordTypeOf(schema) === recordType) for (const key of Object.keys(bodySchemas[schema].shape)) columns.add(key);
  }
  return columns;
}

function allColumns(indicator: Indicator): Set<string> {
  const joined = (joinedColumns as Record<string, object>)[indicator.recordType] ?? {};
  return new Set([...ownColumns(indicator), ...Object.keys(joined)]);
}

const given = (texts: ReadonlyArray<string | null | undefined>) => texts.filter((text) => typeof text === 'string');

/** What decides the months a case belongs to. */
const dateRules = ({ query }: Indicator) =>
  given([query.where, ...query.terms.flatMap(({ cohort, cohorts }) => [cohort, cohorts])]);

const numbers = ({ query }: Indicator) =>
  given([query.part, ...query.terms.flatMap(({ numerator, denominator }) => [numerator, denominator])]);

const expressionsOf = (indicator: Indicator) => [...dateRules(indicator), ...numbers(indicator)];

function expectNames(sql: string, columns: ReadonlySet<string>): void {
  const plain = sql.replaceAll(/'[^']*'/g, '').replaceAll(/\{\w+:\w+(\(\w+\))?\}/g, '');
  for (const [, name = '', call] of plain.matchAll(/([A-Za-z_]\w*)(\s*\()?/g)) {
    if (keywords.has(name) || elements.has(name)) continue;
    expect(call === undefined ? columns : functions, `${name} in ${sql}`).toContain(name);
  }
}

describe('catalogue', () => {
  it('has every indicator of the four dimensions and of 平安创建, each once', () => {
    const upTo = (letter: string, last: number) =>
      Array.from({ length: last }, (_, i) => `${letter}${String(i + 1).padStart(2, '0')}`);
    expect(catalogue.map(({ code }) => code)).toEqual([
      ...upTo('P', 14),
      ...upTo('X', 13),
      ...upTo('S', 13),
      ...upTo('O', 6),
      ...upTo('C', 8),
    ]);
    for (const key of ['code', 'id', 'name'] as const) {
      expect(new Set(catalogue.map((indicator) => indicator[key])).size).toBe(catalogue.length);
    }
    expect(findIndicator('X02')?.name).toBe('按期办结率');
    expect(findIndicator('P99')).toBeUndefined();
  });

  it('shows P13 P14 X11 X12 X13 S12 S13 O06 C08 without scoring them', () => {
    const context = catalogue.filter((indicator) => !isScored(indicator));
    expect(context.map(({ code }) => code).join(' ')).toBe('P13 P14 X11 X12 X13 S12 S13 O06 C08');
    for (const { weight, direction } of context) expect([weight, direction]).toEqual([0, 0]);
    for (const { weight, direction } of catalogue.filter(isScored)) {
      expect(weight).toBeGreaterThan(0);
      expect(Math.abs(direction)).toBe(1);
    }
  });

  it('hands out 100 inside each dimension', () => {
    for (const id of dimensionIds) {
      const weights = catalogue.filter(({ dimension }) => dimension === id).map(({ weight }) => weight);
      expect(
        weights.reduce((sum, weight) => sum + weight, 0),
        id,
      ).toBe(100);
    }
  });

  it('files each indicator under the dimension of its letter', () => {
    const letters = { police: 'P', petition: 'X', mediation: 'S', opinion: 'O', creation: 'C' };
    for (const { code, dimension } of catalogue) expect(code[0]).toBe(letters[dimension]);
  });

  it('has a denominator among the cases for ratios only', () => {
    for (const { kind, query } of catalogue) {
      for (const { denominator } of query.terms) expect(denominator !== null).toBe(kind === 'ratio');
    }
  });

  it('dates every term once, one way or the other', () => {
    for (const { code, query } of catalogue) {
      expect(query.terms.length, code).toBeGreaterThan(0);
      for (const { cohort, cohorts } of query.terms) expect([cohort, cohorts].filter(Boolean), code).toHaveLength(1);
    }
  });

  it('shows the number of petitions and disputes, and how many rated, at most', () => {
    for (const code of ['X11', 'X12', 'X13', 'S13']) expect(isScored(findIndicator(code)!)).toBe(false);
  });

  it('has goalposts that run in the direction', () => {
    for (const { code, direction, goalposts } of catalogue.filter(isScored)) {
      if (goalposts.rule === 'per_unit') expect(direction, code).toBe(-1);
      else {
        expect((goalposts.g60 - goalposts.g0) * direction, code).toBeGreaterThan(0);
        expect((goalposts.g100 - goalposts.g60) * direction, code).toBeGreaterThan(0);
      }
    }
  });

  it('draws the zero mark on from the line between pass and full marks', () => {
    expect(findIndicator('P09')?.goalposts).toMatchObject({ g0: 53, g60: 80, g100: 98 });
    expect(findIndicator('X02')?.goalposts).toMatchObject({ g0: 80, g60: 92, g100: 100 });
    expect(findIndicator('X08')?.goalposts).toMatchObject({ g0: 75.75, g60: 90, g100: 99.5 });
  });

  it('says of every unverified figure that it is one', () => {
    for (const { basis, goalpostsBasis } of catalogue) {
      for (const { text, mark } of [basis, goalpostsBasis]) if (mark === '✘') expect(text).toContain('未核实');
    }
    expect(severityBasis).toMatchObject({ mark: '✘', text: expect.stringContaining('未核实') });
  });
});

describe.each(catalogue.map((indicator) => [indicator.code, indicator] as const))('SQL of %s', (_code, indicator) => {
  it('dates a case by its own fields, and counts with known columns and functions', () => {
    for (const sql of dateRules(indicator)) expectNames(sql, ownColumns(indicator));
    for (const sql of numbers(indicator)) expectNames(sql, allColumns(indicator));
  });

  it('closes its brackets and takes days in the time zone of the county', () => {
    for (const sql of expressionsOf(indicator)) {
      let depth = 0;
      for (const sign of sql) {
        depth += Number(sign === '(') - Number(sign === ')');
        expect(depth, sql).toBeGreaterThanOrEqual(0);
      }
      expect(depth, sql).toBe(0);
      expect(sql.split(/toDate32\(|toTimeZone\(/).length, sql).toBe(sql.split('{tz:String}').length);
    }
  });

  it('compares only with values the contract allows', () => {
    const schema = schemaIds.find((id) => recordTypeOf(id) === indicator.recordType)!;
    const shape = JSON.stringify(bodySchemas[schema].toJSONSchema());
    for (const sql of expressionsOf(indicator)) {
      for (const [, value = ''] of sql.matchAll(/'([^']*)'/g)) {
        // sub_category is free text in the contract; the lists are ours.
        if (seriousViolentSubCategories.some((own) => own === value) || value in defaultSeverity) continue;
        if (value === '' || value === ':') continue;
        expect(shape, `${value} in ${sql}`).toContain(`"${value}"`);
      }
    }
  });
});
