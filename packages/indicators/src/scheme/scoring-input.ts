import { findIndicator, type Indicator } from '../catalogue/index.js';
import type { Scheme, SchemeDimension, SchemeIndicator } from './schema.js';

/** One indicator as `scoreMonth` reads it. */
export type ScoringIndicator = Pick<Indicator, 'recordType' | 'kind' | 'direction' | 'weighting'> & SchemeIndicator;

type Rules = Omit<Scheme, 'name' | 'dimensions'>;

export interface ScoringInput extends Rules {
  dimensions: Array<Omit<SchemeDimension, 'indicators'> & { indicators: ScoringIndicator[] }>;
}

/**
 * The part of `scoreMonth`'s input that comes from the scheme and the catalogue. Throws RangeError for an indicator the
 * catalogue does not know: the scheme was not made by `parseScheme` of this version.
 */
export function toScoringInput({ name: _name, dimensions, ...rules }: Scheme): ScoringInput {
  return {
    dimensions: dimensions.map(({ id, weight, indicators }) => ({
      id,
      weight,
      indicators: indicators.map((entry) => {
        const own = findIndicator(entry.code);
        if (own === undefined) throw new RangeError(`indicator ${entry.code} is not in the catalogue`);
        const { recordType, kind, direction, weighting } = own;
        return { ...entry, recordType, kind, direction, weighting };
      }),
    })),
    ...rules,
  };
}
