import type { Ledger } from './ledger.js';
import { petition } from './makers.js';

const X01: Ledger = {
  name: 'X01',
  facts: [
    petition('on the 15th day, late at night', {
      registered_at: '2026-01-10 23:50',
      accept_notified_at: '2026-01-25 23:59',
    }),
    petition('on the 16th day', { registered_at: '2026-01-10 00:00', accept_notified_at: '2026-01-26 00:00' }),
    petition('known to the day only, in time', { registered_at: '2026-01-10', accept_notified_at: '2026-01-25' }),
    petition('due on 1 February, never notified', { registered_at: '2026-01-17 10:00' }, { town: 'B' }),
    petition('holidays do not stop the clock: due on 25 February', {
      registered_at: '2026-02-10 10:00',
      accept_notified_at: '2026-02-26 09:00',
    }),
    petition('withdrawn', { registered_at: '2026-01-10 10:00' }, { retracted: true }),
  ],
  expected: { X01: ['2026-01 A 2/3', '2026-02 A 0/1', '2026-02 B 0/1'] },
};

/** Never notified; what counts is whether the objection was within five working days of the transfer. */
const objected = (why: string, registered: string, transferred: string, objection: string, town: string) =>
  petition(why, { registered_at: registered, transferred_at: transferred, objection_at: objection }, { town });

const X01objections: Ledger = {
  name: 'X01-OBJECTION',
  facts: [
    objected('plain weeks: 12, 13, 16, 17, 18 March', '2026-03-10', '2026-03-11', '2026-03-18', 'PLAIN'),
    objected('the sixth working day', '2026-03-10', '2026-03-11', '2026-03-19', 'PLAIN'),
    objected('transferred on a Saturday: 16 to 20 March', '2026-03-14', '2026-03-14', '2026-03-20', 'PLAIN'),
    // Spring Festival 2026: 15 to 23 February off; Saturdays 14 and 28 February are worked.
    objected('14, 24, 25, 26, 27 February', '2026-02-12', '2026-02-13', '2026-02-27 17:30', 'SPRING'),
    objected('28 February is a working day, the sixth', '2026-02-12', '2026-02-13', '2026-02-28 08:30', 'SPRING'),
    objected('transferred on New Year’s Eve: 24 to 28 February', '2026-02-14', '2026-02-16', '2026-02-28', 'EVE'),
    objected('2 March is the sixth', '2026-02-14', '2026-02-16', '2026-03-02', 'EVE'),
    // National Day 2025: 1 to 8 October off; Sunday 28 September and Saturday 11 October are worked.
    objected('28, 29, 30 September, 9, 10 October', '2025-09-25', '2025-09-26', '2025-10-10', 'NATIONAL25'),
    objected('11 October is a working day, the sixth', '2025-09-25', '2025-09-26', '2025-10-11', 'NATIONAL25'),
    // National Day 2026: 1 to 7 October off, Saturday 10 October worked; Mid-Autumn 25 to 27 September, 20 September worked.
    objected('8, 9, 10, 12, 13 October', '2026-09-29', '2026-09-30', '2026-10-13', 'NATIONAL26'),
    objected('14 October is the sixth', '2026-09-29', '2026-09-30', '2026-10-14', 'NATIONAL26'),
    objected('20 to 24 September', '2026-09-17', '2026-09-18', '2026-09-24', 'AUTUMN26'),
    objected('on the first day off after it', '2026-09-17', '2026-09-18', '2026-09-25', 'AUTUMN26'),
  ],
  expected: {
    X01: [
      '2025-10 NATIONAL25 0/1',
      '2026-02 SPRING 0/1',
      '2026-03 EVE 0/1',
      '2026-03 PLAIN 0/1',
      '2026-10 AUTUMN26 0/1',
      '2026-10 NATIONAL26 0/1',
    ],
  },
};

const claim = (accepted_at: string, more: Record<string, unknown> = {}) => ({
  registered_at: '2025-12-30',
  accepted_at,
  ...more,
});

const X02: Ledger = {
  name: 'X02',
  facts: [
    // 1 January + 60 days = 2 March; + 90 days = 1 April.
    petition('on the 60th day', claim('2026-01-01 09:00', { closed_at: '2026-03-02 23:59' })),
    petition('on the 61st day', claim('2026-01-01 09:00', { closed_at: '2026-03-03 00:00' })),
    petition('not closed', claim('2026-01-01 09:00'), { town: 'B' }),
    petition(
      'extended to 25 March and met',
      claim('2026-01-01', { extended_to: '2026-03-25', closed_at: '2026-03-25 18:00' }),
    ),
    petition(
      'extended to 25 March and missed',
      claim('2026-01-01', { extended_to: '2026-03-25', closed_at: '2026-03-26' }),
    ),
    petition(
      'extended beyond 30 days: 1 April at the latest, met',
      claim('2026-01-01', {
        extended_to: '2026-05-01',
        closed_at: '2026-04-01',
      }),
    ),
    petition('the same, a day late', claim('2026-01-01', { extended_to: '2026-05-01', closed_at: '2026-04-02' })),
    petition(
      'the 60th day, 16 February, is a holiday: the clock does not wait for the next working day',
      {
        registered_at: '2025-12-15',
        accepted_at: '2025-12-18',
        closed_at: '2026-02-24',
      },
      { town: 'S' },
    ),
    petition('a suggestion has no such clock', claim('2026-01-01', { petition_type: 'suggestion' })),
    petition('nor an accusation', claim('2026-01-01', { petition_type: 'accusation' })),
    petition('nor what belongs to the courts', claim('2026-01-01', { petition_type: 'litigation_related' })),
    petition('not accepted', { registered_at: '2026-01-01' }),
    petition('withdrawn', claim('2026-01-01'), { retracted: true }),
  ],
  expected: { X02: ['2026-02 S 0/1', '2026-03 A 2/4', '2026-03 B 0/1', '2026-04 A 1/2'] },
};

const X02short: Ledger = {
  name: 'X02-SHORT',
  facts: [
    petition(
      'an extension does not shorten the 60 days: due on 2 March',
      claim('2026-01-01', {
        extended_to: '2026-02-20',
        closed_at: '2026-03-01',
      }),
    ),
  ],
  expected: { X02: ['2026-03 A 1/1'] },
};

export const petitionClockLedgers: readonly Ledger[] = [X01, X01objections, X02, X02short];
