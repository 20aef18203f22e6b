import { expect, it } from 'vitest';
import { inherited } from './inherit.js';
import { rollUp } from './roll-up.js';

const region = (code: string, changes: object) => ({
  code,
  name: code,
  parent: null,
  level: 'township' as const,
  type: 'township',
  areaClass: null,
  ranked: true,
  countsAs: null,
  aliases: [],
  validFrom: null,
  validTo: null,
  populations: [],
  ...changes,
});

const county = {
  code: 'X1',
  name: '例县',
  timeZone: 'Asia/Shanghai',
  startMonth: null,
  demo: null,
  regions: {
    version: 'v',
    regions: [
      region('A', { validTo: '2026-08', countsAs: 'C|1' }),
      region('B', { validTo: '2026-08', countsAs: 'C|1' }),
      region('C|1', { validFrom: '2026-09' }),
      region('D', {}),
    ],
  },
};

const row = (month: string, indicator: string, region_code: string, numerator: number, denominator = 0) => ({
  month,
  indicator,
  region_code,
  numerator,
  denominator,
});

it('adds the past of units to that of the unit they went into, exactly', () => {
  const rolledUp = rollUp(county, [
    row('2026-08', 'P06', 'A', 0.1, 3),
    row('2026-08', 'P06', 'B', 0.2, 4),
    row('2026-08', 'P06', 'D', 0.3),
    row('2026-09', 'P06', 'A', 0.7),
    row('2026-08', 'P02:theft', 'A', 2),
  ]);
  const heirs = new Map([
    ['A', 'C|1'],
    ['B', 'C|1'],
  ]);
  const { components, parts } = inherited(rolledUp, heirs);
  expect(Object.fromEntries(components)).toEqual({
    'P06|C|1|2026-08': { numerator: 0.3, denominator: 7 },
    'P06|D|2026-08': { numerator: 0.3, denominator: 0 },
    'P06|C|1|2026-09': { numerator: 0.7, denominator: 0 },
  });
  expect(parts).toEqual([{ code: 'P02', part: 'theft', unit: 'C|1', month: '2026-08', numerator: 2, denominator: 0 }]);
  expect(inherited(rolledUp, new Map(heirs))).toBe(inherited(rolledUp, heirs));
  expect(inherited(rolledUp, new Map())).toBe(rolledUp);
});
