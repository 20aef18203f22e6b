import { expect, it } from 'vitest';
import { isDue, lastMoment } from './due.js';

const zone = 'Asia/Shanghai';
const ms = (text: string) => Date.parse(`${text}+08:00`);

it.each([
  ['2026-03-05T02:30:00', '2026-03-05T02:30:00'],
  ['2026-03-05T02:29:59', '2026-03-04T02:30:00'],
  ['2026-03-05T23:59:30', '2026-03-05T02:30:00'],
  ['2026-03-01T00:00:00', '2026-02-28T02:30:00'],
])('at %s the last 02:30 was %s', (now, moment) => {
  expect(lastMoment('02:30', ms(now), zone)).toBe(ms(moment));
});

it('is due once a night, and at once where a night was missed', () => {
  const due = (last: string | undefined, now: string) =>
    isDue('02:30', { lastMs: last === undefined ? undefined : ms(last), nowMs: ms(now), timeZone: zone });
  expect(due(undefined, '2026-03-05T12:00:00')).toBe(true);
  expect(due('2026-03-04T02:31:00', '2026-03-05T02:29:00')).toBe(false);
  expect(due('2026-03-04T02:31:00', '2026-03-05T02:30:00')).toBe(true);
  expect(due('2026-03-05T02:31:00', '2026-03-05T02:40:00')).toBe(false);
  expect(due('2026-03-01T02:31:00', '2026-03-05T09:00:00')).toBe(true);
  expect(due('2026-04-05T02:31:00', '2026-03-05T09:00:00')).toBe(true);
});
