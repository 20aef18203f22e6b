import { describe, expect, it } from 'vitest';
import { day, instant } from './primitives.js';

const two = (n: number) => String(n).padStart(2, '0');

describe('day', () => {
  it('knows exactly the days of the calendar from 1949 to 2100', () => {
    for (let year = 1947; year <= 2102; year += 1) {
      for (let month = 0; month <= 13; month += 1) {
        for (let date = 0; date <= 32; date += 1) {
          const text = `${year}-${two(month)}-${two(date)}`;
          const time = new Date(Date.UTC(year, month - 1, date));
          const exists = time.toISOString().startsWith(text) && year >= 1949 && year <= 2100;
          if (day.safeParse(text).success !== exists) expect.fail(text);
        }
      }
    }
  });

  it.each(['2026-1-01', '2026-01-01 ', ' 2026-01-01', '2026/01/01', '20260101', ''])('refuses %j', (text) => {
    expect(day.safeParse(text).success).toBe(false);
  });
});

describe('instant', () => {
  it.each([
    '2026-02-29T08:00:00Z',
    '2026-10-01T24:00:00Z',
    '2026-10-01T08:60:00Z',
    '2026-10-01T08:00:00',
    '2026-10-01 08:00:00Z',
    '2026-10-01T08:00:00+15:00',
    '2026-10-01T08:00Z',
    '2026-10-01T08:00:00.Z',
    '1948-12-31T09:59:59Z',
    '1948-12-30T16:00:00Z',
  ])('refuses %j', (text) => {
    expect(instant.safeParse(text).success).toBe(false);
  });

  it.each(['2024-02-29T08:00:00Z', '2026-10-01T23:59:59.999999999+08:00', '1949-10-01T00:00:00-05:30'])(
    'takes %j',
    (text) => {
      expect(instant.safeParse(text).success).toBe(true);
    },
  );

  it('takes the first moments of 1949 in a county, which are of the year before in UTC', () => {
    expect(instant.safeParse('1948-12-31T16:00:00.000Z').success).toBe(true);
  });
});
