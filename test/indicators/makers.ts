import type { Fact } from './ledger.js';

/** A maker of facts of one record type: why it counts, the body, anything else. */
export const maker =
  (type: Fact['type'], common: Record<string, unknown> = {}) =>
  (why: string, body: Record<string, unknown>, more: Partial<Fact> = {}): Fact => ({
    why,
    type,
    body: { ...common, ...body },
    ...more,
  });

export const petition = maker('petition.case', { petition_type: 'appeal_claim', channel: 'letter' });
export const order = maker('hotline.order');
