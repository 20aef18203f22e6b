import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantMs } from './instants.js';

const offsets = ['Z', '+00:00', '+08:00', '-05:30', '+14:00'];

describe('instantMs', () => {
  it('reads what Date.parse reads, whatever the offset and the fraction', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1949-01-01T00:00:00Z'), max: new Date('2100-12-31T23:59:59Z'), noInvalidDate: true }),
        fc.constantFrom(...offsets),
        fc.integer({ min: 0, max: 9 }),
        (date, offset, digits) => {
          const iso = date.toISOString();
          const fraction = digits === 0 ? '' : `.${`${iso.slice(20, 23)}000000`.slice(0, digits)}`;
          const text = `${iso.slice(0, 19)}${fraction}${offset}`;
          expect(instantMs(text)).toBe(Date.parse(text));
        },
      ),
    );
  });

  it('cuts below the millisecond', () => {
    expect(instantMs('2026-10-01T00:00:00.123999+08:00')).toBe(Date.parse('2026-09-30T16:00:00.123Z'));
  });
});
