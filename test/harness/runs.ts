import { catalogue } from '@pingan/indicators';
import type { Run } from '@pingan/store';

/** A run written by hand: each unit's score falls by its place; `missing` leaves all without. */
export function handMadeRun(options: {
  county: string;
  period: string;
  names: readonly string[];
  scheme: string;
  missing?: string;
}): Run {
  const { county, period, names, scheme, missing = null } = options;
  const scored = missing === null;
  const shift = scheme.length + (scheme.codePointAt(0)! % 7);
  const units = names.map((name, i) => ({ name, region_code: `R${i + 1}`, place: ((i * shift) % names.length) + 1 }));
  const scoreOf = (place: number) => 100 - (60 * place) / names.length;
  const bandOf = (score: number) => (score >= 90 ? 'blue' : score >= 80 ? 'yellow' : score >= 70 ? 'orange' : 'red');
  return {
    head: {
      run_id: `${county}-${period}-${scheme}`,
      county,
      period,
      scheme_hash: scheme,
      scheme_name: `方案${scheme}`,
      region_version: 'v',
      input_digest: scheme,
      watermark: '{}',
    },
    units: units.map(({ name, region_code, place }) => ({
      region_code,
      name,
      peer_class: 'plain',
      score: scored ? scoreOf(place) : null,
      score_before_deductions: scored ? scoreOf(place) : null,
      rank: scored ? place : null,
      class_rank: null,
      band: scored ? bandOf(scoreOf(place)) : null,
      band_months: scored ? 2 : null,
      score_low: null,
      score_high: null,
      rank_low: scored ? Math.max(1, place - 2) : null,
      rank_high: scored ? Math.min(names.length, place + 2) : null,
      p_best_quarter: null,
      p_worst_quarter: null,
      groups: scored ? [Math.ceil(place / 4)] : [],
      unreported: [],
      confirmed_zero: [],
      missing_reason: scored ? null : 'insufficient_data',
    })),
    dimensions: units.map(({ region_code, place }) => ({
      region_code,
      dimension: 'police',
      score: scored ? scoreOf(place) : null,
      weight: 1,
      missing_reason: missing,
    })),
    indicators: units.flatMap(({ region_code, place }) =>
      catalogue.map(({ code }) => ({
        region_code,
        code,
        numerator: 3,
        denominator: 0,
        population: scored ? 10_000 : null,
        window_from: period,
        window_to: period,
        months: 1,
        value: scored ? place : null,
        shrunken_value: null,
        g0: null,
        g60: null,
        g100: null,
        goalpost_basis: null,
        level: null,
        trend: null,
        own_mean: null,
        own_ratio: null,
        score: scored ? scoreOf(place) : null,
        weight: 1 / catalogue.length,
        contribution: scored ? scoreOf(place) / catalogue.length : 0,
        missing_reason: missing,
      })),
    ),
    deductions: [],
    priors: [],
  };
}
