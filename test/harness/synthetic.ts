import { addMonths, streamOfSchema, topicOf } from '@pingan/contracts';
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
      sub_category: maybe(0.6, () => pick(['homicide', 'robbery', 'burglary', 'arson', 'theft'])),
      is_preventable: maybe(0.6, () => chance(0.7)),
      is_emergency: maybe(0.8, () => chance(0.7)),
      area_class: maybe(0.8, () => pick(['urban', 'suburb', 'rural'])),
      reported_at: maybe(0.8, () => iso(t)),
      arrived_at: maybe(0.8, () => iso(after(t, pick([5, 10, 30]) * MINUTE))),
      case_status: maybe(0.8, () => pick(['no_case', 'accepted', 'filed', 'transferred'])),
    }),
    'petition.case/1': (t) => {
      const accepted = t + Math.floor(random() * 10) * DAY;
      return {
        petition_type: pick(['appeal_claim', 'appeal_claim', 'suggestion', 'accusation']),
        channel: 'letter',
        registered_at: text(t),
        repeat_of: maybe(0.5, () => `E-${Math.floor(random() * count)}`),
        accept_notified_at: maybe(0.8, () => text(after(t, 15 * DAY))),
        accepted_at: maybe(0.85, () => text(accepted)),
        extended_to: maybe(0.4, () => text(after(accepted, 70 * DAY))),
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
      };
    },
    'mediation.dispute/1': (t) => {
      const closed = maybe(0.8, () => after(t, 30 * DAY));
      const turned = maybe(0.3, () => after(t + DAY, 40 * DAY));
      return {
        dispute_type: 'neighbour',
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
    'mediation.hazard/1': (t) => ({ found_at: text(t), due_at: text(t + 9 * DAY) }),
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
        peak_level: maybe(0.6, () => level + Math.floor(random() * (5 - level))),
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
          body: retracted ? { reason: 'test' } : bodies[schema]!(t),
        }),
      );
    }
  }
  return messages;
}
