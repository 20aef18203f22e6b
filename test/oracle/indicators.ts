import type { Case } from './cases.js';
import type { Clock } from './clock.js';
import { workingDaysAfter } from './holidays.js';

/** What one case adds to one indicator: in which local day's month, and how much. */
export interface Term {
  day: number;
  numerator: number;
  /** 0 for indicators that are divided by the population or not at all. */
  denominator: number;
}

export interface Reading {
  clock: Clock;
  /** The petition or hotline order as it is now, of the same source; undefined when there is none or it was withdrawn. */
  find: (source: string, caseId: string) => Case | undefined;
}

type Reader = (body: Case['body'], event: Case, reading: Reading) => Term | undefined;

const MINUTE = 60_000;
const HOUR = 3_600_000;

const deadlines = new Set(['due_at', 'extended_to', 'perform_due_at']);

/** The moment a field of the body names, in milliseconds. */
function momentOf(body: Case['body'], field: string, clock: Clock): number | undefined {
  const text = body[field];
  return typeof text === 'string' ? clock.instantOf(text, deadlines.has(field)) : undefined;
}

function dayOf(body: Case['body'], field: string, clock: Clock): number | undefined {
  const ms = momentOf(body, field, clock);
  return ms === undefined ? undefined : clock.dayOf(ms);
}

const share = (day: number, good: boolean): Term => ({ day, numerator: good ? 1 : 0, denominator: 1 });
const count = (day: number, numerator = 1): Term => ({ day, numerator, denominator: 0 });

const seriousKinds = [
  'homicide',
  'serious_injury',
  'rape',
  'robbery',
  'drug_trafficking',
  'arson',
  'explosion',
  'poisoning',
];

/** 警情: counted in the month of the occurrence. */
const police =
  (test: (body: Case['body']) => boolean): Reader =>
  (body, event, { clock }) =>
    test(body) ? count(clock.dayOf(clock.instantOf(event.occurred_at))) : undefined;

const levelWeights = [0, 1, 2, 4, 8];

/** The sixteen definitions in plain words of code, by the record type they read; other types are only counted. */
export const readers: Record<string, Record<string, Reader>> = {
  'police.incident': {
    P01: police(({ category }) => category === 'criminal' || category === 'public_order'),
    P03: police((b) => b.case_status === 'filed' && seriousKinds.includes(String(b.sub_category))),
    P04: police((b) => b.is_preventable === true && (b.case_status === 'accepted' || b.case_status === 'filed')),
    P09: (body, event, { clock }) => {
      if (body.is_emergency !== true || body.category === 'invalid') return undefined;
      const occurred = clock.instantOf(event.occurred_at);
      const minutes = body.area_class === 'urban' ? 5 : body.area_class === 'suburb' ? 10 : 30;
      const limit = (momentOf(body, 'reported_at', clock) ?? occurred) + minutes * MINUTE;
      const arrived = momentOf(body, 'arrived_at', clock);
      return share(clock.dayOf(occurred), arrived !== undefined && arrived <= limit);
    },
    P12: police(({ category }) => category === 'fire'),
  },
  'petition.case': {
    X01: (body, _event, { clock }) => {
      const registered = dayOf(body, 'registered_at', clock)!;
      const objected = dayOf(body, 'objection_at', clock);
      const transferred = dayOf(body, 'transferred_at', clock) ?? registered;
      if (objected !== undefined && objected <= workingDaysAfter(transferred, 5)) return undefined;
      const due = registered + 15;
      const notified = dayOf(body, 'accept_notified_at', clock);
      return share(due, notified !== undefined && notified <= due);
    },
    X02: (body, _event, { clock }) => {
      const accepted = dayOf(body, 'accepted_at', clock);
      if (body.petition_type !== 'appeal_claim' || accepted === undefined) return undefined;
      const extended = dayOf(body, 'extended_to', clock);
      const due = Math.max(accepted + 60, Math.min(extended ?? 0, accepted + 90));
      const closed = dayOf(body, 'closed_at', clock);
      return share(due, closed !== undefined && closed <= due);
    },
    X04: (body, event, { clock, find }) => {
      const registered = momentOf(body, 'registered_at', clock)!;
      const original = body.repeat_of === undefined ? undefined : find(event.source, String(body.repeat_of));
      const closed = original?.schema.startsWith('petition.case/')
        ? momentOf(original.body, 'closed_at', clock)
        : undefined;
      return share(clock.dayOf(registered), closed !== undefined && closed <= registered);
    },
  },
  'hotline.order': {
    X08: (body, _event, { clock }) => {
      const due = momentOf(body, 'due_at', clock);
      if (due === undefined) return undefined;
      const limit = momentOf(body, 'extended_to', clock) ?? due;
      const closed = momentOf(body, 'closed_at', clock);
      return share(clock.dayOf(limit), closed !== undefined && closed <= limit);
    },
  },
  'mediation.dispute': {
    S01: (body, _event, { clock }) => {
      if (body.result !== 'agreed' && body.result !== 'failed') return undefined;
      return share(dayOf(body, 'closed_at', clock)!, body.result === 'agreed');
    },
    S02: (body, _event, { clock }) => {
      const due = dayOf(body, 'accepted_at', clock)! + 30;
      const closed = dayOf(body, 'closed_at', clock);
      return share(due, closed !== undefined && closed <= due);
    },
    S05: (body, _event, { clock }) => {
      const turned = momentOf(body, 'turned_criminal_at', clock);
      if (turned === undefined) return undefined;
      const alerted = momentOf(body, 'police_alerted_at', clock);
      return count(clock.dayOf(turned), alerted !== undefined && alerted < turned ? 0.5 : 1);
    },
  },
  'mediation.grid_event': {
    S07: (body, _event, { clock }) => share(dayOf(body, 'due_at', clock)!, body.closed_at !== undefined),
  },
  'opinion.event': {
    O01: (body, _event, { clock }) => {
      if (body.verified_at === undefined || body.sentiment !== 'negative' || body.is_false_rumour === true)
        return undefined;
      const strength = Math.log(1 + Number(body.heat)) * levelWeights[Number(body.level)]!;
      return count(dayOf(body, 'discovered_at', clock)!, strength);
    },
    O02: (body, _event, { clock }) => {
      if (!(body.needs_response ?? body.sentiment === 'negative')) return undefined;
      const limit = momentOf(body, 'discovered_at', clock)! + (Number(body.level) >= 3 ? 24 : 48) * HOUR;
      const response = momentOf(body, 'first_response_at', clock);
      return share(clock.dayOf(limit), response !== undefined && response <= limit);
    },
    O04: (body, _event, { clock }) => {
      if (body.is_false_rumour === true) return undefined;
      return share(dayOf(body, 'discovered_at', clock)!, Number(body.peak_level ?? body.level) > Number(body.level));
    },
  },
};
