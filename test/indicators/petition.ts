import type { Fact, Ledger } from './ledger.js';

const petition = (why: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'petition.case',
  body: { petition_type: 'appeal_claim', channel: 'letter', ...body },
  ...more,
});

const order = (why: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'hotline.order',
  body,
  ...more,
});

const suggestion = (why: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'petition.suggestion',
  body,
  ...more,
});

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

const firstClosed = (closed_at: string, more: Record<string, unknown> = {}) => ({
  is_first: true,
  registered_at: '2025-12-20',
  closed_at,
  ...more,
});
const again = (why: string, repeat_of: string, registered_at: string, more: Partial<Fact> = {}) =>
  petition(why, { is_first: false, registered_at, repeat_of }, more);

const X03: Ledger = {
  name: 'X03',
  facts: [
    // 10 January + 180 days = 9 July.
    petition('no repeat', firstClosed('2026-01-10 10:00'), { id: 'no-repeat' }),
    petition('repeated on day 180', firstClosed('2026-01-10 10:00'), { id: 'day-180' }),
    again('day 180, in another township', 'day-180', '2026-07-09 09:00', { town: 'B' }),
    petition('repeated on day 181', firstClosed('2026-01-10 10:00'), { id: 'day-181' }),
    again('day 181', 'day-181', '2026-07-10 11:00'),
    petition('repeated twice is one matter', firstClosed('2026-01-12 10:00'), { id: 'twice' }),
    again('once', 'twice', '2026-02-09 09:00'),
    again('twice', 'twice', '2026-03-09 09:00'),
    petition('its repeat was withdrawn', firstClosed('2026-01-12 10:00'), { id: 'withdrawn-repeat' }),
    again('withdrawn', 'withdrawn-repeat', '2026-02-09 09:00', { retracted: true }),
    petition('asked again only before it was closed', firstClosed('2026-01-12 10:00'), { id: 'pending' }),
    again('while it was pending', 'pending', '2026-01-05 09:00'),
    again('of another system’s case of that number', 'no-repeat', '2026-02-09 09:00', { source: 'x03-web' }),
    petition('closed in the next month, other township', firstClosed('2026-02-05 10:00'), { town: 'B' }),
    petition('not the first', firstClosed('2026-01-10 10:00', { is_first: false })),
    petition('not marked, repeats nothing: a first one', firstClosed('2026-02-05 10:00', { is_first: undefined }), {
      town: 'B',
    }),
    petition('not closed', { is_first: true, registered_at: '2026-01-02' }),
    petition('withdrawn', firstClosed('2026-01-10 10:00'), { retracted: true }),
  ],
  expected: {
    // January: no repeat, day 181, repeat withdrawn, pending are resolved; day 180 and twice are not.
    X03: ['2026-07 A 4/6', '2026-08 B 2/2'],
  },
};

const X04: Ledger = {
  name: 'X04',
  facts: [
    petition(
      'closed in January',
      { registered_at: '2026-01-02 09:00', closed_at: '2026-01-20 10:00' },
      { id: 'closed' },
    ),
    petition('still open', { registered_at: '2026-01-03 09:00' }, { id: 'open' }),
    petition(
      'withdrawn',
      { registered_at: '2026-01-04 09:00', closed_at: '2026-01-05 09:00' },
      { id: 'gone', retracted: true },
    ),
    again('of the closed one, after it', 'closed', '2026-02-01 09:00'),
    again('of the closed one, other township', 'closed', '2026-02-02 09:00', { town: 'B' }),
    again('of the closed one, before it was closed', 'closed', '2026-01-20 09:59'),
    again('of the open one', 'open', '2026-02-03 09:00'),
    again('of the withdrawn one', 'gone', '2026-02-03 09:00'),
    again('of an unknown one', 'nowhere', '2026-02-03 09:00'),
    again('of another system’s case of that number', 'closed', '2026-02-03 09:00', { source: 'x04-web' }),
    again('withdrawn', 'closed', '2026-02-03 09:00', { retracted: true }),
    order('a hotline order is no petition', { registered_at: '2026-02-03 09:00', repeat_of: 'closed' }),
  ],
  expected: { X04: ['2026-01 A 0/3', '2026-02 A 1/5', '2026-02 B 1/1'] },
};

const visit = (
  why: string,
  level: string,
  repeat_of: string | undefined,
  more: Partial<Fact> = {},
  body: object = {},
) =>
  petition(
    why,
    {
      channel: 'visit',
      level_received: level,
      competent_level: 'county',
      registered_at: '2026-03-10 09:00',
      ...(repeat_of && { repeat_of }),
      ...body,
    },
    more,
  );
const local = (why: string, id: string, body: Record<string, unknown>, more: Partial<Fact> = {}) =>
  petition(
    why,
    {
      level_received: 'county',
      competent_level: 'county',
      registered_at: '2026-01-05 09:00',
      accepted_at: '2026-01-05 09:00',
      due_at: '2026-03-06',
      ...body,
    },
    { id, ...more },
  );

const X05: Ledger = {
  name: 'X05',
  facts: [
    local('due on 6 March, unhandled', 'unhandled', {}),
    local('closed in time', 'handled', { closed_at: '2026-03-01 09:00' }),
    local('extended to 1 April', 'extended', { extended_to: '2026-04-01' }),
    local('withdrawn', 'gone', {}, { retracted: true }),
    visit('two levels up after the deadline had passed unhandled', 'province', 'unhandled'),
    visit('to the capital, other township', 'national', 'unhandled', { town: 'B' }),
    visit('one level up is lawful', 'city', 'unhandled'),
    visit('at the competent level', 'county', 'unhandled'),
    visit('before the deadline had passed', 'province', 'unhandled', {}, { registered_at: '2026-03-06 09:00' }),
    visit('handled in time below', 'province', 'handled'),
    visit('the extended deadline had not passed', 'province', 'extended'),
    visit('what it names was withdrawn', 'province', 'gone'),
    visit('nothing known of a deadline', 'province', undefined),
    visit('a letter is no visit', 'province', 'unhandled', {}, { channel: 'letter' }),
    visit('another system’s case of that number', 'province', 'unhandled', { source: 'x05-web' }),
    visit('level unknown', 'province', 'unhandled', {}, { level_received: undefined }),
    visit(
      'the city is two levels above the township',
      'city',
      'unhandled',
      { town: 'C' },
      { competent_level: 'township' },
    ),
    visit('the county is one', 'county', 'unhandled', { town: 'C' }, { competent_level: 'township' }),
    visit('withdrawn', 'province', 'unhandled', { retracted: true }),
  ],
  expected: {
    // Visits of A: two up, one up, competent, before, handled, extended, gone, nothing known, other system, level unknown.
    X05: ['2026-03 A 1/10', '2026-03 B 1/1', '2026-03 C 1/2'],
  },
};

const backlog = (why: string, registered_at: string, closed_at: string | undefined, more: Partial<Fact> = {}) =>
  petition(why, { is_backlog: true, registered_at, ...(closed_at && { closed_at }) }, more);

/** The contract's calendar ends with it. */
const LAST_YEAR = 2100;

const X06: Ledger = {
  name: 'X06',
  facts: [
    backlog('added and resolved in one year', '2026-02-10', '2026-05-20'),
    backlog('added in one year, opening stock of the next, resolved there', '2025-06-10', '2026-03-31 23:59'),
    backlog('resolved on New Year’s Eve: no opening stock', '2025-11-10', '2025-12-31 23:59'),
    backlog('resolved on New Year’s Day: opening stock', '2025-11-10', '2026-01-01 00:00', { town: 'B' }),
    backlog('two years in stock', '2024-12-31 23:59', '2026-04-01 00:00', { town: 'C' }),
    backlog('never resolved: in the opening stock of every year to come', '2026-06-10', undefined, { town: 'D' }),
    petition('no backlog', { registered_at: '2026-02-10', closed_at: '2026-05-20' }),
    petition('marked as no backlog', { is_backlog: false, registered_at: '2026-02-10' }),
    backlog('withdrawn', '2025-06-10', '2026-03-01', { retracted: true }),
  ],
  expected: {
    X06: [
      '2024-12 C 0/1',
      '2025-01 C 0/1',
      '2025-06 A 0/1',
      '2025-11 A 0/1',
      '2025-11 B 0/1',
      '2025-12 A 1/0',
      '2026-01 A 0/1',
      '2026-01 B 1/1',
      '2026-01 C 0/1',
      '2026-02 A 0/1',
      '2026-03 A 1/0',
      '2026-04 C 1/0',
      '2026-05 A 1/0',
      '2026-06 D 0/1',
      ...Array.from({ length: LAST_YEAR - 2026 }, (_, i) => `${2027 + i}-01 D 0/1`),
    ],
  },
};

const rated = (satisfaction: string | undefined, more: Record<string, unknown> = {}) => ({
  registered_at: '2026-01-05',
  closed_at: '2026-01-20',
  ...(satisfaction && { satisfaction }),
  ...more,
});

const X07: Ledger = {
  name: 'X07',
  facts: [
    petition('satisfied', rated('satisfied')),
    petition('neutral is rated, not satisfied', rated('neutral')),
    petition('dissatisfied', rated('dissatisfied')),
    petition('not rated', rated(undefined)),
    petition('rated, not closed', rated('satisfied', { closed_at: undefined })),
    petition(
      'satisfied, next month, other township',
      rated('satisfied', { registered_at: '2026-02-01', closed_at: '2026-02-20' }),
      {
        town: 'B',
      },
    ),
    petition('withdrawn', rated('dissatisfied'), { retracted: true }),
    order('a hotline order is no petition', rated('satisfied')),
  ],
  expected: { X07: ['2026-01 A 1/3', '2026-02 B 1/1'] },
};

const X08: Ledger = {
  name: 'X08',
  facts: [
    order('at the last instant', {
      registered_at: '2026-01-25',
      due_at: '2026-01-31 18:00',
      closed_at: '2026-01-31 18:00:00',
    }),
    order('a second late', {
      registered_at: '2026-01-25',
      due_at: '2026-01-31 18:00',
      closed_at: '2026-01-31 18:00:01',
    }),
    order('due by the end of the day', {
      registered_at: '2026-01-25',
      due_at: '2026-01-31',
      closed_at: '2026-01-31 23:59',
    }),
    order('extended into February, met', {
      registered_at: '2026-01-25',
      due_at: '2026-01-31',
      extended_to: '2026-02-05',
      closed_at: '2026-02-05 20:00',
    }),
    order('not closed, other township', { registered_at: '2026-01-25', due_at: '2026-01-31' }, { town: 'B' }),
    order('no deadline', { registered_at: '2026-01-25', closed_at: '2026-01-26' }),
    order('withdrawn', { registered_at: '2026-01-25', due_at: '2026-01-31' }, { retracted: true }),
    petition('a petition is no hotline order', { registered_at: '2026-01-25', due_at: '2026-01-31' }),
  ],
  expected: { X08: ['2026-01 A 2/3', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const X09: Ledger = {
  name: 'X09',
  facts: [
    order('resolved and satisfied', rated('satisfied', { resolved: true })),
    order('resolved, not satisfied', rated('dissatisfied', { resolved: true })),
    order('satisfied, not resolved', rated('satisfied', { resolved: false })),
    order('neither', rated('neutral', { resolved: false }), { town: 'B' }),
    order('asked only whether it is resolved', rated(undefined, { resolved: true }), { town: 'B' }),
    order('asked only whether content', rated('dissatisfied'), { town: 'B' }),
    order('not followed up', rated(undefined)),
    order(
      'both, next month',
      rated('satisfied', { resolved: true, registered_at: '2026-02-01', closed_at: '2026-02-02' }),
    ),
    order('withdrawn', rated('satisfied', { resolved: true }), { retracted: true }),
    petition('a petition is no hotline order', rated('satisfied')),
  ],
  expected: { X09: ['2026-01 A 1/3', '2026-01 B 1/3', '2026-02 A 1/1'] },
};

const X10: Ledger = {
  name: 'X10',
  facts: [
    suggestion('on the last day', { registered_at: '2026-01-05', due_at: '2026-01-31', closed_at: '2026-01-31 23:59' }),
    suggestion('a day late', { registered_at: '2026-01-05', due_at: '2026-01-31', closed_at: '2026-02-01' }),
    suggestion('extended into February, met', {
      registered_at: '2026-01-05',
      due_at: '2026-01-31',
      extended_to: '2026-02-10',
      closed_at: '2026-02-10 12:00',
    }),
    suggestion('not closed, other township', { registered_at: '2026-01-05', due_at: '2026-01-31' }, { town: 'B' }),
    suggestion('withdrawn', { registered_at: '2026-01-05', due_at: '2026-01-31' }, { retracted: true }),
  ],
  expected: { X10: ['2026-01 A 1/2', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const X11: Ledger = {
  name: 'X11',
  facts: [
    petition('registered in January', { registered_at: '2026-01-31 23:59', closed_at: '2026-03-01' }),
    petition('a visit', { channel: 'visit', registered_at: '2026-01-05' }),
    petition('registered in February, other township', { registered_at: '2026-02-01 00:00' }, { town: 'B' }),
    petition('withdrawn', { registered_at: '2026-01-05' }, { retracted: true }),
    order('a hotline order is no petition', { registered_at: '2026-01-05' }),
  ],
  expected: { X11: ['2026-01 A 2/0', '2026-02 B 1/0'] },
};

const group = (group_size: number | undefined, more: Record<string, unknown> = {}) => ({
  channel: 'visit',
  registered_at: '2026-01-05',
  ...(group_size && { group_size }),
  ...more,
});

const X12: Ledger = {
  name: 'X12',
  facts: [
    petition('five persons', group(5)),
    petition('thirty persons are one batch', group(30)),
    petition('four persons', group(4)),
    petition('number unknown', group(undefined)),
    petition('next month, other township', group(6, { registered_at: '2026-02-01' }), { town: 'B' }),
    petition('a letter signed by ten is no visit', group(10, { channel: 'letter' })),
    petition('withdrawn', group(9), { retracted: true }),
  ],
  expected: { X12: ['2026-01 A 2/0', '2026-02 B 1/0'] },
};

export const petitionLedgers: readonly Ledger[] = [
  X01,
  X01objections,
  X02,
  X02short,
  X03,
  X04,
  X05,
  X06,
  X07,
  X08,
  X09,
  X10,
  X11,
  X12,
];
