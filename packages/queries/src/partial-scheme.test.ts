import { schemeHash } from '@pingan/indicators';
import { expect, it } from 'vitest';
import { partialScheme } from './partial-scheme.js';

const codesOf = (text: string) =>
  partialScheme(text).dimensions.flatMap(({ indicators }) => indicators.map(({ code }) => code));

it('takes streams, record types and indicators, in code or in Chinese, with the number a mapping writes', () => {
  const disputes = codesOf('mediation.dispute');
  expect(disputes).toEqual(['S01', 'S02', 'S03', 'S04', 'S05', 'S06']);
  for (const text of ['mediation.dispute/1', '矛盾纠纷', ' mediation.dispute/1 '])
    expect(codesOf(text)).toEqual(disputes);
  expect(codesOf('S01、S02')).toEqual(['S01', 'S02']);
  expect(schemeHash(partialScheme('社情'))).toBe(schemeHash(partialScheme('mediation')));
});

it('refuses what there is not, and what the default does not weigh', () => {
  expect(() => partialScheme('mediation.nothing/1')).toThrow('--only 中没有 mediation.nothing/1');
  expect(() => partialScheme('S12')).toThrow('默认方案没有用到它');
});
