import { findIndicator, isScored, type ScoredIndicator } from '../catalogue/index.js';
import type { Scheme, SchemeDimension, SchemeIndicator } from './schema.js';

/** One indicator as `scoreMonth` reads it. */
export type ScoringIndicator = Pick<ScoredIndicator, 'recordType' | 'kind' | 'direction' | 'weighting'> &
  SchemeIndicator & { min_n?: number };

type Rules = Omit<Scheme, 'name' | 'dimensions' | 'severity'>;

export interface ScoringInput extends Rules {
  dimensions: Array<Omit<SchemeDimension, 'indicators'> & { indicators: ScoringIndicator[] }>;
}

/**
 * The part of `scoreMonth`'s input that comes from the scheme and the catalogue; the severity table is applied to the
 * components instead. Throws RangeError for an indicator the catalogue does not know or does not score: the scheme was not made by `parseScheme` of this version.
 */
export function toScoringInput({ name: _name, severity: _severity, dimensions, ...rules }: Scheme): ScoringInput {
  return {
    dimensions: dimensions.map(({ id, weight, indicators }) => ({
      id,
      weight,
      indicators: indicators.map((entry) => {
        const own = findIndicator(entry.code);
        if (own === undefined || !isScored(own)) {
          throw new RangeError(`indicator ${entry.code} is not a scored one of the catalogue`);
        }
        const { recordType, kind, direction, weighting, minimumN } = own;
        const floor = minimumN === undefined ? {} : { min_n: minimumN };
        return { ...entry, recordType, kind, direction, weighting, ...floor };
      }),
    })),
    ...rules,
  };
}
