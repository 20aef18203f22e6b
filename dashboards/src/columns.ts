import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { bandColours, bandSteps } from './palette.js';

/** How a column of figures or words is shown; figures stand on the right with fixed decimals. */
export type ColumnKind =
  | 'text'
  | 'prose'
  | 'short'
  | 'hidden'
  | 'band'
  | 'count'
  | 'score'
  | 'scoreHeat'
  | 'points'
  | 'value'
  | 'percent'
  | 'degrees';

export interface Column {
  /** As the SQL names it. */
  name: string;
  kind: ColumnKind;
  width?: number;
  link?: { title: string; url: string };
}

/** What stands in a cell without a value. */
const dash = '—';

const property = (id: string, value: unknown): DynamicConfigValue => ({ id, value });
const right = property('custom.align', 'right');
const figure = (decimals: number, unit = 'none') => [property('decimals', decimals), property('unit', unit), right];

export const bandMappings = [
  {
    type: 'value',
    options: Object.fromEntries(
      bandColours.map(({ name, colour }, index) => [name, { text: name, color: colour, index }]),
    ),
  },
];

/** The base of Grafana's steps has no value; a score that is missing gets its colour, which must not look like a band. */
export const bandThresholds = {
  mode: 'absolute',
  steps: [
    { value: null, color: 'transparent' },
    ...bandSteps.map(({ min, colour }) => ({ value: min, color: colour })),
  ],
};

const kinds: Record<ColumnKind, DynamicConfigValue[]> = {
  text: [property('unit', 'string')],
  // Grafana 12 looks for the first, 13 for the second.
  prose: [
    property('unit', 'string'),
    property('custom.cellOptions', { type: 'auto', wrapText: true }),
    property('custom.wrapText', true),
  ],
  short: [property('unit', 'string'), right],
  hidden: [
    property('unit', 'string'),
    property('custom.hidden', true),
    property('custom.hideFrom', { viz: true, legend: true, tooltip: true }),
  ],
  band: [
    property('unit', 'string'),
    property('mappings', bandMappings),
    property('custom.cellOptions', { type: 'color-background', mode: 'basic' }),
    property('custom.align', 'center'),
  ],
  count: figure(0),
  score: figure(2),
  scoreHeat: [
    ...figure(2),
    property('thresholds', bandThresholds),
    property('color', { mode: 'thresholds' }),
    property('custom.cellOptions', { type: 'color-background', mode: 'basic' }),
  ],
  points: figure(2),
  value: figure(3),
  percent: figure(1, 'percent'),
  degrees: figure(3),
};

/** Overrides of one column. */
export function overridesOf({ kind, width, link }: Column): DynamicConfigValue[] {
  return [
    ...kinds[kind],
    property('noValue', dash),
    ...(width === undefined ? [] : [property('custom.width', width)]),
    ...(link === undefined ? [] : [property('links', [{ ...link, targetBlank: false }])]),
  ];
}
