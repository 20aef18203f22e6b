import type { Fact } from './ledger.js';
import { twentyLosses } from './police-fraud.js';

/** What arrives one after another, and every component of the indicator after each arrival. Facts are known by `id`. */
export interface Story {
  code: string;
  steps: ReadonlyArray<{ why: string; facts: readonly Fact[]; expected: readonly string[] }>;
}

const maker =
  (type: Fact['type'], common: Record<string, unknown>) =>
  (id: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
    why: id,
    type,
    id,
    body: { ...common, ...body },
    ...more,
  });

const police = maker('police.incident', { category: 'dispute' });
const petition = maker('petition.case', { petition_type: 'appeal_claim', channel: 'letter' });
const dispute = maker('mediation.dispute', { dispute_type: 'neighbour' });
const opinion = maker('opinion.event', { sentiment: 'negative', level: 1, heat: 9 });

const fraudBody = { category: 'criminal', sub_category: 'telecom_fraud', case_status: 'filed' };
const bigLoss = police('big', { ...fraudBody, loss_amount: 200_000 }, { at: '2026-03-31 12:00' });
const twentieth = twentyLosses.at(-1)!;

const P06: Story = {
  code: 'P06',
  steps: [
    {
      why: '19 losses in the twelve months before: no cap',
      facts: [...twentyLosses.slice(0, -1), bigLoss],
      expected: ['2025-03 B 68000/0', '2026-03 A 200000/0'],
    },
    {
      why: 'a twentieth a year earlier caps it',
      facts: [twentieth],
      expected: ['2025-03 B 118000/0', '2026-03 A 50000/0'],
    },
    {
      why: 'it belongs to February 2025: out of the twelve months again',
      facts: [{ ...twentieth, at: '2025-02-21 10:00' }],
      expected: ['2025-02 B 50000/0', '2025-03 B 68000/0', '2026-03 A 200000/0'],
    },
    {
      why: 'it was March after all, in another township',
      facts: [{ ...twentieth, town: 'C' }],
      expected: ['2025-03 B 68000/0', '2025-03 C 50000/0', '2026-03 A 50000/0'],
    },
    {
      why: 'it is withdrawn',
      facts: [{ ...twentieth, town: 'C', retracted: true }],
      expected: ['2025-03 B 68000/0', '2026-03 A 200000/0'],
    },
  ],
};

const firstCall = police('first', {}, { at: '2026-01-20 09:00' });

const P08: Story = {
  code: 'P08',
  steps: [
    {
      why: 'the call before is not known yet',
      facts: [police('again', { prior_case_ref: 'first' }, { at: '2026-03-20 09:00' })],
      expected: ['2026-03 A 0/1'],
    },
    { why: 'it comes: 59 days before', facts: [firstCall], expected: ['2026-01 A 0/1', '2026-03 A 1/1'] },
    {
      why: 'it was in December: 91 days before',
      facts: [{ ...firstCall, at: '2025-12-19 09:00' }],
      expected: ['2025-12 A 0/1', '2026-03 A 0/1'],
    },
    {
      why: 'in January after all, in another township',
      facts: [{ ...firstCall, town: 'B' }],
      expected: ['2026-01 B 0/1', '2026-03 A 1/1'],
    },
    { why: 'it is withdrawn', facts: [{ ...firstCall, retracted: true }], expected: ['2026-03 A 0/1'] },
  ],
};

const sibling = (id: string, prior_case_ref: string, at: string, more: Partial<Fact> = {}) =>
  police(id, { prior_case_ref }, { at, ...more });

/** Calls on one matter that all name the first of them. */
const P08siblings: Story = {
  code: 'P08',
  steps: [
    {
      why: '110 days after the first call',
      facts: [police('first', {}, { at: '2026-01-20 09:00' }), sibling('third', 'first', '2026-05-10 09:00')],
      expected: ['2026-01 A 0/1', '2026-05 A 0/1'],
    },
    {
      why: 'there was another in between',
      facts: [sibling('second', 'first', '2026-03-11 09:00')],
      expected: ['2026-01 A 0/1', '2026-03 A 1/1', '2026-05 A 1/1'],
    },
    {
      why: 'that was on another matter',
      facts: [sibling('second', 'other', '2026-03-11 09:00')],
      expected: ['2026-01 A 0/1', '2026-03 A 0/1', '2026-05 A 0/1'],
    },
    {
      why: 'on this one after all, in another township and month',
      facts: [sibling('second', 'first', '2026-02-11 09:00', { town: 'B' })],
      expected: ['2026-01 A 0/1', '2026-02 B 1/1', '2026-05 A 1/1'],
    },
    {
      why: 'it is withdrawn',
      facts: [sibling('second', 'first', '2026-02-11 09:00', { retracted: true })],
      expected: ['2026-01 A 0/1', '2026-05 A 0/1'],
    },
  ],
};

const resolved = (id: string, town: string) =>
  petition(id, { is_first: true, registered_at: '2025-12-20', closed_at: '2026-01-10 10:00' }, { town });
const repeat = (repeat_of: string, registered_at = '2026-02-10 09:00') =>
  petition('repeat', { is_first: false, registered_at, repeat_of });

const X03: Story = {
  code: 'X03',
  steps: [
    {
      why: 'both resolved',
      facts: [resolved('a', 'A'), resolved('b', 'B')],
      expected: ['2026-07 A 1/1', '2026-07 B 1/1'],
    },
    { why: 'a repeat of the first', facts: [repeat('a')], expected: ['2026-07 A 0/1', '2026-07 B 1/1'] },
    { why: 'it repeats the second', facts: [repeat('b')], expected: ['2026-07 A 1/1', '2026-07 B 0/1'] },
    {
      why: 'it came after 181 days',
      facts: [repeat('b', '2026-07-10 11:00')],
      expected: ['2026-07 A 1/1', '2026-07 B 1/1'],
    },
    { why: 'after 180 days', facts: [repeat('b', '2026-07-09 09:00')], expected: ['2026-07 A 1/1', '2026-07 B 0/1'] },
    {
      why: 'it is withdrawn',
      facts: [{ ...repeat('b', '2026-07-09 09:00'), retracted: true }],
      expected: ['2026-07 A 1/1', '2026-07 B 1/1'],
    },
  ],
};

const original = petition('original', { registered_at: '2026-01-02 09:00', closed_at: '2026-01-20 10:00' });

const X04: Story = {
  code: 'X04',
  steps: [
    {
      why: 'what it repeats is not known yet',
      facts: [petition('again', { registered_at: '2026-03-01 09:00', repeat_of: 'original' })],
      expected: ['2026-03 A 0/1'],
    },
    {
      why: 'known, but open',
      facts: [petition('original', { registered_at: '2026-01-02 09:00' })],
      expected: ['2026-01 A 0/1', '2026-03 A 0/1'],
    },
    { why: 'known to have been closed before', facts: [original], expected: ['2026-01 A 0/1', '2026-03 A 1/1'] },
    {
      why: 'closed only afterwards, in another township',
      facts: [
        petition('original', { registered_at: '2026-01-02 09:00', closed_at: '2026-03-01 09:01' }, { town: 'B' }),
      ],
      expected: ['2026-01 B 0/1', '2026-03 A 0/1'],
    },
    { why: 'it is withdrawn', facts: [{ ...original, retracted: true }], expected: ['2026-03 A 0/1'] },
  ],
};

const localBody = {
  level_received: 'county',
  competent_level: 'county',
  registered_at: '2026-01-05 09:00',
  accepted_at: '2026-01-05 09:00',
  due_at: '2026-03-06',
};

const X05: Story = {
  code: 'X05',
  steps: [
    {
      why: 'nothing known of a local deadline',
      facts: [
        petition('visit', {
          channel: 'visit',
          level_received: 'province',
          competent_level: 'county',
          registered_at: '2026-04-10 09:00',
          repeat_of: 'local',
        }),
      ],
      expected: ['2026-04 A 0/1'],
    },
    { why: 'it had passed unhandled', facts: [petition('local', localBody)], expected: ['2026-04 A 1/1'] },
    {
      why: 'it was handled in time',
      facts: [petition('local', { ...localBody, closed_at: '2026-03-06 18:00' })],
      expected: ['2026-04 A 0/1'],
    },
    { why: 'it was not', facts: [petition('local', localBody, { town: 'B' })], expected: ['2026-04 A 1/1'] },
    {
      why: 'the local case is withdrawn',
      facts: [{ ...petition('local', localBody), retracted: true }],
      expected: ['2026-04 A 0/1'],
    },
  ],
};

const settled = (id: string, town: string) =>
  dispute(id, { accepted_at: '2025-12-20', result: 'agreed', closed_at: '2026-01-10 10:00' }, { town });
const recurrence = (recurrence_of: string) => dispute('recurrence', { accepted_at: '2026-02-10 09:00', recurrence_of });

const S04: Story = {
  code: 'S04',
  steps: [
    {
      why: 'both settled',
      facts: [settled('a', 'A'), settled('b', 'B')],
      expected: ['2026-07 A 0/1', '2026-07 B 0/1'],
    },
    { why: 'the first recurs', facts: [recurrence('a')], expected: ['2026-07 A 1/1', '2026-07 B 0/1'] },
    { why: 'no, the second', facts: [recurrence('b')], expected: ['2026-07 A 0/1', '2026-07 B 1/1'] },
    {
      why: 'it is withdrawn',
      facts: [{ ...recurrence('b'), retracted: true }],
      expected: ['2026-07 A 0/1', '2026-07 B 0/1'],
    },
  ],
};

const subsided = (id: string, town: string) =>
  opinion(id, { discovered_at: '2025-12-28', closed_at: '2026-01-05 10:00' }, { town });
const sequel = (secondary_of: string) => opinion('sequel', { discovered_at: '2026-01-15 09:00', secondary_of });

const O05: Story = {
  code: 'O05',
  steps: [
    {
      why: 'both have subsided',
      facts: [subsided('a', 'A'), subsided('b', 'B')],
      expected: ['2026-02 A 0/1', '2026-02 B 0/1'],
    },
    { why: 'a sequel of the first', facts: [sequel('a')], expected: ['2026-02 A 1/1', '2026-02 B 0/1'] },
    { why: 'no, of the second', facts: [sequel('b')], expected: ['2026-02 A 0/1', '2026-02 B 1/1'] },
    {
      why: 'it is withdrawn',
      facts: [{ ...sequel('b'), retracted: true }],
      expected: ['2026-02 A 0/1', '2026-02 B 0/1'],
    },
  ],
};

export const stories: Readonly<Record<string, Story>> = { P06, P08, P08siblings, X03, X04, X05, S04, O05 };
