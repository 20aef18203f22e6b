import type { Fact, Ledger } from './ledger.js';

export const call = (why: string, at: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'police.incident',
  at,
  body,
  ...more,
});

const criminal = { category: 'criminal' };

const dispute = { category: 'dispute' };

export const filed = (sub_category: string, more: object = {}) => ({
  ...criminal,
  sub_category,
  case_status: 'filed',
  ...more,
});

const P01: Ledger = {
  name: 'P01',
  facts: [
    call('last second of January', '2026-01-31 23:59:59', criminal),
    call('first instant of February', '2026-02-01 00:00:00', { category: 'public_order' }),
    call('given in UTC: already February here', '2026-01-31T16:30:00Z', criminal),
    call('only the day is known', '2026-02-28', { category: 'public_order' }, { town: 'B' }),
    call('only the month is known', '2026-03', criminal),
    call('invalid call', '2026-02-03 10:00', { category: 'invalid' }),
    call('a quarrel is neither criminal nor public order', '2026-02-03 10:00', dispute),
    call('traffic', '2026-02-03 10:00', { category: 'traffic' }),
    call('withdrawn', '2026-02-03 10:00', criminal, { retracted: true }),
  ],
  expected: { P01: ['2026-01 A 1/0', '2026-02 A 2/0', '2026-02 B 1/0', '2026-03 A 1/0'] },
};

const P02: Ledger = {
  name: 'P02',
  facts: [
    call('homicide', '2026-01-10 10:00', filed('homicide')),
    call('theft', '2026-01-11 10:00', filed('theft')),
    call('another theft, same month', '2026-01-31 23:59', filed('theft')),
    call('theft in February', '2026-02-01 00:00', filed('theft')),
    call(
      'public order case of the lightest class, other township',
      '2026-01-12 10:00',
      {
        category: 'public_order',
        sub_category: 'minor_public_order',
        case_status: 'accepted',
      },
      { town: 'B' },
    ),
    call('withdrawn', '2026-01-13 10:00', filed('robbery'), { retracted: true }),
    call('invalid call', '2026-01-13 10:00', { category: 'invalid', sub_category: 'robbery' }),
    call('a quarrel has no class', '2026-01-13 10:00', { ...dispute, case_status: 'accepted' }),
    call('class not stated', '2026-01-14 10:00', { ...criminal, case_status: 'filed' }),
    call('class not in the table', '2026-01-14 10:00', {
      category: 'public_order',
      sub_category: 'gambling',
      case_status: 'accepted',
    }),
    call('no case', '2026-01-14 10:00', filed('theft', { case_status: 'no_case' })),
    call('status unknown', '2026-01-14 10:00', { ...criminal, sub_category: 'theft' }),
  ],
  expected: {
    'P02:homicide': ['2026-01 A 1/0'],
    'P02:theft': ['2026-01 A 2/0', '2026-02 A 1/0'],
    'P02:minor_public_order': ['2026-01 B 1/0'],
    'P02:criminal': ['2026-01 A 1/0'],
    'P02:public_order:gambling': ['2026-01 A 1/0'],
  },
};

const P03: Ledger = {
  name: 'P03',
  facts: [
    call('filed homicide', '2026-01-10 10:00', filed('homicide')),
    call('filed rape', '2026-01-11 10:00', filed('rape')),
    call('filed arson, other township', '2026-01-11 10:00', filed('arson'), { town: 'B' }),
    call('filed poisoning, next month', '2026-02-01 00:00', filed('poisoning')),
    call('robbery not filed', '2026-01-12 10:00', filed('robbery', { case_status: 'accepted' })),
    call('explosion, status unknown', '2026-01-12 10:00', { ...criminal, sub_category: 'explosion' }),
    call('theft is not among the eight', '2026-01-12 10:00', filed('theft')),
    call('no class', '2026-01-12 10:00', { ...criminal, case_status: 'filed' }),
    call('withdrawn', '2026-01-12 10:00', filed('serious_injury'), { retracted: true }),
  ],
  expected: { P03: ['2026-01 A 2/0', '2026-01 B 1/0', '2026-02 A 1/0'] },
};

const P04: Ledger = {
  name: 'P04',
  facts: [
    call('burglary, filed', '2026-01-10 10:00', filed('burglary', { is_preventable: true })),
    call('pickpocketing, accepted', '2026-01-31 23:59', {
      category: 'public_order',
      sub_category: 'pickpocketing',
      case_status: 'accepted',
      is_preventable: true,
    }),
    call('snatching, other township', '2026-02-01 00:00', filed('snatching', { is_preventable: true }), { town: 'B' }),
    call('no case', '2026-01-12 10:00', filed('burglary', { is_preventable: true, case_status: 'no_case' })),
    call('not preventable', '2026-01-12 10:00', filed('theft', { is_preventable: false })),
    call('withdrawn', '2026-01-12 10:00', filed('vehicle_theft', { is_preventable: true }), { retracted: true }),
  ],
  expected: { P04: ['2026-01 A 2/0', '2026-02 B 1/0'] },
};

const P08: Ledger = {
  name: 'P08',
  facts: [
    call('first call', '2026-01-10 09:00', dispute, { id: 'first' }),
    call(
      'exactly 90 days after the first',
      '2026-04-10 09:00',
      { ...dispute, prior_case_ref: 'first' },
      { id: 'second' },
    ),
    call('79 days after the second', '2026-06-28 09:00', { ...dispute, prior_case_ref: 'second' }),
    call('another first call', '2026-01-11 09:00', dispute, { id: 'other', town: 'B' }),
    call('91 days after it', '2026-04-12 09:00', { ...dispute, prior_case_ref: 'other' }, { town: 'B' }),
    call('the call before was withdrawn', '2026-01-20 09:00', { ...dispute, prior_case_ref: 'gone' }),
    call('withdrawn', '2026-01-15 09:00', dispute, { id: 'gone', retracted: true }),
    call(
      'another system’s call of that number',
      '2026-01-21 09:00',
      { ...dispute, prior_case_ref: 'first' },
      { source: 'p08-122' },
    ),
    call('the call before is not known', '2026-01-21 09:00', { ...dispute, prior_case_ref: 'nowhere' }),
    call('what it names came later', '2026-01-22 09:00', { ...dispute, prior_case_ref: 'later' }),
    call('a call of its own', '2026-02-22 09:00', dispute, { id: 'later' }),
    call('repeated theft is not a dispute', '2026-01-22 09:00', { ...criminal, prior_case_ref: 'first' }),
  ],
  expected: {
    // January: first, after a withdrawn one, another system's, after an unknown one, before a later one; none of them a repeat.
    P08: ['2026-01 A 0/5', '2026-01 B 0/1', '2026-02 A 0/1', '2026-04 A 1/1', '2026-04 B 0/1', '2026-06 A 1/1'],
  },
};

const P08same: Ledger = {
  name: 'P08-SAME',
  facts: [
    call('first call', '2026-01-10 09:00', dispute, { id: 'first' }),
    call('60 days after it', '2026-03-11 09:00', { ...dispute, prior_case_ref: 'first' }),
    call('120 days after the first, 60 after another call on it', '2026-05-10 09:00', {
      ...dispute,
      prior_case_ref: 'first',
    }),
  ],
  expected: { P08: ['2026-01 A 0/1', '2026-03 A 1/1', '2026-05 A 1/1'] },
};

const emergency = (area_class: string | undefined, arrived_at: string | undefined, more: object = {}) => ({
  category: 'help',
  is_emergency: true,
  reported_at: '2026-01-31 23:50:00',
  ...(area_class && { area_class }),
  ...(arrived_at && { arrived_at }),
  ...more,
});

const night = '2026-01-31 23:50:00';

const P09: Ledger = {
  name: 'P09',
  facts: [
    call('urban, 5 minutes exactly', night, emergency('urban', '2026-01-31 23:55:00'), { town: 'U' }),
    call('urban, a second more', night, emergency('urban', '2026-01-31 23:55:01'), { town: 'U' }),
    call('suburb, 10 minutes exactly; counted where it began', night, emergency('suburb', '2026-02-01 00:00:00'), {
      town: 'S',
    }),
    call('suburb, a second more', night, emergency('suburb', '2026-02-01 00:00:01'), { town: 'S' }),
    call('rural, 30 minutes exactly', night, emergency('rural', '2026-02-01 00:20:00'), { town: 'R' }),
    call('rural, a second more', night, emergency('rural', '2026-02-01 00:20:01'), { town: 'R' }),
    call('no arrival is not in time', night, emergency('rural', undefined), { town: 'R' }),
    call('area unknown counts as rural', night, emergency(undefined, '2026-02-01 00:20:00'), { town: 'X' }),
    call(
      'without a time of report, from the occurrence',
      night,
      emergency('urban', '2026-01-31 23:55:01', { reported_at: undefined }),
      {
        town: 'X',
      },
    ),
    call('no emergency', night, emergency('urban', '2026-01-31 23:51:00', { is_emergency: false }), { town: 'U' }),
    call('invalid call', night, emergency('urban', '2026-01-31 23:51:00', { category: 'invalid' }), { town: 'U' }),
    call('withdrawn', night, emergency('urban', '2026-01-31 23:51:00'), { town: 'U', retracted: true }),
  ],
  expected: { P09: ['2026-01 R 1/3', '2026-01 S 1/2', '2026-01 U 1/2', '2026-01 X 1/2'] },
};

const sent = (more: object) => ({
  category: 'help',
  reported_at: '2026-01-31 22:00',
  dispatched_at: '2026-01-31 22:01',
  ...more,
});

const P10: Ledger = {
  name: 'P10',
  facts: [
    call(
      '30 minutes exactly',
      '2026-01-31 22:00',
      sent({ arrived_at: '2026-01-31 22:10', feedback_at: '2026-01-31 22:40:00' }),
    ),
    call(
      'a second more',
      '2026-01-31 22:00',
      sent({ arrived_at: '2026-01-31 22:10', feedback_at: '2026-01-31 22:40:01' }),
    ),
    call('no feedback', '2026-01-31 22:00', sent({ arrived_at: '2026-01-31 22:10' })),
    call(
      'in time, other township',
      '2026-01-31 22:00',
      sent({ arrived_at: '2026-01-31 22:10', feedback_at: '2026-01-31 22:11' }),
      {
        town: 'B',
      },
    ),
    call('no arrival to count from', '2026-01-31 22:00', sent({ feedback_at: '2026-01-31 22:11' }), { town: 'B' }),
    call('nobody was sent', '2026-01-31 22:00', { category: 'help', reported_at: '2026-01-31 22:00' }),
    call('withdrawn', '2026-01-31 22:00', sent({ arrived_at: '2026-01-31 22:10' }), { retracted: true }),
  ],
  expected: { P10: ['2026-01 A 1/3', '2026-01 B 1/2'] },
};

const traffic = { category: 'traffic' };

const P11: Ledger = {
  name: 'P11',
  facts: [
    call('one injured', '2026-01-31 23:59', { ...traffic, injured: 1 }),
    call('one dead and three injured are one accident', '2026-02-01 00:00', { ...traffic, injured: 3, deaths: 1 }),
    call('one dead, other township', '2026-02-02 10:00', { ...traffic, injured: 0, deaths: 1 }, { town: 'B' }),
    call('nobody hurt', '2026-02-02 10:00', { ...traffic, injured: 0, deaths: 0 }),
    call('casualties unknown', '2026-02-02 10:00', traffic),
    call('injured in a brawl', '2026-02-02 10:00', { category: 'public_order', injured: 2 }),
    call('withdrawn', '2026-02-02 10:00', { ...traffic, deaths: 1 }, { retracted: true }),
  ],
  expected: { P11: ['2026-01 A 1/0', '2026-02 A 1/0', '2026-02 B 1/0'] },
};

const P12: Ledger = {
  name: 'P12',
  facts: [
    call('fire', '2026-01-31 23:59', { category: 'fire' }),
    call('fire, next month', '2026-02-01 00:00', { category: 'fire' }),
    call('fire, other township', '2026-02-01 00:00', { category: 'fire' }, { town: 'B' }),
    call('false alarm', '2026-02-02 10:00', { category: 'invalid', sub_category: 'fire' }),
    call('arson is a crime', '2026-02-02 10:00', filed('arson')),
    call('withdrawn', '2026-02-02 10:00', { category: 'fire' }, { retracted: true }),
  ],
  expected: { P12: ['2026-01 A 1/0', '2026-02 A 1/0', '2026-02 B 1/0'] },
};

const P13: Ledger = {
  name: 'P13',
  facts: [
    call('valid', '2026-01-10 10:00', criminal),
    call('a request for help is valid', '2026-01-10 10:00', { category: 'help' }),
    call('invalid', '2026-01-10 10:00', { category: 'invalid' }),
    call('invalid, next month', '2026-02-01 00:00', { category: 'invalid' }),
    call('valid, other township', '2026-02-01 00:00', { category: 'fire' }, { town: 'B' }),
    call('withdrawn', '2026-01-10 10:00', { category: 'invalid' }, { retracted: true }),
  ],
  expected: { P13: ['2026-01 A 2/3', '2026-02 A 0/1', '2026-02 B 1/1'] },
};

const P14: Ledger = {
  name: 'P14',
  facts: [
    call('public order', '2026-01-10 10:00', { category: 'public_order' }),
    call('public order', '2026-01-11 10:00', { category: 'public_order' }),
    call('criminal', '2026-01-12 10:00', criminal),
    call('public order alone', '2026-02-01 00:00', { category: 'public_order' }),
    call('criminal alone, other township', '2026-02-01 00:00', criminal, { town: 'B' }),
    call('neither', '2026-01-12 10:00', traffic),
    call('withdrawn', '2026-01-12 10:00', criminal, { retracted: true }),
  ],
  expected: { P14: ['2026-01 A 2/1', '2026-02 A 1/0', '2026-02 B 0/1'] },
};

export const policeLedgers: readonly Ledger[] = [P01, P02, P03, P04, P08, P08same, P09, P10, P11, P12, P13, P14];
