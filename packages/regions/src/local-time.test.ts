import { describe, expect, it } from 'vitest';
import {
  houseTimeZone,
  isTimeZone,
  lastCompleteMonth,
  localDayEnd,
  localDayStart,
  localMonthStart,
  monthOfInstant,
} from './index.js';

const at = (text: string) => Date.parse(text);

describe('local days and months', () => {
  it('start at local midnight, on either side of a clock change', () => {
    expect(localMonthStart('2026-10', 'Asia/Shanghai')).toBe(at('2026-09-30T16:00:00Z'));
    expect(localMonthStart('2024-03', 'Europe/London')).toBe(at('2024-03-01T00:00:00Z'));
    expect(localMonthStart('2024-04', 'Europe/London')).toBe(at('2024-03-31T23:00:00Z'));
    expect(localMonthStart('2024-03', 'America/New_York')).toBe(at('2024-03-01T05:00:00Z'));
    expect(localMonthStart('2024-04', 'America/New_York')).toBe(at('2024-04-01T04:00:00Z'));
  });

  it('last 23 or 25 hours when the clocks change', () => {
    const hours = (day: string, zone: string) => (localDayEnd(day, zone) + 1 - localDayStart(day, zone)) / 3_600_000;
    expect(hours('2024-03-31', 'Europe/London')).toBe(23);
    expect(hours('2024-10-27', 'Europe/London')).toBe(25);
    expect(hours('2024-03-10', 'America/New_York')).toBe(23);
    expect(hours('2026-12-31', 'Asia/Shanghai')).toBe(24);
  });

  it('start with the first instant of a day that has no midnight', () => {
    expect(localDayStart('2018-11-04', 'America/Sao_Paulo')).toBe(at('2018-11-04T03:00:00Z'));
    expect(localDayEnd('2018-11-03', 'America/Sao_Paulo')).toBe(at('2018-11-04T03:00:00Z') - 1);
  });

  it.each(['Asia/Shanghai', 'Europe/London', 'America/New_York', 'Pacific/Kiritimati'])(
    'the first and last millisecond of each month belong to it in %s',
    (zone) => {
      for (const month of ['2023-12', '2024-02', '2024-03', '2024-10', '2024-11']) {
        const start = localMonthStart(month, zone);
        expect(monthOfInstant(start, zone)).toBe(month);
        expect(monthOfInstant(start - 1, zone)).not.toBe(month);
        expect(lastCompleteMonth(start, zone)).toBe(monthOfInstant(start - 1, zone));
      }
    },
  );

  it('refuse what does not exist', () => {
    expect(() => localDayStart('2026-02-30', 'Asia/Shanghai')).toThrow(RangeError);
    expect(() => localDayEnd('soon', 'Asia/Shanghai')).toThrow(RangeError);
    expect(() => localMonthStart('2026-10', 'Mars/Base')).toThrow(RangeError);
    expect([isTimeZone('Asia/Shanghai'), isTimeZone('Mars/Base'), isTimeZone('')]).toEqual([true, false, false]);
  });
});

it('goes by the clock of the first county', () => {
  expect(houseTimeZone([{ timeZone: 'Asia/Urumqi' }, { timeZone: 'Asia/Shanghai' }])).toBe('Asia/Urumqi');
  expect(houseTimeZone([])).toBe('Asia/Shanghai');
});
