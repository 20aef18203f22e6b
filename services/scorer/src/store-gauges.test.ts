import { expect, it } from 'vitest';
import { workingDaysSince } from './store-gauges.js';

const at = (text: string) => Date.parse(`${text}+08:00`);

it.each([
  // By hand: 1 January 2026 is a holiday until the 3rd, Sunday the 4th is worked.
  ['2025-12', '2026-01-03T23:59:59', 0],
  ['2025-12', '2026-01-04T00:00:00', 1],
  ['2025-12', '2026-01-06T09:00:00', 3],
  // 1 to 7 October off, the 8th is a Thursday.
  ['2026-09', '2026-10-07T12:00:00', 0],
  ['2026-09', '2026-10-08T00:00:00', 1],
  ['2026-02', '2026-03-02T08:00:00', 1],
  ['2020-01', '2026-03-02T08:00:00', 20],
])('after %s, at %s of the county, %i working days have begun', (month, now, days) => {
  expect(workingDaysSince(month, at(now), 'Asia/Shanghai')).toBe(days);
});
