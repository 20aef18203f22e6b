import { type PingAnEvent, parseEvent, type Stream, streamOfSchema } from '@pingan/contracts';
import type { RecordType } from '@pingan/indicators';

/** One case of a hand-made ledger. Times are local (+08:00): `2026-01-31 23:59`, with seconds, or only the day. */
export interface Fact {
  /** Why it counts, or does not. */
  why: string;
  type: RecordType;
  /** When it happened; what the body says of its beginning where absent. */
  at?: string;
  body: Record<string, unknown>;
  /** What other cases name it by. */
  id?: string;
  /** Township, A where absent. */
  town?: string;
  /** Delivering system, one of the ledger's own where absent; case ids mean something within one only. */
  source?: string;
  /** Withdrawn by its source afterwards. */
  retracted?: true;
}

/**
 * Cases and what must come of them, worked out by hand from the wording of the indicators. `expected` has every component
 * of the indicators it names, as `2026-01 A 1/2`: month, township, numerator, denominator. What is absent must be absent.
 */
export interface Ledger {
  name: string;
  facts: readonly Fact[];
  expected: Readonly<Record<string, readonly string[]>>;
}

export interface Delivery {
  county: string;
  /** Township codes and source carry it, so that ledgers of one county do not meet. */
  ledger: string;
  version?: number;
}

const localTime = /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?$/;

function momentOf(value: unknown): unknown {
  if (typeof value !== 'string' || !localTime.test(value)) return value;
  return `${value.replace(' ', 'T')}${value.length === 16 ? ':00' : ''}+08:00`;
}

const beginnings = ['reported_at', 'registered_at', 'accepted_at', 'found_at', 'discovered_at', 'issued_at', 'due_at'];

const precisions: Record<number, string> = { 7: 'month', 10: 'day' };

export const townOf = (ledger: string, town = 'A') => `${ledger}/${town}`;

/** What the source sends: fields it does not know are absent. */
function bodyOf({ body }: Fact): Record<string, unknown> {
  const known = Object.entries(body).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([field, value]) => [field, momentOf(value)]));
}

function eventOf(fact: Fact, id: string, { county, ledger, version = 1 }: Delivery, op: string): PingAnEvent {
  const at = fact.at ?? beginnings.map((field) => fact.body[field]).find((value) => value !== undefined);
  const occurred = momentOf(at) as string;
  const outcome = parseEvent({
    schema: `${fact.type}/1`,
    county,
    source: fact.source ?? ledger.toLowerCase(),
    case_id: id,
    version,
    op,
    region_code: townOf(ledger, fact.town),
    occurred_at: occurred,
    precision: precisions[occurred.length] ?? 'time',
    recorded_at: '2026-11-01T00:00:00+08:00',
    body: op === 'retract' ? {} : bodyOf(fact),
  });
  if (!outcome.ok) throw new Error(`${ledger} ${fact.why}: ${JSON.stringify(outcome.violations)}`);
  return outcome.event;
}

/** The messages of a ledger's facts, in their order; a withdrawn case is delivered and then withdrawn. */
export function eventsOf(facts: readonly Fact[], delivery: Delivery): PingAnEvent[] {
  const { version = 1 } = delivery;
  return facts.flatMap((fact, i) => {
    const id = fact.id ?? `case-${i + 1}`;
    const upsert = eventOf(fact, id, delivery, 'upsert');
    return fact.retracted ? [upsert, eventOf(fact, id, { ...delivery, version: version + 1 }, 'retract')] : [upsert];
  });
}

export const streamOf = (event: PingAnEvent): Stream => streamOfSchema[event.schema];

const DAY_MS = 86_400_000;

/** The same fact with every moment some days earlier; what it names stays as it is. */
export function earlier(fact: Fact, days: number): Fact {
  const shift = (value: unknown): unknown => {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return value;
    const day = new Date(Date.parse(`${value.slice(0, 10)}T00:00:00Z`) - days * DAY_MS);
    return day.toISOString().slice(0, 10) + value.slice(10);
  };
  const moved: Fact = { ...fact, body: Object.fromEntries(Object.entries(fact.body).map(([k, v]) => [k, shift(v)])) };
  return fact.at === undefined ? moved : { ...moved, at: shift(fact.at) as string };
}
