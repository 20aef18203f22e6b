import type { Ledger } from './ledger.js';
import { maker, order, petition } from './makers.js';

const suggestion = maker('petition.suggestion');

const followedUp = (satisfaction: string | undefined, more: Record<string, unknown> = {}) => ({
  registered_at: '2026-01-05',
  closed_at: '2026-01-20',
  ...(satisfaction && { satisfaction }),
  ...more,
});

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
    order('resolved and satisfied', followedUp('satisfied', { resolved: true })),
    order('resolved, not satisfied', followedUp('dissatisfied', { resolved: true })),
    order('satisfied, not resolved', followedUp('satisfied', { resolved: false })),
    order('neither', followedUp('neutral', { resolved: false }), { town: 'B' }),
    order('asked only whether it is resolved', followedUp(undefined, { resolved: true }), { town: 'B' }),
    order('asked only whether content', followedUp('dissatisfied'), { town: 'B' }),
    order('not followed up', followedUp(undefined)),
    order(
      'both, next month',
      followedUp('satisfied', { resolved: true, registered_at: '2026-02-01', closed_at: '2026-02-02' }),
    ),
    order('withdrawn', followedUp('satisfied', { resolved: true }), { retracted: true }),
    petition('a petition is no hotline order', followedUp('satisfied')),
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

export const requestLedgers: readonly Ledger[] = [X08, X09, X10];
