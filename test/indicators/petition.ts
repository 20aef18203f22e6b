import type { Fact, Ledger } from './ledger.js';
import { order, petition } from './makers.js';

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
  expected: { X07: ['2026-01 A 1/3', '2026-02 B 1/1'], X13: ['2026-01 A 3/4', '2026-02 B 1/1'] },
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

export const petitionLedgers: readonly Ledger[] = [X03, X04, X05, X06, X07, X11, X12];
