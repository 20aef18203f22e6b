import type { Fact, Ledger } from './ledger.js';
import { call, filed } from './police.js';

const warning = (why: string, at: string, warned: number, dissuaded: number, more: Partial<Fact> = {}): Fact => ({
  why,
  type: 'police.fraud_warning',
  at,
  body: { warned, dissuaded },
  ...more,
});

const P05: Ledger = {
  name: 'P05',
  facts: [
    call('filed', '2026-01-31 23:59:59', filed('telecom_fraud', { loss_amount: 1000 })),
    call('filed, loss unknown', '2026-02-01 00:00', filed('telecom_fraud')),
    call('other township', '2026-02-10 10:00', filed('telecom_fraud'), { town: 'B' }),
    call('face to face', '2026-02-10 10:00', filed('contact_fraud')),
    call('fraud of another kind', '2026-02-10 10:00', filed('fraud')),
    call('no case', '2026-02-10 10:00', filed('telecom_fraud', { case_status: 'no_case' })),
    call('withdrawn', '2026-02-10 10:00', filed('telecom_fraud'), { retracted: true }),
  ],
  expected: { P05: ['2026-01 A 1/0', '2026-02 A 1/0', '2026-02 B 1/0'] },
};

const P07: Ledger = {
  name: 'P07',
  facts: [
    warning('nine of ten', '2026-01-30', 10, 9),
    warning('added to the same month', '2026-01-31', 5, 1),
    warning('next month', '2026-02-01', 4, 4),
    warning('other township, nobody dissuaded', '2026-02-02', 3, 0, { town: 'B' }),
    warning('nobody warned', '2026-03-01', 0, 0),
    warning('withdrawn', '2026-01-30', 100, 100, { retracted: true }),
  ],
  expected: { P07: ['2026-01 A 10/15', '2026-02 A 4/4', '2026-02 B 0/3'] },
};

const fraud = (why: string, at: string, loss_amount: number, more: Partial<Fact> = {}) =>
  call(why, at, filed('telecom_fraud', { loss_amount }), more);

/** 18 small losses and two of 50 000: by any reckoning of a 95th percentile of these 20 it is 50 000. */
export const twentyLosses: readonly Fact[] = [
  ...Array.from({ length: 18 }, (_, i) =>
    fraud('small loss', `2025-03-${String(i + 1).padStart(2, '0')} 10:00`, 1000, { town: 'B' }),
  ),
  fraud('great loss', '2025-03-20 10:00', 50_000, { town: 'B' }),
  fraud('great loss', '2025-03-21 10:00', 50_000, { town: 'B', id: 'twentieth' }),
];

/** Each needs a county of its own: the cap is the county's. March 2025 is in the twelve months before March 2026. */
export const P06: readonly Ledger[] = [
  {
    name: 'P06',
    facts: [
      ...twentyLosses,
      fraud('above the cap: counts as 50 000', '2026-03-31 23:59', 200_000),
      fraud('below the cap: counts as it is', '2026-03-02 10:00', 30_000.5),
      fraud('in April, March 2025 is too long ago and two cases are too few: no cap', '2026-04-01 00:00', 70_000),
      call('loss unknown', '2026-03-03 10:00', filed('telecom_fraud')),
      call('no telecom fraud', '2026-03-03 10:00', filed('contact_fraud', { loss_amount: 900 })),
      fraud('withdrawn', '2026-03-03 10:00', 800, { retracted: true }),
    ],
    expected: { P06: ['2025-03 B 118000/0', '2026-03 A 80000.5/0', '2026-04 A 70000/0'] },
  },
  {
    name: 'P06-FEW',
    facts: [
      ...twentyLosses.slice(1),
      fraud('the month before the twelve', '2025-02-28 23:59', 1000, { town: 'B' }),
      fraud('a withdrawn one', '2025-04-01 10:00', 1000, { town: 'B', retracted: true }),
      fraud('19 losses in twelve months: no cap', '2026-03-31 23:59', 200_000),
      fraud('the month itself is not among the twelve', '2026-03-01 00:00', 1000),
    ],
    expected: { P06: ['2025-02 B 1000/0', '2025-03 B 117000/0', '2026-03 A 201000/0'] },
  },
];

export const fraudLedgers: readonly Ledger[] = [P05, P07];
