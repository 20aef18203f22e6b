import { describe, expect, it } from 'vitest';
import {
  acceptanceNoticeDue,
  addWorkingDays,
  handlingDue,
  mediationDue,
  misroutedObjectionDue,
  recheckDecisionDue,
  recheckRequestDue,
  reviewDecisionDue,
  reviewRequestDue,
  workCalendar,
} from './index.js';

describe('calendar-day clocks', () => {
  it('count the days after the one they start on', () => {
    expect(acceptanceNoticeDue('2026-01-20')).toBe('2026-02-04');
    expect(handlingDue('2026-01-01')).toBe('2026-03-02');
    expect(handlingDue('2024-01-01')).toBe('2024-03-01');
    expect(mediationDue('2026-01-31')).toBe('2026-03-02');
    expect(reviewRequestDue('2026-11-15')).toBe('2026-12-15');
    expect(recheckRequestDue('2026-12-15')).toBe('2027-01-14');
  });

  it('extend handling by no more than 30 days and never shorten it', () => {
    expect(handlingDue('2026-01-01', '2026-03-20')).toBe('2026-03-20');
    expect(handlingDue('2026-01-01', '2026-12-31')).toBe('2026-04-01');
    expect(handlingDue('2026-01-01', '2026-02-01')).toBe('2026-03-02');
  });

  it('leave out the days of a hearing', () => {
    expect(reviewDecisionDue('2026-03-01')).toBe('2026-03-31');
    expect(reviewDecisionDue('2026-03-01', 7)).toBe('2026-04-07');
    expect(recheckDecisionDue('2026-03-01', 10)).toBe('2026-04-10');
  });

  it('refuse what is not a day', () => {
    expect(() => handlingDue('2026-13-01')).toThrow(RangeError);
    expect(() => addWorkingDays('2026-02-30x', 5)).toThrow(RangeError);
    expect(() => addWorkingDays('2026-01-05', 0)).toThrow(RangeError);
  });
});

/** Days by hand, from the announced arrangements of the year. */
describe('working days', () => {
  it.each([
    // An ordinary week: Monday to the next Monday.
    ['2026-03-02', '2026-03-09'],
    // 春节 2024: 10–17 February off; Sunday 4 and Sunday 18 worked. 6 7 8 9 18.
    ['2024-02-05', '2024-02-18'],
    ['2024-02-02', '2024-02-08'],
    // 春节 2026: 15–23 February off; Saturday 14 and Saturday 28 worked. 13 14 24 25 26.
    ['2026-02-12', '2026-02-26'],
    // 国庆 2025: 1–8 October off; Sunday 28 September and Saturday 11 October worked. 28 29 30 9 10.
    ['2025-09-26', '2025-10-10'],
    // 30 9 10 11 13: the worked Saturday, not the Sunday after it.
    ['2025-09-29', '2025-10-13'],
    // 国庆 2026: 1–7 October off; Saturday 10 October worked. 8 9 10 12 13.
    ['2026-09-30', '2026-10-13'],
    // From a day off: 元旦 2026 is 1–3 January, Sunday 4 worked. 4 5 6 7 8.
    ['2026-01-01', '2026-01-08'],
  ])('five after %s end on %s', (from, due) => {
    expect(misroutedObjectionDue(from)).toEqual({ day: due, certain: true });
  });

  it('says when a year has no published table and was taken as Monday to Friday', () => {
    expect(addWorkingDays('2003-09-29', 3)).toEqual({ day: '2003-10-02', certain: false });
    // Into a year beyond the table.
    const last = workCalendar.years.at(-1)!;
    expect(addWorkingDays(`${last}-12-30`, 5).certain).toBe(false);
    expect(addWorkingDays(`${last}-12-01`, 5).certain).toBe(true);
  });

  it('covers 2004 to 2026 at least, without a gap', () => {
    expect(workCalendar.years[0]).toBe(2004);
    expect(workCalendar.years.at(-1)).toBeGreaterThanOrEqual(2026);
    expect(workCalendar.years).toHaveLength(workCalendar.years.at(-1)! - 2003);
  });

  it('lists weekdays off and weekends worked, no day twice', () => {
    const weekend = (day: string) => [0, 6].includes(new Date(day).getUTCDay());
    expect(workCalendar.restDays.filter(weekend)).toEqual([]);
    expect(workCalendar.workDays.filter((day) => !weekend(day))).toEqual([]);
    expect(new Set([...workCalendar.restDays, ...workCalendar.workDays]).size).toBe(
      workCalendar.restDays.length + workCalendar.workDays.length,
    );
  });
});
