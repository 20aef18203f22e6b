import type { Fact, Ledger } from './ledger.js';

const opinion = (why: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'opinion.event',
  body: {
    sentiment: 'negative',
    level: 1,
    heat: 9,
    discovered_at: '2026-01-10 10:00',
    verified_at: '2026-01-10 12:00',
    ...body,
  },
  ...more,
});

const O01: Ledger = {
  name: 'O01',
  facts: [
    // ln(1 + 9) = ln 10 = 2.302585; ln(1 + 99) = 4.605170, each times 1, 2, 4, 8 for levels 1 to 4.
    opinion('level 1: 2.302585', {}),
    opinion('level 2: 4.605170', { level: 2 }),
    opinion('level 3, heat 99: 4 × 4.605170 = 18.420681', { level: 3, heat: 99 }, { town: 'B' }),
    opinion('level 4: 8 × 2.302585 = 18.420681', {
      level: 4,
      discovered_at: '2026-02-01 00:00',
      verified_at: '2026-02-02',
    }),
    opinion('no heat, no strength', { heat: 0, level: 4 }),
    opinion('a rumour proven false', { is_false_rumour: true }),
    opinion('not verified', { verified_at: undefined }),
    opinion('neutral', { sentiment: 'neutral' }),
    opinion('positive', { sentiment: 'positive' }),
    opinion('withdrawn', {}, { retracted: true }),
  ],
  expected: { O01: ['2026-01 A 6.907755/0', '2026-01 B 18.420681/0', '2026-02 A 18.420681/0'] },
};

const found = (level: number, first_response_at: string | undefined, more: object = {}) => ({
  level,
  needs_response: true,
  discovered_at: '2026-01-10 10:00:00',
  ...(first_response_at && { first_response_at }),
  ...more,
});

const O02: Ledger = {
  name: 'O02',
  facts: [
    opinion('major, 24 hours exactly', found(3, '2026-01-11 10:00:00')),
    opinion('major, a second more', found(4, '2026-01-11 10:00:01')),
    opinion('lesser, 48 hours exactly', found(2, '2026-01-12 10:00:00'), { town: 'B' }),
    opinion('lesser, a second more', found(1, '2026-01-12 10:00:01'), { town: 'B' }),
    opinion('no response', found(3, undefined)),
    opinion('needs none', found(3, undefined, { needs_response: false })),
    opinion('withdrawn', found(3, undefined), { retracted: true }),
  ],
  expected: { O02: ['2026-01 A 1/3', '2026-01 B 1/2'] },
};

const O03: Ledger = {
  name: 'O03',
  facts: [
    // 10 January + 15 days = 25 January; 17 January + 15 days = 1 February.
    opinion('on the 15th day', { closed_at: '2026-01-25 09:00' }),
    opinion('on the 16th day', { closed_at: '2026-01-26 11:00' }),
    opinion('not closed, other township', {}, { town: 'B' }),
    opinion('due in February, closed in January', {
      discovered_at: '2026-01-17 10:00',
      verified_at: '2026-01-17 11:00',
      closed_at: '2026-01-18',
    }),
    opinion('withdrawn', { closed_at: '2026-01-12' }, { retracted: true }),
  ],
  expected: { O03: ['2026-01 A 1/2', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const O04: Ledger = {
  name: 'O04',
  facts: [
    opinion('rose', { level: 2, peak_level: 3 }),
    opinion('stayed', { level: 3, peak_level: 3 }),
    opinion('no peak recorded', { level: 1 }),
    opinion(
      'rose, next month, other township',
      { peak_level: 4, discovered_at: '2026-02-01 00:00', verified_at: '2026-02-02' },
      {
        town: 'B',
      },
    ),
    opinion('withdrawn', { peak_level: 4 }, { retracted: true }),
  ],
  expected: { O04: ['2026-01 A 1/3', '2026-02 B 1/1'] },
};

const closed = (closed_at: string, more: object = {}) => ({
  discovered_at: '2025-12-28',
  verified_at: '2025-12-28',
  closed_at,
  ...more,
});
const secondary = (why: string, secondary_of: string, discovered_at: string, more: Partial<Fact> = {}) =>
  opinion(why, { secondary_of, discovered_at, verified_at: undefined }, more);

const O05: Ledger = {
  name: 'O05',
  facts: [
    // 5 January + 30 days = 4 February.
    opinion('quiet afterwards', closed('2026-01-05 10:00'), { id: 'quiet' }),
    secondary('of another system’s case of that number', 'quiet', '2026-01-09 09:00', { source: 'o05-other' }),
    opinion('came back on day 30', closed('2026-01-05 10:00'), { id: 'day-30' }),
    secondary('day 30, in another township', 'day-30', '2026-02-04 09:00', { town: 'B' }),
    opinion('came back on day 31', closed('2026-01-05 10:00'), { id: 'day-31' }),
    secondary('day 31', 'day-31', '2026-02-05 11:00'),
    opinion('came back twice: one event', closed('2026-01-06 10:00'), { id: 'twice' }),
    secondary('once', 'twice', '2026-01-09 09:00'),
    secondary('twice', 'twice', '2026-01-19 09:00'),
    opinion('its sequel was withdrawn', closed('2026-01-06 10:00'), { id: 'withdrawn-sequel' }),
    secondary('withdrawn', 'withdrawn-sequel', '2026-01-09 09:00', { retracted: true }),
    opinion('closed in the next month, other township', closed('2026-02-05 10:00'), { town: 'B' }),
    opinion('not closed', {}),
    opinion('withdrawn', closed('2026-01-05 10:00'), { retracted: true }),
  ],
  expected: { O05: ['2026-02 A 2/5', '2026-03 B 0/1'] },
};

const O06: Ledger = {
  name: 'O06',
  facts: [
    opinion('positive', { sentiment: 'positive' }),
    opinion('negative', {}),
    opinion('negative again', {}),
    opinion('neutral counts below', { sentiment: 'neutral' }),
    opinion(
      'positive, next month, other township',
      { sentiment: 'positive', discovered_at: '2026-02-01 00:00', verified_at: '2026-02-01' },
      {
        town: 'B',
      },
    ),
    opinion('positive and', { sentiment: 'positive' }, { town: 'C' }),
    opinion('negative cancel out', {}, { town: 'C' }),
    opinion('withdrawn', {}, { retracted: true }),
  ],
  expected: { O06: ['2026-01 A -1/4', '2026-01 C 0/2', '2026-02 B 1/1'] },
};

export const opinionLedgers: readonly Ledger[] = [O01, O02, O03, O04, O05, O06];
