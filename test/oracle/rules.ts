export type Rule =
  | { rule: 'absolute' | 'class_mean'; g0: number; g60: number; g100: number }
  | { rule: 'per_unit'; penalty: number };

export interface Definition {
  code: string;
  recordType: string;
  kind: 'rate' | 'ratio' | 'count' | 'intensity';
  window: number;
  rule: Rule;
  weight: number;
}

const absolute = (g0: number, g60: number, g100: number): Rule => ({ rule: 'absolute', g0, g60, g100 });
const classMean: Rule = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 };

function of(recordType: string, rows: Array<[string, Definition['kind'], number, Rule, number]>): Definition[] {
  return rows.map(([code, kind, window, rule, weight]) => ({ code, recordType, kind, window, rule, weight }));
}

/** The default scheme as it is written down for readers; deliberately not read from the catalogue. */
export const scheme: ReadonlyArray<{ id: string; weight: number; indicators: Definition[] }> = [
  {
    id: 'police',
    weight: 35,
    indicators: of('police.incident', [
      ['P01', 'rate', 3, classMean, 18],
      ['P03', 'count', 12, { rule: 'per_unit', penalty: 15 }, 10],
      ['P04', 'rate', 3, classMean, 10],
      ['P09', 'ratio', 1, absolute(53, 80, 98), 6],
      ['P12', 'rate', 12, classMean, 3],
    ]),
  },
  {
    id: 'petition',
    weight: 25,
    indicators: [
      ...of('petition.case', [
        ['X01', 'ratio', 1, absolute(80, 95, 100), 15],
        ['X02', 'ratio', 1, absolute(80, 92, 100), 20],
        ['X04', 'ratio', 3, classMean, 12],
      ]),
      ...of('hotline.order', [['X08', 'ratio', 1, absolute(75.75, 90, 99.5), 6]]),
    ],
  },
  {
    id: 'mediation',
    weight: 25,
    indicators: [
      ...of('mediation.dispute', [
        ['S01', 'ratio', 3, absolute(80, 92, 99), 10],
        ['S02', 'ratio', 1, absolute(60, 85, 98), 12],
        ['S05', 'count', 12, { rule: 'per_unit', penalty: 20 }, 14],
      ]),
      ...of('mediation.grid_event', [['S07', 'ratio', 1, absolute(70, 90, 99), 10]]),
    ],
  },
  {
    id: 'opinion',
    weight: 15,
    indicators: of('opinion.event', [
      ['O01', 'intensity', 3, classMean, 30],
      ['O02', 'ratio', 3, absolute(50, 80, 100), 30],
      ['O04', 'ratio', 12, classMean, 15],
    ]),
  },
];

export const bands: ReadonlyArray<readonly [string, number]> = [
  ['blue', 90],
  ['yellow', 80],
  ['orange', 70],
  ['red', 0],
];

export const MAX_MISSING = 0.3;
export const BASE_MONTHS = 12;
export const MIN_BASE_MONTHS = 3;
export const TIE_DECIMALS = 9;
