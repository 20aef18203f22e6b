import type { Fact, Ledger } from './ledger.js';
import { maker } from './makers.js';

let units = 0;
const unit = (why: string, at: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => {
  units += 1;
  return {
    why,
    type: 'creation.unit_status',
    at,
    body: { unit_kind: 'unit', unit_id: `U${units}`, ...body },
    ...more,
  };
};
const survey = maker('survey.result');
const item = maker('rectification.item');
const duty = maker('creation.duty');
const patrol = maker('creation.patrol');

const C01: Ledger = {
  name: 'C01',
  facts: [
    unit('up to standard', '2026-01-31', { is_compliant: true }),
    unit('a village up to standard', '2026-01-31', { unit_kind: 'village', is_compliant: true }),
    unit('not up to it', '2026-01-31', { is_compliant: false }),
    unit('not up to it, other township', '2026-01-31', { is_compliant: false }, { town: 'B' }),
    unit('not assessed', '2026-01-31', { colour: 'blue' }),
    unit('up to it, next month', '2026-02-28', { is_compliant: true }),
    unit('withdrawn', '2026-01-31', { is_compliant: true }, { retracted: true }),
  ],
  expected: { C01: ['2026-01 A 2/3', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const village = { unit_kind: 'village' };

const C02: Ledger = {
  name: 'C02',
  facts: [
    unit('village, three zeros', '2026-01-31', { ...village, is_three_zero: true }),
    unit('village, not', '2026-01-31', { ...village, is_three_zero: false }),
    unit('village, next month, other township', '2026-02-28', { ...village, is_three_zero: true }, { town: 'B' }),
    unit('village, not assessed', '2026-01-31', village),
    unit('village, withdrawn', '2026-01-31', { ...village, is_three_zero: true }, { retracted: true }),
    unit('unit, three zeros', '2026-01-31', { is_three_zero: true }),
    unit('unit, three zeros', '2026-01-31', { is_three_zero: true }),
    unit('unit, not', '2026-01-31', { is_three_zero: false }),
    unit('unit, not assessed', '2026-01-31', { is_compliant: true }),
    unit('unit, withdrawn', '2026-01-31', { is_three_zero: true }, { retracted: true }),
  ],
  expected: { C02: ['2026-01 A 1/2', '2026-02 B 1/1'], C03: ['2026-01 A 2/3'] },
};

const C04: Ledger = {
  name: 'C04',
  facts: [
    unit('red', '2026-01-31', { colour: 'red' }),
    unit('orange', '2026-01-31', { colour: 'orange' }),
    unit('blue', '2026-01-31', { colour: 'blue' }),
    unit('red, other township', '2026-01-31', { colour: 'red' }, { town: 'B' }),
    unit('no colour', '2026-01-31', { is_compliant: true }),
    unit('red, withdrawn', '2026-01-31', { colour: 'red' }, { retracted: true }),
  ],
  expected: { C04: ['2026-01 A 1/3', '2026-01 B 1/1'] },
};

const C05: Ledger = {
  name: 'C05',
  facts: [
    item('on the last day', { issued_at: '2026-01-05', due_at: '2026-01-31', closed_at: '2026-01-31 23:59' }),
    item('a day late', { issued_at: '2026-01-05', due_at: '2026-01-31', closed_at: '2026-02-01' }),
    item('not closed, other township', { issued_at: '2026-01-05', due_at: '2026-01-31' }, { town: 'B' }),
    item('due in February, closed in January', {
      issued_at: '2026-01-05',
      due_at: '2026-02-01',
      closed_at: '2026-01-06',
    }),
    item('withdrawn', { issued_at: '2026-01-05', due_at: '2026-01-31' }, { retracted: true }),
  ],
  expected: { C05: ['2026-01 A 1/2', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const C06: Ledger = {
  name: 'C06',
  facts: [
    survey('first wave', { asked: 500, felt_safe: 487 }, { at: '2026-01-15' }),
    survey('second interviewer, same month', { asked: 100, felt_safe: 90 }, { at: '2026-01-20' }),
    survey('second wave, half a year on; nothing between', { asked: 400, felt_safe: 400 }, { at: '2026-07-15' }),
    survey('other township', { asked: 50, felt_safe: 0 }, { at: '2026-01-15', town: 'B' }),
    survey('withdrawn', { asked: 900, felt_safe: 900 }, { at: '2026-01-15', retracted: true }),
  ],
  expected: { C06: ['2026-01 A 577/600', '2026-01 B 0/50', '2026-07 A 400/400'] },
};

const C07: Ledger = {
  name: 'C07',
  facts: [
    duty('on the last day', { duty: 'monthly_report', due_at: '2026-01-31', done_at: '2026-01-31 23:59' }),
    duty('a day late', { duty: 'weekly_review', due_at: '2026-01-31', done_at: '2026-02-01' }),
    duty('not done, other township', { duty: 'half_month_review', due_at: '2026-01-15' }, { town: 'B' }),
    duty('due in February, done in January', { duty: 'monthly_ranking', due_at: '2026-02-01', done_at: '2026-01-30' }),
    duty('withdrawn', { duty: 'weekly_dispatch', due_at: '2026-01-31' }, { retracted: true }),
  ],
  expected: { C07: ['2026-01 A 1/2', '2026-01 B 0/1', '2026-02 A 1/1'] },
};

const C08: Ledger = {
  name: 'C08',
  facts: [
    patrol('nine of ten', { expected: 10, signed: 9 }, { at: '2026-01-10' }),
    patrol('added up over the month', { expected: 10, signed: 2 }, { at: '2026-01-31' }),
    patrol('next month, other township', { expected: 3, signed: 3 }, { at: '2026-02', town: 'B' }),
    patrol('nobody expected', { expected: 0, signed: 0 }, { at: '2026-03' }),
    patrol('withdrawn', { expected: 10, signed: 10 }, { at: '2026-01-10', retracted: true }),
  ],
  expected: { C08: ['2026-01 A 11/20', '2026-02 B 3/3'] },
};

export const creationLedgers: readonly Ledger[] = [C01, C02, C04, C05, C06, C07, C08];
