import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentKey } from '../month/keys.js';
import { county, indicators } from '../month/test-county.js';
import type { MonthInput } from '../month/types.js';
import { type ChangeExplanation, changeExplainer } from './explain-change.js';

function sumOf({ indicators: rows, deduction, floor }: ChangeExplanation): number {
  const ofRows = rows.reduce((sum, row) => sum + row.count + row.denominator + row.reference, 0);
  return ofRows + (deduction ?? 0) + (floor ?? 0);
}

/** Another month of the same or another county, with other residents, weights and window ends. */
const pair = fc
  .tuple(
    county,
    county,
    fc.constantFrom('2025-12', '2026-02', '2026-03'),
    fc.array(fc.nat(4), { minLength: 9, maxLength: 9 }),
  )
  .map(([before, other, period, weights]): [MonthInput, MonthInput] => {
    const dimensions = other.dimensions.map((one) => ({
      ...one,
      indicators: one.indicators
        .map((own, i) => ({ ...own, weight: own.weight * (weights[i] ?? 1) }))
        .filter((_, i) => i === 0 || weights[i + 3] !== 0),
    }));
    const start = before.startMonth < period ? before.startMonth : '2025-06';
    return [
      { ...before, startMonth: start, period },
      { ...other, dimensions },
    ];
  });

describe('explainChange, for any two months', () => {
  it('has parts that sum to the change', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        const explain = changeExplainer(before, after);
        for (const { code } of [...before.units, ...after.units]) {
          const found = explain(code);
          if (found.change === null) {
            expect(found.missing_reason).not.toBeNull();
            continue;
          }
          expect(Math.abs(sumOf(found) - found.change)).toBeLessThan(1e-9);
          for (const row of found.indicators) {
            expect(Math.abs(row.count + row.denominator + row.reference - row.change)).toBeLessThan(1e-9);
            const { past, peers, handed, missing, scheme } = row.references;
            expect(Math.abs(past + peers + handed + missing + scheme - row.reference)).toBeLessThan(1e-9);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('finds nothing where nothing changed', () => {
    fc.assert(
      fc.property(county, (input) => {
        const explain = changeExplainer(input, { ...input, units: [...input.units].reverse() });
        for (const { code } of input.units) {
          const { change, deduction, floor, indicators: rows } = explain(code);
          if (change === null) continue;
          expect([change, deduction, floor].map((part) => Math.abs(part ?? 1))).toEqual([0, 0, 0]);
          for (const row of rows) expect([row.count, row.denominator, row.reference].map(Math.abs)).toEqual([0, 0, 0]);
        }
      }),
    );
  });

  it('leaves denominators alone where only the numerators of one unit change', () => {
    fc.assert(
      fc.property(county, fc.nat(), fc.constantFrom(...indicators), fc.nat(9), (input, pick, { code }, numerator) => {
        const who = input.units[pick % input.units.length]!.code;
        const key = componentKey(code, who, input.period);
        const old = input.components.get(key);
        if (old === undefined) return;
        const capped = Math.min(numerator, old.denominator ?? numerator);
        const after = { ...input, components: new Map([...input.components, [key, { ...old, numerator: capped }]]) };
        const explain = changeExplainer(input, after);
        for (const unit of input.units) {
          for (const row of explain(unit.code).indicators) {
            expect(row.denominator).toBe(0);
            if (unit.code !== who || row.code !== code) expect(row.count).toBe(0);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
