import { addMonths, happenedFields, type SchemaId, streamOfSchema, topicOf } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import type { RawMessage } from './kafka.js';
import { randomOf } from './random.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Body = Record<string, unknown>;

export function messageOf(event: Record<string, unknown>): RawMessage {
  const { schema, county, source, case_id } = event as Record<string, string>;
  const topic = topicOf(streamOfSchema[schema as keyof typeof streamOfSchema]);
  return { topic, key: `${county}/${source}/${case_id}`, value: JSON.stringify(event) };
}

const iso = (ms: number, offsetHours = 8) =>
  `${new Date(ms + offsetHours * HOUR).toISOString().slice(0, 19)}${offsetHours === 0 ? 'Z' : '+08:00'}`;

/** What its source knows of a case so far: what has not happened yet is left out. */
function knownBody(schema: SchemaId, body: Body): Body {
  const now = Date.now();
  const later = happenedFields[schema].filter((name) => Date.parse(String(body[name])) > now);
  if (later.includes('closed_at') && 'result' in body) later.push('result');
  return Object.fromEntries(Object.entries(body).filter(([name]) => !later.includes(name)));
}

/**
 * Cases that go to every edge the definitions have: each version may lie in another month and township, instants stand in
 * either offset near midnight of a month's first day, moments are known to the day only, deadlines are met to the second,
 * cases are withdrawn and come back, petitions repeat others that are closed later or withdrawn.
 */
export function edgeCases(options: { county: County; from: string; months: number; count: number; seed: number }) {
  const { county, from, months, count, seed } = options;
  const random = randomOf(seed);
  const chance = (p: number) => random() < p;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const regions = county.regions.regions.map(({ code }) => code);
  /** Around the start of a month (in +08:00), or anywhere in it. */
  const moment = (): number => {
    const start = Date.parse(`${addMonths(from, Math.floor(random() * months))}-01T00:00:00+08:00`);
    const near = pick([-1000, 0, 1000, -HOUR, HOUR, 8 * HOUR - 1000, 8 * HOUR]);
    return chance(0.3)
      ? Math.max(start + near, Date.parse(`${from}-01T00:00:00+08:00`))
      : start + Math.floor(random() * 27 * 86_400) * 1000;
  };
  const text = (ms: number): string => {
    const luck = random();
    return luck < 0.12 ? iso(ms).slice(0, 10) : iso(ms, luck < 0.4 ? 0 : 8);
  };
  /** A moment after `ms`, most often within twice the limit and sometimes exactly on it. */
  const after = (ms: number, limit: number): number =>
    ms + (chance(0.15) ? limit : chance(0.1) ? limit + 1000 : Math.floor((random() * 2 * limit) / 1000) * 1000);
  const maybe = <T>(p: number, value: () => T): T | undefined => (chance(p) ? value() : undefined);

  const bodies: Record<string, (t: number) => Body> = {
    'police.incident/1': (t) => ({
      category: pick(['criminal', 'public_order', 'traffic', 'fire', 'dispute', 'help', 'invalid']),
      sub_category: maybe(0.6, () =>
        pick(['homicide', 'robbery', 'burglary', 'arson', 'theft', 'telecom_fraud', 'telecom_fraud', 'gambling']),
      ),
      is_preventable: maybe(0.6, () => chance(0.7)),
      is_emergency: maybe(0.8, () => chance(0.7)),
      area_class: maybe(0.8, () => pick(['urban', 'suburb', 'rural'])),
      reported_at: maybe(0.8, () => iso(t)),
      dispatched_at: maybe(0.8, () => iso(t)),
      arrived_at: maybe(0.8, () => iso(after(t, pick([5, 10, 30]) * MINUTE))),
      feedback_at: maybe(0.8, () => iso(t + HOUR + after(0, 30 * MINUTE))),
      case_status: maybe(0.8, () => pick(['no_case', 'accepted', 'filed', 'transferred'])),
      injured: maybe(0.2, () => Math.floor(random() * 3)),
      deaths: maybe(0.1, () => Math.floor(random() * 4)),
      loss_amount: maybe(0.5, () => pick([0, 0.01, 1234.56, 50_000, 999_999.99]) * (1 + Math.floor(random() * 9))),
      prior_case_ref: maybe(0.3, () => `E-${Math.floor(random() * count)}`),
    }),
    'police.fraud_warning/1': () => {
      const warned = Math.floor(random() * 9);
      return { warned, dissuaded: Math.floor(random() * (warned + 1)) };
    },
    'petition.case/1': (t) => {
      const accepted = t + Math.floor(random() * 10) * DAY;
      const due = maybe(0.6, () => accepted + 60 * DAY);
      return {
        petition_type: pick(['appeal_claim', 'appeal_claim', 'suggestion', 'accusation']),
        channel: pick(['letter', 'visit', 'visit']),
        is_first: maybe(0.5, () => chance(0.5)),
        group_size: maybe(0.3, () => pick([1, 4, 5, 30])),
        level_received: maybe(0.8, () => pick(['township', 'county', 'city', 'province', 'national'])),
        competent_level: maybe(0.8, () => pick(['village', 'township', 'county'])),
        objection_at: maybe(0.2, () => text(after(t, 7 * DAY))),
        is_backlog: maybe(0.3, () => chance(0.8)),
        satisfaction: maybe(0.5, () => pick(['satisfied', 'neutral', 'dissatisfied'])),
        registered_at: text(t),
        transferred_at: maybe(0.3, () => text(t + Math.floor(random() * 3) * DAY)),
        due_at: due && text(due),
        repeat_of: maybe(0.5, () => `E-${Math.floor(random() * count)}`),
        accept_notified_at: maybe(0.8, () => text(after(t, 15 * DAY))),
        accepted_at: maybe(0.85, () => text(accepted)),
        extended_to: maybe(0.4, () => text(due ? after(due, 20 * DAY) : after(accepted, 70 * DAY))),
        closed_at: maybe(0.7, () => text(after(accepted + DAY, 60 * DAY))),
      };
    },
    'hotline.order/1': (t) => {
      const due = after(t + DAY, 5 * DAY);
      return {
        registered_at: text(t),
        due_at: maybe(0.85, () => text(due)),
        extended_to: maybe(0.3, () => text(due + Math.floor(random() * 20) * DAY)),
        closed_at: maybe(0.8, () => text(chance(0.2) ? due : after(t + DAY, 6 * DAY))),
        satisfaction: maybe(0.5, () => pick(['satisfied', 'neutral'])),
        resolved: maybe(0.5, () => chance(0.7)),
      };
    },
    'petition.suggestion/1': (t) => {
      const due = after(t + DAY, 30 * DAY);
      return {
        registered_at: text(t),
        due_at: text(due),
        extended_to: maybe(0.3, () => text(due + Math.floor(random() * 20) * DAY)),
        closed_at: maybe(0.8, () => text(chance(0.2) ? due : after(t + DAY, 40 * DAY))),
        department: maybe(0.5, () => pick(['水务局', '教育局'])),
      };
    },
    'mediation.dispute/1': (t) => {
      const closed = maybe(0.8, () => after(t, 30 * DAY));
      const turned = maybe(0.3, () => after(t + DAY, 40 * DAY));
      return {
        dispute_type: 'neighbour',
        found_by: maybe(0.8, () => pick(['sweep', 'application', 'transfer'])),
        docking_channel: maybe(0.3, () => pick(['court', 'police'])),
        recurrence_of: maybe(0.3, () => `E-${Math.floor(random() * count)}`),
        perform_due_at: maybe(0.5, () => text(t + 40 * DAY)),
        performed_at: closed && maybe(0.5, () => text(after(closed + DAY, 20 * DAY))),
        accepted_at: text(t),
        closed_at: closed && text(closed),
        result: closed && maybe(0.9, () => pick(['agreed', 'agreed', 'failed', 'withdrawn'])),
        turned_criminal_at: turned && text(turned),
        police_alerted_at: maybe(0.5, () => text(after(t + DAY, 40 * DAY))),
      };
    },
    'mediation.grid_event/1': (t) => ({
      accepted_at: text(t),
      due_at: text(after(t + DAY, 7 * DAY)),
      closed_at: maybe(0.8, () => text(after(t + DAY, 9 * DAY))),
    }),
    'mediation.hazard/1': (t) => ({
      found_at: text(t),
      due_at: text(t + 9 * DAY),
      fixed_at: maybe(0.7, () => text(after(t + DAY, 9 * DAY))),
    }),
    'mediation.grid_month/1': (t) => ({
      grid_id: `G-${Math.floor(random() * 20)}`,
      valid_reports: pick([0, 0, 1, 5]),
      zero_report_at: maybe(0.5, () => text(t)),
    }),
    'mediation.key_group_visits/1': () => {
      const planned = Math.floor(random() * 30);
      return {
        visit_group: pick(['mental_health', 'released', 'other']),
        planned,
        done: Math.floor(random() * (planned + 1)),
      };
    },
    'creation.unit_status/1': () => ({
      unit_kind: pick(['village', 'unit']),
      unit_id: `U-${Math.floor(random() * 20)}`,
      is_compliant: maybe(0.8, () => chance(0.8)),
      is_three_zero: maybe(0.8, () => chance(0.8)),
      colour: maybe(0.8, () => pick(['blue', 'yellow', 'orange', 'red'])),
    }),
    'survey.result/1': () => {
      const asked = 1 + Math.floor(random() * 200);
      return { asked, felt_safe: Math.floor(random() * (asked + 1)) };
    },
    'rectification.item/1': (t) => ({
      issued_at: text(t),
      due_at: text(t + 10 * DAY),
      closed_at: maybe(0.8, () => text(after(t + DAY, 10 * DAY))),
    }),
    'creation.duty/1': (t) => ({
      duty: pick(['weekly_review', 'monthly_report']),
      due_at: text(t + DAY),
      done_at: maybe(0.8, () => text(after(t, DAY))),
    }),
    'creation.patrol/1': () => {
      const expected = Math.floor(random() * 300);
      return { expected, signed: Math.floor(random() * (expected + 1)) };
    },
    'red_line.event/1': () => ({
      kind: pick(['veto', 'accident', 'homicide']),
      deaths: maybe(0.7, () => Math.floor(random() * 11)),
      case_ref: maybe(0.4, () => `E-${Math.floor(random() * count)}`),
    }),
    'opinion.event/1': (t) => {
      const level = pick([1, 2, 3, 4]);
      return {
        sentiment: pick(['negative', 'negative', 'neutral', 'positive']),
        level,
        heat: pick([0, 1, 2.5, 7, 33.3, 999, 123_456.789]) * (1 + Math.floor(random() * 9)),
        is_false_rumour: maybe(0.5, () => chance(0.3)),
        needs_response: maybe(0.4, () => chance(0.6)),
        discovered_at: text(t),
        verified_at: maybe(0.7, () => text(t + 2 * DAY)),
        first_response_at: maybe(0.8, () => iso(after(t + DAY, pick([24, 48]) * HOUR))),
        closed_at: maybe(0.7, () => text(after(t + DAY, 15 * DAY))),
        peak_level: maybe(0.6, () => level + Math.floor(random() * (5 - level))),
        secondary_of: maybe(0.3, () => `E-${Math.floor(random() * count)}`),
      };
    },
  };

  const messages: RawMessage[] = [];
  for (let i = 0; i < count; i++) {
    // Petitions are many, because they refer to each other.
    const schema = chance(0.3) ? 'petition.case/1' : pick(Object.keys(bodies));
    const versions = 1 + Math.floor(random() * 4);
    for (let v = 0; v < versions; v++) {
      const t = moment();
      const known = chance(0.1) && schema !== 'police.incident/1' ? 'day' : chance(0.03) ? 'month' : 'time';
      const retracted = v > 0 && chance(0.2);
      messages.push(
        messageOf({
          schema,
          county: county.code,
          source: 'edge',
          case_id: `E-${i}`,
          version: 1_000 + v,
          op: retracted ? 'retract' : 'upsert',
          region_code: pick(regions),
          occurred_at: known === 'time' ? iso(t, chance(0.5) ? 0 : 8) : iso(t).slice(0, known === 'day' ? 10 : 7),
          precision: known,
          recorded_at: iso(t + 3 * DAY),
          body: retracted ? { reason: 'test' } : knownBody(schema as SchemaId, bodies[schema]!(t)),
        }),
      );
    }
  }
  return messages;
}
