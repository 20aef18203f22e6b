import { expect, it } from 'vitest';
import { requireScorable } from './never-scored.js';

const county = { code: '610998', name: '例县', timeZone: 'Asia/Shanghai' };
// The first minutes of November there, still October by universal time.
const nowMs = Date.UTC(2026, 9, 31, 16, 5);
const ask = (...months: string[]) => requireScorable(county, months, { start: '2026-03', nowMs });

it('scores months from the first one to the one that has begun there', () => {
  expect(() => ask('2026-03', '2026-11')).not.toThrow();
  expect(() => ask('2026-01', '2026-02', '2026-03')).toThrow(
    '610998 例县不能计算 2026-01 至 2026-02（2 个月）：早于起始月 2026-03',
  );
  expect(() => ask('2026-10', '2026-12')).toThrow('610998 例县不能计算 2026-12：该月还没有开始');
  expect(() => ask('2030-01')).toThrow('2030-01：该月还没有开始');
});
