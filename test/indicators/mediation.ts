import type { Fact, Ledger } from './ledger.js';
import { maker } from './makers.js';

const dispute = maker('mediation.dispute', { dispute_type: 'neighbour', accepted_at: '2026-01-05 09:00' });
const gridEvent = maker('mediation.grid_event', { accepted_at: '2026-01-20 09:00' });
const hazard = maker('mediation.hazard', { found_at: '2026-01-10 09:00' });
const grid = maker('mediation.grid_month', { valid_reports: 0 });
const visits = maker('mediation.key_group_visits', { visit_group: 'released' });

const S01: Ledger = {
  name: 'S01',
  facts: [
    dispute('agreed', { result: 'agreed', closed_at: '2026-01-31 23:59' }),
    dispute('failed', { result: 'failed', closed_at: '2026-01-20' }),
    dispute('agreed, next month', { result: 'agreed', closed_at: '2026-02-01 00:00' }),
    dispute('failed, other township', { result: 'failed', closed_at: '2026-01-20' }, { town: 'B' }),
    dispute('application withdrawn', { result: 'withdrawn', closed_at: '2026-01-20' }),
    dispute('not closed', {}),
    dispute('withdrawn', { result: 'agreed', closed_at: '2026-01-20' }, { retracted: true }),
  ],
  expected: { S01: ['2026-01 A 1/2', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const S02: Ledger = {
  name: 'S02',
  facts: [
    // 1 January + 30 days = 31 January.
    dispute('on the 30th day', { accepted_at: '2026-01-01 09:00', result: 'agreed', closed_at: '2026-01-31 23:59' }),
    dispute('on the 31st day', { accepted_at: '2026-01-01 09:00', result: 'agreed', closed_at: '2026-02-01 00:00' }),
    dispute('closed without agreement is closed', {
      accepted_at: '2026-01-01',
      result: 'failed',
      closed_at: '2026-01-10',
    }),
    dispute('not closed, other township', { accepted_at: '2026-01-01 09:00' }, { town: 'B' }),
    dispute('withdrawn', { accepted_at: '2026-01-01 09:00' }, { retracted: true }),
  ],
  expected: { S02: ['2026-01 A 2/3', '2026-01 B 0/1'] },
};

const agreement = (perform_due_at: string | undefined, performed_at?: string, more: object = {}) => ({
  result: 'agreed',
  agreement_form: 'written',
  closed_at: '2026-01-10 10:00',
  ...(perform_due_at && { perform_due_at }),
  ...(performed_at && { performed_at }),
  ...more,
});

const S03: Ledger = {
  name: 'S03',
  facts: [
    dispute('on the last day', agreement('2026-02-28', '2026-02-28 23:59')),
    dispute('a day late', agreement('2026-02-28', '2026-03-01 00:00')),
    dispute('a second after the hour agreed on', agreement('2026-02-28 12:00', '2026-02-28 12:00:01')),
    dispute('not performed, other township', agreement('2026-02-28'), { town: 'B' }),
    dispute('due in March, performed early', agreement('2026-03-01', '2026-02-01')),
    dispute('nothing to perform', agreement(undefined)),
    dispute('no agreement', agreement('2026-02-28', undefined, { result: 'failed' })),
    dispute('withdrawn', agreement('2026-02-28'), { retracted: true }),
  ],
  expected: { S03: ['2026-02 A 1/3', '2026-02 B 0/1', '2026-03 A 1/1'] },
};

const success = (closed_at: string) => ({ result: 'agreed', closed_at });
const recurrence = (why: string, recurrence_of: string, accepted_at: string, more: Partial<Fact> = {}) =>
  dispute(why, { accepted_at, recurrence_of }, more);

const S04: Ledger = {
  name: 'S04',
  facts: [
    // 10 January + 180 days = 9 July.
    dispute('did not recur', success('2026-01-10 10:00'), { id: 'quiet' }),
    recurrence('of another system’s case of that number', 'quiet', '2026-02-09 09:00', { source: 's04-other' }),
    dispute('recurred on day 180', success('2026-01-10 10:00'), { id: 'day-180' }),
    recurrence('day 180, in another township', 'day-180', '2026-07-09 09:00', { town: 'B' }),
    dispute('recurred on day 181', success('2026-01-10 10:00'), { id: 'day-181' }),
    recurrence('day 181', 'day-181', '2026-07-10 11:00'),
    dispute('recurred twice: one matter', success('2026-01-12 10:00'), { id: 'twice' }),
    recurrence('once', 'twice', '2026-02-09 09:00'),
    recurrence('twice', 'twice', '2026-03-09 09:00'),
    dispute('its recurrence was withdrawn', success('2026-01-12 10:00'), { id: 'withdrawn-recurrence' }),
    recurrence('withdrawn', 'withdrawn-recurrence', '2026-02-09 09:00', { retracted: true }),
    dispute('success of the next month, other township', success('2026-02-05 10:00'), { town: 'B' }),
    dispute('failed', { result: 'failed', closed_at: '2026-01-10 10:00' }, { id: 'failed' }),
    recurrence('of what was never settled', 'failed', '2026-02-09 09:00'),
    dispute('withdrawn', success('2026-01-10 10:00'), { retracted: true }),
  ],
  expected: { S04: ['2026-07 A 2/5', '2026-08 B 0/1'] },
};

const turned = (turned_criminal_at: string, more: object = {}) => ({
  turned_criminal_case_id: 'J-1',
  turned_criminal_at,
  ...more,
});

const S05: Ledger = {
  name: 'S05',
  facts: [
    dispute('turned criminal', turned('2026-01-31 23:59')),
    dispute(
      'the police had been alerted an hour before',
      turned('2026-01-20 10:00', { police_alerted_at: '2026-01-20 09:00' }),
    ),
    dispute('alerted afterwards', turned('2026-02-01 00:00', { police_alerted_at: '2026-02-01 01:00' })),
    dispute('alerted, other township', turned('2026-02-03', { police_alerted_at: '2026-02-01' }), { town: 'B' }),
    dispute('alerted, did not turn', { police_alerted_at: '2026-01-20 09:00' }),
    dispute('withdrawn', turned('2026-01-20 10:00'), { retracted: true }),
  ],
  expected: { S05: ['2026-01 A 1.5/0', '2026-02 A 1/0', '2026-02 B 0.5/0'] },
};

const S06: Ledger = {
  name: 'S06',
  facts: [
    dispute('found by a sweep', { accepted_at: '2026-01-31 23:59', found_by: 'sweep' }),
    dispute('applied for', { found_by: 'application' }),
    dispute('handed over', { found_by: 'transfer' }),
    dispute('not known who found it', {}),
    dispute('sweep, next month, other township', { accepted_at: '2026-02-01 00:00', found_by: 'sweep' }, { town: 'B' }),
    dispute('withdrawn', { found_by: 'sweep' }, { retracted: true }),
  ],
  expected: { S06: ['2026-01 A 1/3', '2026-02 B 1/1'] },
};

const S07: Ledger = {
  name: 'S07',
  facts: [
    gridEvent('at the last instant', { due_at: '2026-01-31 18:00', closed_at: '2026-01-31 18:00:00' }),
    gridEvent('a second late: closed, but not in time', {
      due_at: '2026-01-31 18:00',
      closed_at: '2026-01-31 18:00:01',
    }),
    gridEvent('by the end of the day', { due_at: '2026-01-31', closed_at: '2026-01-31 23:59:59' }),
    gridEvent('weeks late', { due_at: '2026-01-25', closed_at: '2026-02-20' }),
    gridEvent('not closed', { due_at: '2026-01-25' }),
    gridEvent('not closed, other township', { due_at: '2026-01-25' }, { town: 'B' }),
    gridEvent('due in February, closed in January', { due_at: '2026-02-01 00:00', closed_at: '2026-01-21' }),
    gridEvent('withdrawn', { due_at: '2026-01-25' }, { retracted: true }),
  ],
  expected: {
    S07: ['2026-01 A 4/5', '2026-01 B 0/1', '2026-02 A 1/1'],
    S08: ['2026-01 A 2/5', '2026-01 B 0/1', '2026-02 A 1/1'],
  },
};

const S09: Ledger = {
  name: 'S09',
  facts: [
    grid('three reports', { grid_id: 'G1', valid_reports: 3 }, { at: '2026-01' }),
    grid('one report', { grid_id: 'G2', valid_reports: 1 }, { at: '2026-01' }),
    grid('nothing, but signed', { grid_id: 'G3', zero_report_at: '2026-02-01 09:00' }, { at: '2026-01' }),
    grid('nothing and not signed', { grid_id: 'G4' }, { at: '2026-01' }),
    grid('nothing and not signed, other township', { grid_id: 'G5' }, { at: '2026-01', town: 'B' }),
    grid('the first grid in February', { grid_id: 'G1', valid_reports: 1 }, { at: '2026-02' }),
    grid('withdrawn', { grid_id: 'G6', valid_reports: 9 }, { at: '2026-01', retracted: true }),
  ],
  expected: { S09: ['2026-01 A 3/4', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const S10: Ledger = {
  name: 'S10',
  facts: [
    hazard('on the last day', { due_at: '2026-01-31', fixed_at: '2026-01-31 23:59' }),
    hazard('a day late', { due_at: '2026-01-31', fixed_at: '2026-02-01' }),
    hazard('a second late', { due_at: '2026-01-31 12:00', fixed_at: '2026-01-31 12:00:01' }),
    hazard('not fixed, other township', { due_at: '2026-01-31' }, { town: 'B' }),
    hazard('due in February, fixed in January', { due_at: '2026-02-01', fixed_at: '2026-01-20' }),
    hazard('withdrawn', { due_at: '2026-01-31' }, { retracted: true }),
  ],
  expected: { S10: ['2026-01 A 1/3', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const S11: Ledger = {
  name: 'S11',
  facts: [
    visits('nine of ten', { planned: 10, done: 9 }, { at: '2026-01' }),
    visits('another group', { planned: 5, done: 5, visit_group: 'mental_health' }, { at: '2026-01' }),
    visits('none done, other township', { planned: 2, done: 0 }, { at: '2026-01', town: 'B' }),
    visits('next month', { planned: 10, done: 10 }, { at: '2026-02' }),
    visits('nothing planned', { planned: 0, done: 0 }, { at: '2026-03' }),
    visits('withdrawn', { planned: 100, done: 100 }, { at: '2026-01', retracted: true }),
  ],
  expected: { S11: ['2026-01 A 14/15', '2026-01 B 0/2', '2026-02 A 10/10'] },
};

const handedOver = (docking_channel: string, result: string, more: object = {}) => ({
  found_by: 'transfer',
  docking_channel,
  result,
  closed_at: '2026-01-20',
  ...more,
});

const S12: Ledger = {
  name: 'S12',
  facts: [
    dispute('from the court, agreed', handedOver('court', 'agreed')),
    dispute('from the court, failed', handedOver('court', 'failed')),
    dispute('from the police, agreed', handedOver('police', 'agreed')),
    dispute('from the police, other township', handedOver('police', 'failed'), { town: 'B' }),
    dispute('from arbitration, still open', { found_by: 'transfer', docking_channel: 'arbitration' }),
    dispute('found by a sweep', { found_by: 'sweep', result: 'agreed', closed_at: '2026-01-20' }),
    dispute('withdrawn', handedOver('court', 'agreed'), { retracted: true }),
  ],
  expected: {
    'S12:court': ['2026-01 A 1/2'],
    'S12:police': ['2026-01 A 1/1', '2026-01 B 0/1'],
    'S12:arbitration': ['2026-01 A 0/1'],
  },
};

const S13: Ledger = {
  name: 'S13',
  facts: [
    dispute('accepted in January', { accepted_at: '2026-01-31 23:59' }),
    dispute('closed or not', { result: 'failed', closed_at: '2026-03-01' }),
    dispute('accepted in February, other township', { accepted_at: '2026-02-01 00:00' }, { town: 'B' }),
    dispute('withdrawn', {}, { retracted: true }),
    gridEvent('a grid matter is no dispute', { due_at: '2026-01-25' }),
  ],
  expected: { S13: ['2026-01 A 2/0', '2026-02 B 1/0'] },
};

export const mediationLedgers: readonly Ledger[] = [S01, S02, S03, S04, S05, S06, S07, S09, S10, S11, S12, S13];
