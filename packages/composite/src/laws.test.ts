import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copeland, weightedMean } from './aggregate.js';
import { type Cell, columnOf, type Frame, type Row } from './columns.js';
import { changeParts } from './contribution.js';
import { marshallGlobal } from './empirical-bayes.js';
import { readModel } from './model.js';
import { minMax } from './normalise.js';
import { aggregateFrame, planAggregation } from './plan.js';
import { rankDescending } from './ranks.js';
import { scoreTable } from './score-table.js';
import { treatColumn } from './treat.js';
import { weightUncertainty } from './uncertainty.js';
import { effectiveWeights, givenWeights } from './weights.js';

const INDICATORS = ['a', 'b', 'c', 'd'];
const meta: Row[] = [
  ...INDICATORS.map((iCode, i) => ({
    Level: 1,
    iCode,
    Parent: i < 2 ? 'left' : 'right',
    Direction: i === 1 ? -1 : 1,
    Weight: i + 1,
    Type: 'Indicator',
  })),
  { Level: 2, iCode: 'left', Parent: 'top', Direction: 1, Weight: 2, Type: 'Aggregate' },
  { Level: 2, iCode: 'right', Parent: 'top', Direction: 1, Weight: 3, Type: 'Aggregate' },
  { Level: 3, iCode: 'top', Direction: 1, Weight: 1, Type: 'Aggregate' },
];
const model = readModel(meta);
const steps = [
  { step: 'impute', method: 'median' },
  { step: 'treat' },
  { step: 'normalise', method: 'minmax', to: [1, 100] },
  { step: 'aggregate', methods: ['arithmetic', 'geometric'] },
];

/** Tables of 5 to 12 units with some values missing and no flat column. */
const tables: fc.Arbitrary<Row[]> = fc
  .array(fc.tuple(...INDICATORS.map(() => fc.option(fc.integer({ min: -1000, max: 1000 }), { freq: 8 }))), {
    minLength: 5,
    maxLength: 12,
  })
  .filter((rows) => INDICATORS.every((_, k) => new Set(rows.map((row) => row[k]).filter((x) => x !== null)).size > 2))
  .map((rows) =>
    rows.map((row, i) => ({ uCode: `u${i}`, ...Object.fromEntries(INDICATORS.map((code, k) => [code, row[k]!])) })),
  );

const finiteOrNull = (value: unknown): boolean => value === null || Number.isFinite(value);
const byUnit = (rows: readonly Row[]): Map<unknown, Row> => new Map(rows.map((row) => [row.uCode, row]));

function expectSameScores(a: readonly Row[], b: readonly Row[]): void {
  const other = byUnit(b);
  for (const row of a) {
    for (const [code, value] of Object.entries(row)) {
      if (typeof value === 'number') expect(other.get(row.uCode)![code]).toBeCloseTo(value, 9);
      else expect(other.get(row.uCode)![code]).toBe(value);
    }
  }
}

describe('laws of scoring a table', () => {
  it('holds no NaN or Infinity anywhere', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const run = scoreTable(table, meta, { steps });
        for (const row of [...run.scores!, ...run.ranks!]) {
          for (const [key, value] of Object.entries(row)) if (key !== 'uCode') expect(finiteOrNull(value)).toBe(true);
        }
      }),
    );
  });

  it('does not depend on the order of units, columns or meta rows', () => {
    fc.assert(
      fc.property(tables, (table) => {
        const turned = table.toReversed().map((row) => Object.fromEntries(Object.entries(row).toReversed()) as Row);
        const a = scoreTable(table, meta, { steps });
        const b = scoreTable(turned, meta.toReversed(), { steps });
        expectSameScores(a.scores!, b.scores!);
        expectSameScores(a.ranks!, b.ranks!);
      }),
    );
  });

  it('does not depend on the scale of the weights inside a parent', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 1, max: 1000 }), (table, factor) => {
        const rescaled = meta.map((row) =>
          row.Parent === 'right' ? { ...row, Weight: Number(row.Weight) * factor } : row,
        );
        expectSameScores(scoreTable(table, meta, { steps }).scores!, scoreTable(table, rescaled, { steps }).scores!);
      }),
    );
  });

  it('never lowers an arithmetic score when a score below it rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 4, maxLength: 4 }),
        fc.nat(3),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (values, k, rise) => {
          const top = (scores: readonly number[]): Cell => {
            const frame = { units: ['u'], columns: new Map(INDICATORS.map((code, i) => [code, [scores[i]!]])) };
            return columnOf(aggregateFrame(frame, model, givenWeights(model)).frame, 'top')[0]!;
          };
          const raised = values.map((value, i) => (i === k ? value + rise : value));
          expect(top(raised)!).toBeGreaterThanOrEqual(top(values)! - 1e-9);
        },
      ),
    );
  });
});

describe('laws of the parts', () => {
  const cells = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { minLength: 3, maxLength: 20 });

  it('effective weights sum to 1 at every level', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 6, maxLength: 6 }), (raw) => {
        const codes = [...model.elements.keys()];
        const weights = new Map(codes.map((code, i) => [code, raw[i] ?? 1]));
        const effective = effectiveWeights(model, weights);
        for (const level of model.levels) {
          expect(level.reduce((sum, code) => sum + effective.get(code)!, 0)).toBeCloseTo(1, 12);
        }
      }),
    );
  });

  it('a rank is one more than the number of better values', () => {
    fc.assert(
      fc.property(cells, (values) => {
        rankDescending(values).forEach((rank, i) => {
          const own = values[i]!;
          expect(rank).toBe(own === null ? null : 1 + values.filter((other) => other !== null && other > own).length);
        });
      }),
    );
  });

  it('min-max turns with the direction', () => {
    fc.assert(
      fc.property(cells, (values) => {
        fc.pre(new Set(values.filter((value) => value !== null)).size > 1);
        const up = minMax(values);
        minMax(values, { direction: -1 }).forEach((value, i) => {
          if (value === null) expect(up[i]).toBeNull();
          else expect(value + up[i]!).toBeCloseTo(100, 9);
        });
      }),
    );
  });

  it('means are ordered: harmonic, geometric, arithmetic, quadratic', () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 8 }), (pairs) => {
        const [values, weights] = [pairs.map(([value]) => value), pairs.map(([, weight]) => weight)];
        const means = [
          weightedMean(values, weights, { kind: 'harmonic' })!,
          weightedMean(values, weights, { kind: 'geometric' })!,
          weightedMean(values, weights)!,
          weightedMean(values, weights, { kind: 'generalised', power: 2 })!,
        ];
        for (let i = 1; i < means.length; i++) expect(means[i]!).toBeGreaterThanOrEqual(means[i - 1]! * (1 - 1e-12));
      }),
    );
  });

  it('Copeland scores sum to 0 and follow their units when rows are turned round', () => {
    const row = fc.tuple(fc.option(fc.nat(3)), fc.option(fc.nat(3)), fc.option(fc.nat(3)));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 8 }), (rows) => {
        const columns = [0, 1, 2].map((k) => rows.map((values) => values[k]!));
        const weights = [0.1, 0.2, 0.3];
        const scores = copeland(columns, weights);
        expect(scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)).toBe(0);
        const turned = copeland(
          columns.map((column) => column.toReversed()),
          weights,
        );
        expect(turned.toReversed()).toEqual(scores);
      }),
    );
  });

  it('treatment keeps the order of the values', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.integer({ min: 0, max: 1e6 }).map((x) => x ** 3),
          { minLength: 8, maxLength: 30 },
        ),
        (values) => {
          const treated = treatColumn(values).values;
          for (let i = 0; i < values.length; i++) {
            for (let j = 0; j < values.length; j++) {
              if (values[i]! > values[j]!) expect(treated[i]!).toBeGreaterThanOrEqual(treated[j]!);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('the parts of a change sum to the change', () => {
    const period = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(period, period, fc.constantFrom('arithmetic' as const, 'geometric' as const), (from, to, kind) => {
        const weights = [1, 2, 5];
        const change = weightedMean(to, weights, { kind })! - weightedMean(from, weights, { kind })!;
        const parts = changeParts(from, to, weights, { kind });
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(change, 8);
      }),
    );
  });

  it('shrunk rates lie between the raw rate and the mean', () => {
    const area = fc.tuple(fc.nat(20), fc.integer({ min: 20, max: 5000 }));
    fc.assert(
      fc.property(fc.array(area, { minLength: 2, maxLength: 15 }), (areas) => {
        const found = marshallGlobal(
          areas.map(([count]) => count),
          areas.map(([, people]) => people),
        );
        found.estimates.forEach((estimate, i) => {
          const ends = [found.raw[i]!, found.mean].sort((a, b) => a - b);
          expect(estimate).toBeGreaterThanOrEqual(ends[0]! - 1e-15);
          expect(estimate).toBeLessThanOrEqual(ends[1]! + 1e-15);
        });
      }),
    );
  });
});

describe('draws', () => {
  const frame: Frame = {
    units: ['u1', 'u2', 'u3', 'u4', 'u5'],
    columns: new Map(
      INDICATORS.map((code, k) => [code, [10, 30, 20, 50, 40].map((x, i) => (x * (k + 2) * (i + 3)) % 97)]),
    ),
  };
  const plan = planAggregation(frame, model);
  const draw = (seed: number) =>
    weightUncertainty({ plan, model, weights: givenWeights(model), noise: { 1: 0.9, 2: 0.9 }, draws: 200, seed });

  it('come out the same for the same seed and differ for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7).shifts).not.toEqual(draw(8).shifts);
  });

  it('without noise leave every rank where it is', () => {
    const still = weightUncertainty({ plan, model, weights: givenWeights(model), noise: {}, draws: 5, seed: 1 });
    expect(still.shifts).toEqual([0, 0, 0, 0, 0]);
    for (const unit of still.units) expect([unit.min, unit.max]).toEqual([unit.nominal, unit.nominal]);
  });
});
