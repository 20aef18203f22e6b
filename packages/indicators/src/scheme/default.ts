import { catalogue, dimensionIds, dimensions, isScored } from '../catalogue/index.js';
import { resolveScheme } from './check.js';
import { type Scheme, type SchemeDocument, schemeDocument } from './schema.js';

const weighed: SchemeDocument['dimensions'] = dimensionIds
  .filter((id) => dimensions[id].weight > 0)
  .map((id) => ({
    id,
    weight: dimensions[id].weight,
    indicators: catalogue
      .filter(({ dimension }) => dimension === id)
      .filter(isScored)
      .map(({ code, weight }) => ({ code, weight })),
  }));

const complete = (document: SchemeDocument): Scheme => resolveScheme(schemeDocument.parse(document)).scheme;

/**
 * What a county without a scheme of its own is scored by: the catalogue's weights (police 35, petition 25, mediation 25,
 * opinion 15), small numbers shrunken, 0.7 level + 0.3 trend, red lines, colours that hold, ranks inside the class. Points
 * after the 2017 rules of 温州 (veto 30; accident with 3–5 deaths 5, with 6–9 deaths 10; homicide with 3–4 deaths 5;
 * sensitive periods double); the lines for 10 and for 5 deaths close the gaps above those and are our proposal. A county
 * adds its own sensitive periods.
 */
export const defaultScheme: Scheme = complete({
  name: '默认方案',
  dimensions: weighed,
  shrinkage: { method: 'empirical_bayes', min_class: 4 },
  trend: { share: 0.3 },
  deductions: {
    cap: 30,
    rules: [
      { id: 'veto', name: '一票否决事项', kind: 'veto', events: ['veto'], points: 30 },
      { id: 'accident_10', name: '死亡10人以上事故', kind: 'deaths', events: ['accident'], min: 10, points: 30 },
      { id: 'accident_6', name: '死亡6至9人事故', kind: 'deaths', events: ['accident'], min: 6, max: 9, points: 10 },
      { id: 'accident_3', name: '死亡3至5人事故', kind: 'deaths', events: ['accident'], min: 3, max: 5, points: 5 },
      { id: 'homicide_5', name: '死亡5人以上命案', kind: 'deaths', events: ['homicide'], min: 5, points: 10 },
      { id: 'homicide_3', name: '死亡3至4人命案', kind: 'deaths', events: ['homicide'], min: 3, max: 4, points: 5 },
    ],
  },
  hysteresis: { points: 1, months: 2 },
  peer_ranks: true,
});

/**
 * The default scheme for a county that has only some data: these indicators and the dimensions that have any of them. Weights stay as
 * they are written, since only their proportions count. Undefined where the default has none of them.
 */
export function defaultSchemeOf(codes: readonly string[]): Scheme | undefined {
  const included = defaultScheme.dimensions
    .map((dimension) => ({ ...dimension, indicators: dimension.indicators.filter(({ code }) => codes.includes(code)) }))
    .filter(({ indicators }) => indicators.length > 0);
  if (included.length === 0) return undefined;
  const count = (list: Scheme['dimensions']) => list.reduce((sum, { indicators }) => sum + indicators.length, 0);
  if (count(included) === count(defaultScheme.dimensions)) return defaultScheme;
  const names = included.map(({ id }) => dimensions[id].name).join('、');
  return { ...defaultScheme, name: `默认方案（${names}）`, dimensions: included };
}
