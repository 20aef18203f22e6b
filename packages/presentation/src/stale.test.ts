import type { Staleness } from '@pingan/queries';
import { expect, it } from 'vitest';
import { stalenessText } from './stale.js';

const stale = (own: Partial<Staleness>): Staleness => ({
  basis: 'latest',
  computed_at: '2026-11-03 09:12:00',
  months: [],
  scheme: false,
  regions: false,
  ...own,
});
const textOf = (own: Partial<Staleness>) => stalenessText(stale(own), { county: 'X1', period: '2026-10' });

it('says when a run was computed, what changed since and what to do', () => {
  const text = textOf({ months: ['2026-09', '2026-10'] });
  expect(text).toContain('是 2026-11-03 09:12:00 计算的，此后 2026-09、2026-10 的数据有变动，还没有重新计分');
  expect(text).toContain('pingan score --county X1 --month 2026-10');
});

it('names every change, and none that it does not know of', () => {
  expect(textOf({ months: ['2026-10'], scheme: true, regions: true })).toContain(
    '2026-10 的数据有变动，换了方案，换了区域表',
  );
  expect(textOf({})).toContain('计分的依据（零报送确认、以往月份的方案或算法）有变动');
  const all = Array.from({ length: 9 }, (_, i) => `2026-0${i + 1}`);
  expect(textOf({ months: all })).toContain('、2026-09 等 9 个月的数据有变动');
});

it('does not promise that a published result changes', () => {
  const text = textOf({ basis: 'published', months: ['2026-10'] });
  expect(text).toContain('已发布的结果不随之改变');
  expect(text).not.toContain('重新计分');
});
