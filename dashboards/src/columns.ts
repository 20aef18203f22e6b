import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { bandColours, bandSteps, better, neutral, pale, worse } from './palette.js';

/** How a column of figures or words is shown; figures stand on the right with fixed decimals. */
export type ColumnKind =
  | 'text'
  | 'prose'
  | 'short'
  | 'hidden'
  | 'band'
  | 'count'
  | 'score'
  | 'scoreBar'
  | 'scoreHeat'
  | 'points'
  | 'change'
  | 'value'
  | 'percent'
  | 'degrees';

export interface Column {
  /** As the SQL names it. */
  name: string;
  kind: ColumnKind;
  width?: number;
  /** Of a column that takes its share of the room; Grafana's own is 150. */
  minWidth?: number;
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
      [...bandColours, { name: '不计分', colour: neutral }].map(({ name, colour }, index) => [
        name,
        { text: name, color: colour, index },
      ]),
    ),
  },
];

/** Colours of a text made by `moved`, which stays as it is. */
const directionMappings = [
  { type: 'regex', options: { pattern: '/^↑/', result: { color: better, index: 0 } } },
  { type: 'regex', options: { pattern: '/^↓/', result: { color: worse, index: 1 } } },
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
  scoreBar: [
    ...figure(2),
    property('min', 0),
    property('max', 100),
    property('color', { mode: 'fixed', fixedColor: pale }),
    property('custom.cellOptions', { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }),
  ],
  scoreHeat: [
    ...figure(2),
    property('thresholds', bandThresholds),
    property('color', { mode: 'thresholds' }),
    property('custom.cellOptions', { type: 'color-background', mode: 'basic' }),
  ],
  points: figure(2),
  change: [
    property('unit', 'string'),
    property('mappings', directionMappings),
    property('custom.cellOptions', { type: 'color-text' }),
    right,
  ],
  value: figure(3),
  percent: figure(1, 'percent'),
  degrees: figure(3),
};

/** Overrides of one column. */
export function overridesOf({ kind, width, minWidth, link }: Column): DynamicConfigValue[] {
  return [
    ...kinds[kind],
    property('noValue', dash),
    ...(width === undefined ? [] : [property('custom.width', width)]),
    ...(minWidth === undefined ? [] : [property('custom.minWidth', minWidth)]),
    ...(link === undefined ? [] : [property('links', [{ ...link, targetBlank: false }])]),
  ];
}
