import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentKey, coverageKey } from './keys.js';
import { scoreMonth } from './score-month.js';
import { county, dimensions, indicators, types } from './test-county.js';
import type { MonthInput } from './types.js';
import { openMonth } from './what-if.js';
import { windowValues } from './window-values.js';

describe('scoreMonth, for any county', () => {
  it('does not depend on the order of units or components', () => {
    fc.assert(
      fc.property(county, (input) => {
        const turned = {
          ...input,
          units: [...input.units].reverse(),
          components: new Map([...input.components].reverse()),
        };
        expect(JSON.stringify(scoreMonth(turned))).toBe(JSON.stringify(scoreMonth(input)));
      }),
    );
  });

  it('keeps every number finite and in range, each missing one with a reason, contributions summing to the score', () => {
    fc.assert(
      fc.property(county, (input) => {
        for (const entry of scoreMonth(input).units) {
          const { score, rank, band, missing_reason, indicators: rows } = entry;
          expect([score === null, rank === null, band === null]).toEqual(Array(3).fill(missing_reason !== null));
          const sum = rows.reduce((total, row) => total + row.contribution, 0);
          const before = entry.score_before_deductions ?? 0;
          expect(Math.abs(sum - before)).toBeLessThan(1e-9);
          const deducted = entry.deductions.reduce((total, { applied }) => total + applied, 0);
          expect(score ?? 0).toBe(score === null ? 0 : Math.max(0, before - deducted));
          const weights = rows.reduce((total, row) => total + row.weight, 0);
          expect(weights).toBeCloseTo(score === null ? 0 : 1, 9);
          for (const row of rows) {
            expect(row.score === null).toBe(row.missing_reason !== null);
            expect(row.score ?? 0).toBeGreaterThanOrEqual(0);
            expect(row.score ?? 0).toBeLessThanOrEqual(100);
            for (const value of [row.value, row.shrunken_value, row.own_mean, row.own_ratio]) {
              expect(Number.isFinite(value ?? 0)).toBe(true);
            }
            for (const points of [row.level, row.trend])
              expect(points ?? 0).toBe(Math.min(100, Math.max(0, points ?? 0)));
          }
        }
      }),
    );
  });

  it('shrinks every value towards the mean of its prior, not past it', () => {
    fc.assert(
      fc.property(county, (input) => {
        const { units, priors } = scoreMonth(input);
        const classOf = new Map(input.units.map(({ code, peerClass }) => [code, peerClass]));
        for (const { code: unitCode, indicators: rows } of units) {
          for (const row of rows) {
            const prior = priors.find((one) => one.indicator === row.code && one.peer_class === classOf.get(unitCode));
            if (row.value === null || row.shrunken_value === null) continue;
            if (prior === undefined) {
              expect(row.shrunken_value).toBe(row.value);
              continue;
            }
            const isCount = row.code === 'P2' || row.code === 'X4';
            if (isCount && row.population === null) continue;
            const mean = isCount ? (prior.mean * row.months * (row.population ?? 0)) / 10_000 : prior.mean;
            expect(row.shrunken_value).toBeGreaterThanOrEqual(Math.min(row.value, mean) - 1e-9);
            expect(row.shrunken_value).toBeLessThanOrEqual(Math.max(row.value, mean) + 1e-9);
          }
        }
      }),
    );
  });

  it('gives null, never 0 or 100, to the indicators of a stream without data in the month', () => {
    fc.assert(
      fc.property(county, fc.constantFrom(...types), (input, type) => {
        const coverage = new Set(input.coverage);
        coverage.delete(coverageKey(type, input.period));
        for (const { indicators: rows } of scoreMonth({ ...input, coverage }).units)
          for (const [i, row] of rows.entries()) {
            if (indicators[i]?.recordType !== type) continue;
            expect(row).toMatchObject({ value: null, score: null, weight: 0, missing_reason: 'no_data_month' });
          }
      }),
    );
  });

  it('shows but does not score a ratio on fewer cases than its minimum, and reads windows without scoring alike', () => {
    fc.assert(
      fc.property(county, (input) => {
        const { units } = scoreMonth(input);
        for (const { indicators: rows } of units) {
          for (const row of rows) {
            const few = row.code === 'X3' && (row.denominator ?? 0) > 0 && (row.denominator ?? 0) < 12;
            expect(row.missing_reason === 'below_minimum').toBe(few);
            if (few) expect([row.value === null, row.shrunken_value === null, row.score]).toEqual([false, false, null]);
          }
        }
        const read = windowValues(input, indicators);
        for (const [u, { code, indicators: rows }] of read.entries()) {
          expect(code).toBe(units[u]?.code);
          for (const [i, row] of rows.entries()) {
            const scored = units[u]?.indicators[i];
            const { missing_reason, ...facts } = row;
            expect(scored).toMatchObject(facts);
            if (scored?.missing_reason !== 'no_baseline') expect(missing_reason).toBe(scored?.missing_reason);
          }
        }
      }),
    );
  });

  it('is the same from a month opened for many schemes', () => {
    fc.assert(
      fc.property(county, county, (input, { shrinkage, trend, deductions, hysteresis, peer_ranks }) => {
        const score = openMonth(input);
        const other = { ...input, trend: { share: 0.5 }, baseline: { months: 6, min_months: 2 } };
        const plain = { ...input, shrinkage: undefined, trend: undefined, hysteresis: undefined };
        for (const scheme of [
          input,
          other,
          { ...plain, shrinkage, trend, deductions, hysteresis, peer_ranks },
          input,
        ]) {
          const whole = { ...input, ...scheme } as MonthInput;
          expect(JSON.stringify(score(whole))).toBe(JSON.stringify(scoreMonth(whole)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('does not change when weights are scaled', () => {
    fc.assert(
      fc.property(county, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (input, factor) => {
        const scaled = dimensions.map((entry) => ({
          ...entry,
          weight: entry.weight * factor,
          indicators: entry.indicators.map((own) => ({ ...own, weight: own.weight / factor })),
        }));
        const before = scoreMonth(input).units;
        scoreMonth({ ...input, dimensions: scaled }).units.forEach(({ score, rank }, i) => {
          expect(score === null).toBe(before[i]?.score === null);
          expect(score ?? 0).toBeCloseTo(before[i]?.score ?? 0, 9);
          expect(rank === null).toBe(before[i]?.rank === null);
        });
      }),
    );
  });

  it('never lowers the score of a unit that improves one indicator', () => {
    fc.assert(
      fc.property(county, fc.constantFrom(...indicators), fc.nat(), (input, { code, kind, direction }, pick) => {
        // The noise of events that weigh differently is measured on the months themselves: one event less in one month may
        // make it larger, and a noisier value is drawn further towards its class.
        if (input.shrinkage && (kind === 'weighted_rate' || kind === 'intensity')) return;
        const who = input.units[pick % input.units.length]!.code;
        const key = componentKey(code, who, input.period);
        const component = input.components.get(key);
        if (component === undefined) return;
        const numerator = Math.max(0, component.numerator + direction);
        const better = { ...component, numerator: Math.min(numerator, component.denominator ?? numerator) };
        const scoreOf = (of: MonthInput) => {
          const found = scoreMonth(of).units.find((entry) => entry.code === who)!;
          const row = found.indicators.find((entry) => entry.code === code)!;
          return { score: found.score, row, missing: found.indicators.map((entry) => entry.missing_reason).join() };
        };
        const before = scoreOf(input);
        const after = scoreOf({ ...input, components: new Map([...input.components, [key, better]]) });
        const gain = ((after.row.shrunken_value ?? 0) - (before.row.shrunken_value ?? 0)) * direction;
        expect(gain).toBeGreaterThanOrEqual(-1e-9);
        // The very last case of a young county takes its baseline away: then there is no score to compare.
        if (before.missing !== after.missing) return;
        // In a young county the scored month is part of the mean it is held against, and one case moves that mean more
        // than it moves a shrunken value.
        if (input.shrinkage && (after.row.goalposts?.base?.to ?? '') >= input.period) return;
        expect(after.score ?? 0).toBeGreaterThanOrEqual((before.score ?? 0) - 1e-9);
      }),
      { numRuns: 300 },
    );
  });
});
