import { catalogue, dimensionIds, dimensions } from '../catalogue/index.js';
import { resolveScheme } from './check.js';
import { type Scheme, schemeDocument } from './schema.js';

/** All indicators of the catalogue with its weights: police 35, petition 25, mediation 25, opinion 15. */
export const defaultScheme: Scheme = resolveScheme(
  schemeDocument.parse({
    name: '默认方案',
    dimensions: dimensionIds.map((id) => ({
      id,
      weight: dimensions[id].weight,
      indicators: catalogue.filter(({ dimension }) => dimension === id).map(({ code, weight }) => ({ code, weight })),
    })),
  }),
).scheme;
