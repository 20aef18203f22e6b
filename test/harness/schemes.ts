import { parseScheme, type Scheme, schemeHash } from '@pingan/indicators';
import { bands, type Options, scheme } from '../oracle/index.js';
import { BASE_MONTHS, MAX_MISSING, MIN_BASE_MONTHS, TIE_DECIMALS } from '../oracle/rules.js';
import type { Pipeline } from './pipeline.js';

/** The oracle's scheme as a document, everything written out: what the product's defaults are does not matter. */
export function writtenScheme(name: string, { trend, deductions, hysteresis, peerRanks }: Options): Scheme {
  const document = {
    name,
    dimensions: scheme.map(({ id, weight, indicators }) => ({
      id,
      weight,
      indicators: indicators.map(({ code, weight, window, rule }) => ({ code, weight, window, goalposts: rule })),
    })),
    bands: bands.map(([id, min]) => ({ id, name: id, colour: '#000000', min })),
    missing: { max_share: MAX_MISSING },
    tie: { decimals: TIE_DECIMALS },
    baseline: { months: BASE_MONTHS, min_months: MIN_BASE_MONTHS },
    shrinkage: { method: 'none', min_class: 4 },
    trend: { share: trend },
    deductions: {
      cap: deductions.cap,
      rules: deductions.rules.map(({ id, events, points, deaths, free, doubled }) => ({
        id,
        name: id,
        events,
        points,
        doubled_in: doubled ? [{ from: doubled[0], to: doubled[1] }] : [],
        ...(deaths ? { kind: 'deaths', min: deaths[0], max: deaths[1] } : {}),
        ...(free !== undefined ? { kind: 'count', free } : {}),
        ...(deaths || free !== undefined ? {} : { kind: 'veto' }),
      })),
    },
    hysteresis,
    peer_ranks: peerRanks,
  };
  return parseScheme(JSON.stringify(document), { file: name });
}

/** From now on every month of the county is scored by this scheme. */
export function useScheme(pipeline: Pipeline, county: string, scheme: Scheme): Promise<void> {
  const document = JSON.stringify(scheme);
  return pipeline.store.schemes.activate(county, { fromMonth: '1970-01', hash: schemeHash(scheme), document });
}
