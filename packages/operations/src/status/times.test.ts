import { expect, it } from 'vitest';
import { occurredText, timeText } from './times.js';

it("shows a day of the county's calendar, not the one before in UTC", () => {
  expect(occurredText('2026-11-09T16:00:00.000Z', 'Asia/Shanghai')).toBe('2026-11-10');
  expect(occurredText('2026-11-09T16:00:01.000Z', 'Asia/Shanghai')).toBe('2026-11-10 00:00:01');
  expect(occurredText('2018-03-31T23:00:00.000Z', 'Europe/London')).toBe('2018-04-01');
});

it('shows a moment by the clocks of China where no county says otherwise', () => {
  expect(timeText('2026-11-30T12:56:24.524Z')).toBe('2026-11-30 20:56:24');
});
