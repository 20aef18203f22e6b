import type { PingAnEvent } from '@pingan/contracts';
import { describe, expect, it } from 'vitest';
import { CaseRows, occurredMs } from './case-rows.js';

const event = {
  schema: 'mediation.dispute/1',
  county: '610222',
  source: 'justice-office',
  case_id: 'TJ-1',
  version: 1,
  op: 'upsert',
  region_code: '610222102',
  occurred_at: '2026-10-08',
  precision: 'day',
  recorded_at: '2026-10-08T10:00:00+08:00',
  body: { dispute_type: 'neighbour', accepted_at: '2026-10-08' },
} as unknown as PingAnEvent;

const origin = { partition: 0, offset: 1, timeZone: 'Asia/Shanghai' };

const changed = (own: object, body: object = {}) =>
  ({ ...event, ...own, body: { ...event.body, ...body } }) as unknown as PingAnEvent;

/** The digest as it stands in the row, of a block of its own. */
function digestOf(one: PingAnEvent, place: object = {}): string {
  return new CaseRows('mediation', 0).add(one, { ...origin, ...place }).slice(0, 8);
}

describe('the digest of a row', () => {
  const digest = digestOf(event);

  it('is over what the case says, not over who it is and where it lay in the log', () => {
    expect(digestOf(event, { partition: 3, offset: 2 ** 40 })).toBe(digest);
    expect(digestOf(changed({ case_id: 'TJ-2', source: 'other', county: '610999', version: 9 }))).toBe(digest);
    const rows = new CaseRows('mediation', 0);
    rows.add(changed({ case_id: 'TJ-0' }), origin);
    expect(rows.add(event, { ...origin, offset: 2 }).slice(0, 8)).toBe(digest);
    expect(rows.count).toBe(2);
  });

  it.each([
    ['the township', { region_code: '610222103' }, {}],
    ['the day', { occurred_at: '2026-10-09' }, {}],
    ['what is done with it', { op: 'retract' }, {}],
    ['how sure the day is', { occurred_at: '2026-10-08T00:00:00+08:00', precision: 'time' }, {}],
    ['when it was noted', { recorded_at: '2026-10-08T10:00:01+08:00' }, {}],
    ['a word of the body', {}, { dispute_type: 'labour' }],
    ['a value that came', {}, { closed_at: '2026-10-12' }],
  ])('is another one with %s', (_, own, body) => {
    expect(digestOf(changed(own, body))).not.toBe(digest);
  });

  it('is the same for a value that is absent and one that was never asked for', () => {
    expect(digestOf(changed({}, { result: undefined, turned_criminal_at: undefined }))).toBe(digest);
  });

  it('tells two columns apart that hold the same value', () => {
    const one = changed({}, { perform_due_at: '2026-11-01' });
    expect(digestOf(one)).not.toBe(digestOf(changed({}, { follow_up_at: '2026-11-01' })));
  });
});

describe('moments', () => {
  it('of a day or a month begin where the county is', () => {
    expect(occurredMs('2026-10-08', 'Asia/Shanghai')).toBe(Date.parse('2026-10-08T00:00:00+08:00'));
    expect(occurredMs('2026-10', 'Asia/Shanghai')).toBe(Date.parse('2026-10-01T00:00:00+08:00'));
    expect(occurredMs('2026-10-08', 'Europe/London')).toBe(Date.parse('2026-10-08T00:00:00+01:00'));
    expect(occurredMs('2026-10-08T09:30:00+08:00', 'Europe/London')).toBe(Date.parse('2026-10-08T01:30:00Z'));
  });

  it('of a deadline that is a day are its end: a case closed that evening is in time', () => {
    const due = (text: string) => digestOf(changed({}, { perform_due_at: text }));
    expect(due('2026-11-01')).toBe(due('2026-11-01T23:59:59.999+08:00'));
    // A moment that is no deadline begins with its day.
    const closed = (text: string) => digestOf(changed({}, { closed_at: text }));
    expect(closed('2026-11-01')).toBe(closed('2026-11-01T00:00:00+08:00'));
  });
});
