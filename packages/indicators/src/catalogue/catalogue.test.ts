import { bodySchemas, recordTypeOf, schemaIds } from '@pingan/contracts';
import { describe, expect, it } from 'vitest';
import { catalogue, findIndicator, type Indicator, seriousViolentSubCategories } from './index.js';

const functions = new Set(
  'addHours addMinutes coalesce if ifNull isNotNull isNull least log multiIf round toDate toDecimal64 toString toUInt8 transform'.split(
    ' ',
  ),
);
const keywords = new Set(['AND', 'NOT', 'IN']);

function columnsOf({ recordType }: Indicator): Set<string> {
  const columns = new Set(['occurred_at']);
  for (const schema of schemaIds) {
    if (recordTypeOf(schema) === recordType) for (const key of Object.keys(bodySchemas[schema].shape)) columns.add(key);
  }
  if (recordType === 'petition.case') columns.add('original_closed_at');
  return columns;
}

function expressionsOf({ query }: Indicator): string[] {
  return [query.where, query.cohort, query.denominator, query.numerator].filter((text) => typeof text === 'string');
}

describe('catalogue', () => {
  it('has the first sixteen indicators, each once', () => {
    expect(catalogue.map(({ code }) => code).join(' ')).toBe(
      'P01 P03 P04 P09 P12 X01 X02 X04 X08 S01 S02 S05 S07 O01 O02 O04',
    );
    for (const key of ['code', 'id', 'name'] as const) {
      expect(new Set(catalogue.map((indicator) => indicator[key])).size).toBe(catalogue.length);
    }
    expect(findIndicator('X02')?.name).toBe('按期办结率');
    expect(findIndicator('P99')).toBeUndefined();
  });

  it('files each indicator under the dimension of its letter', () => {
    const letters = { police: 'P', petition: 'X', mediation: 'S', opinion: 'O' };
    for (const { code, dimension } of catalogue) expect(code[0]).toBe(letters[dimension]);
  });

  it('has a denominator among the cases for ratios only', () => {
    for (const { kind, query } of catalogue) expect(query.denominator !== null).toBe(kind === 'ratio');
  });

  it('has goalposts that run in the direction', () => {
    for (const { code, direction, goalposts } of catalogue) {
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

  it('states no unverified figure as a basis', () => {
    for (const { basis, goalpostsBasis } of catalogue) {
      expect(basis.mark).not.toBe('✘');
      expect(goalpostsBasis.mark).not.toBe('✘');
    }
  });
});

describe.each(catalogue.map((indicator) => [indicator.code, indicator] as const))('SQL of %s', (_code, indicator) => {
  it('names only columns of its record type and known functions', () => {
    const columns = columnsOf(indicator);
    for (const sql of expressionsOf(indicator)) {
      const plain = sql.replaceAll(/'[^']*'/g, '').replaceAll('{tz:String}', '');
      for (const [, name = '', call] of plain.matchAll(/([A-Za-z_]\w*)(\s*\()?/g)) {
        if (keywords.has(name)) continue;
        expect(call === undefined ? columns : functions, `${name} in ${sql}`).toContain(name);
      }
    }
  });

  it('closes its brackets and takes days in the time zone of the county', () => {
    for (const sql of expressionsOf(indicator)) {
      let depth = 0;
      for (const sign of sql) {
        depth += Number(sign === '(') - Number(sign === ')');
        expect(depth, sql).toBeGreaterThanOrEqual(0);
      }
      expect(depth, sql).toBe(0);
      expect(sql.split('toDate(').length, sql).toBe(sql.split('{tz:String}').length);
    }
  });

  it('compares only with values the contract allows', () => {
    const schema = schemaIds.find((id) => recordTypeOf(id) === indicator.recordType)!;
    const shape = JSON.stringify(bodySchemas[schema].toJSONSchema());
    for (const sql of expressionsOf(indicator)) {
      for (const [, value = ''] of sql.matchAll(/'([^']*)'/g)) {
        // sub_category is free text in the contract; the county's list is ours.
        if (seriousViolentSubCategories.some((own) => own === value)) continue;
        expect(shape, `${value} in ${sql}`).toContain(`"${value}"`);
      }
    }
  });
});
