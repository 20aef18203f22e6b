import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { createTimeReader, type TimeText } from './time-text.js';

function shown(time: TimeText): string {
  if (time.kind === 'instant') return time.iso;
  return time.kind === 'day' ? time.day : time.kind === 'month' ? time.month : time.rule;
}

const read = (zone: string, text: string, formats?: string[]) => shown(createTimeReader(zone).read(text, formats));

describe('texts about time', () => {
  it.each([
    ['2026-10-01T08:00:00+08:00', '2026-10-01T00:00:00.000Z'],
    ['2025-08-01 06:35:06.539+00', '2025-08-01T06:35:06.539Z'],
    ['2025-08-01 06:35:06.539999999+0530', '2025-08-01T01:05:06.539Z'],
    ['2025-08-01T06:35Z', '2025-08-01T06:35:00.000Z'],
    ['2026-10-01 08:00', '2026-10-01T00:00:00.000Z'],
    ['2026/1/2 3:04', '2026-01-01T19:04:00.000Z'],
    ['2026.1.2', '2026-01-02'],
    ['2026年1月2日', '2026-01-02'],
    ['2026年1月2日 3时04分05秒', '2026-01-01T19:04:05.000Z'],
    ['2026年1月2日3\uff1a04', '2026-01-01T19:04:00.000Z'],
    ['2026年1月', '2026-01'],
    ['2026-1', '2026-01'],
    ['2024-02-29', '2024-02-29'],
    ['0098-10-03 08:00', '0098-10-02T23:54:17.000Z'],
    ['0050/1/3 08:00Z', '0050-01-03T08:00:00.000Z'],
    ['2025-02-29', 'invalid_moment'],
    ['2025-13', 'invalid_moment'],
    ['2025-01-01 24:00', 'invalid_moment'],
    ['2025-01/02', 'invalid_moment'],
    ['10-01 08:00', 'invalid_moment'],
    ['45931.5', 'invalid_moment'],
    ['', 'invalid_moment'],
  ])('%s in Shanghai is %s', (text, expected) => {
    expect(read('Asia/Shanghai', text)).toBe(expected);
  });

  it('reads other forms only when asked, and still the standard ones', () => {
    const formats = ['excel', 'dd/MM/yyyy HH:mm', 'yyyyMMdd'];
    expect(read('Asia/Shanghai', '45931.5', formats)).toBe('2025-10-01T04:00:00.000Z');
    expect(read('Asia/Shanghai', '45931', formats)).toBe('2025-10-01');
    expect(read('Asia/Shanghai', '01/10/2025 12:00', formats)).toBe('2025-10-01T04:00:00.000Z');
    expect(read('Asia/Shanghai', '20251001', formats)).toBe('2025-10-01');
    expect(read('Asia/Shanghai', '2025-10-01', formats)).toBe('2025-10-01');
    expect(read('Asia/Shanghai', '60', ['excel'])).toBe('invalid_moment');
    expect(read('Asia/Shanghai', '01.10.2025 12:00 +02:00', ['dd.MM.yyyy HH:mm ZZ'])).toBe('2025-10-01T10:00:00.000Z');
  });

  it('refuses a time the clocks skipped and takes the first of one they repeated', () => {
    expect(read('America/New_York', '2026-03-08 02:30')).toBe('nonexistent_local_time');
    expect(read('America/New_York', '2026-03-08 03:00')).toBe('2026-03-08T07:00:00.000Z');
    expect(read('America/New_York', '2026-11-01 01:30')).toBe('2026-11-01T05:30:00.000Z');
    expect(read('America/New_York', '2026-11-01 02:30')).toBe('2026-11-01T07:30:00.000Z');
    expect(read('America/New_York', '08/03/2026 02:30', ['dd/MM/yyyy HH:mm'])).toBe('nonexistent_local_time');
    expect(read('Australia/Lord_Howe', '2026-10-04 02:10')).toBe('nonexistent_local_time');
    expect(read('Australia/Lord_Howe', '2026-10-04 02:40')).toBe('2026-10-03T15:40:00.000Z');
  });

  it('agrees with luxon about every local reading that exists once', () => {
    const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Pacific/Apia'];
    const readers = new Map(zones.map((zone) => [zone, createTimeReader(zone)]));
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('1990-01-01'), max: new Date('2037-01-01'), noInvalidDate: true }),
        (zone, date) => {
          const local = DateTime.fromJSDate(date, { zone });
          const text = local.toFormat('yyyy-MM-dd HH:mm:ss.SSS');
          const time = readers.get(zone)!.read(text);
          expect(time.kind).toBe('instant');
          if (time.kind !== 'instant') return;
          const first = Math.min(...local.getPossibleOffsets().map((possible) => possible.toMillis()));
          expect(time.ms).toBe(first);
          expect(time.iso).toBe(new Date(first).toISOString());
          expect(time.localDay).toBe(local.toISODate());
        },
      ),
      { numRuns: 2000 },
    );
  });
});
