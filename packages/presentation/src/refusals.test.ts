import { badRequest } from '@pingan/contracts';
import { refused } from '@pingan/queries';
import { expect, it } from 'vitest';
import { refusalText } from './refusals.js';

const county = { code: 'C1', name: '例县' };

it('makes the sentence of code and facts, and of what is there instead', () => {
  const none = refused('unknown_county', { county: 'C9', known: [] });
  expect(none).toMatchObject({ kind: 'request', code: 'unknown_county', facts: { county: 'C9' } });
  expect(refusalText(none)).toBe('没有登记县 C9。还没有登记任何县；登记用 pingan county add。');
  const some = refused('unknown_county', { county: 'C9', known: [county] });
  expect(refusalText(some)).toContain('已登记：C1 例县');
});

it('names at most forty units', () => {
  const units = Array.from({ length: 41 }, (_, i) => ({ code: `R${i + 1}`, name: '镇' }));
  const text = refusalText(refused('unknown_region', { county, region: '无此镇', units }));
  expect(text).toContain('R40 镇……');
  expect(text).not.toContain('R41');
});

it('takes the sentence a refusal brings along', () => {
  expect(refusalText(badRequest('缺少 --month'))).toBe('缺少 --month');
});
