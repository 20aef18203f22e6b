import { eventKey, type Stream, streamOfSchema } from '@pingan/contracts';
import { DAY, HOUR } from './clock.js';
import { between, type CaseLife, lagAround } from './life.js';
import type { Rng, Seed } from './rng.js';
import { historyRng, isRetracted, type MonthPlan } from './world.js';

/** A message as its source sends it. */
export interface Emission {
  /** When the source system sends it, epoch milliseconds. */
  at: number;
  stream: Stream;
  key: string;
  /** JSON text; a few are bad on purpose. */
  value: string;
}

const LATE = 0.015;
const CORRECTED = 0.015;
const REDELIVERED = 0.005;

const reasons = ['重复登记', '误录入', '非本县管辖'] as const;

interface State {
  version: number;
  regionCode: string;
  occurredAt: number;
  recordedAt: number;
}

/** The message of a case in one state. */
export function message(
  life: CaseLife,
  state: State,
  options: { plan: MonthPlan; county: string; body: Record<string, unknown>; op?: 'retract' },
): string {
  const { clock } = options.plan;
  const { precision } = life;
  return JSON.stringify({
    schema: life.schema,
    county: options.county,
    source: life.source,
    case_id: life.caseId,
    version: state.version,
    op: options.op ?? 'upsert',
    region_code: state.regionCode,
    occurred_at: precision === 'time' ? clock.iso(state.occurredAt) : clock[precision](state.occurredAt),
    precision: precision === 'time' ? undefined : precision,
    recorded_at: clock.iso(state.recordedAt),
    body: options.body,
  });
}

/** What a clerk got wrong, until `until`. */
interface Mistake {
  until: number;
  regionCode?: string;
  occurredAt?: number;
  body?: Record<string, unknown>;
}

function mistakeOf(life: CaseLife, plan: MonthPlan, recordedAt: number, rng: Rng): Mistake {
  const until = recordedAt + lagAround(rng, 4 * DAY, 1);
  const luck = rng.next();
  if (luck < 0.4 && plan.units.length > 1) {
    const others = plan.units.filter(({ profile }) => !profile.places.values.includes(life.regionCode));
    return { until, regionCode: rng.pick(others[rng.int(0, others.length - 1)]!.profile.places) };
  }
  if (luck < 0.75 || life.mistake === undefined) {
    return { until, occurredAt: life.occurredAt - rng.int(1, 25) * DAY };
  }
  return { until, body: life.mistake };
}

/** Adds to `out` everything the source ever sends about a case: its versions, corrections, withdrawal and repetitions. */
export function emitHistory(
  life: CaseLife,
  options: { plan: MonthPlan; county: string; caseSeed: Seed; out: Emission[] },
): void {
  const { plan, county, out } = options;
  const rng = historyRng(options.caseSeed);
  const retracted = isRetracted(rng);
  const recordedAt = rng.chance(LATE) ? life.recordedAt + lagAround(rng, 9 * DAY, 0.9) : life.recordedAt;
  const mistake = rng.chance(CORRECTED) ? mistakeOf(life, plan, recordedAt, rng) : undefined;
  const endsAt = retracted ? recordedAt + between(rng, HOUR, 20 * DAY) : Number.POSITIVE_INFINITY;

  const times = [recordedAt, mistake?.until ?? recordedAt];
  for (const change of life.changes) if (change !== undefined && change > recordedAt) times.push(change);
  times.sort((a, b) => a - b);

  const stream = streamOfSchema[life.schema];
  const key = eventKey({ county, source: life.source, case_id: life.caseId });
  const send = (version: number, value: string) => {
    const at = version + rng.int(1, 90) * 1000;
    out.push({ at, stream, key, value });
    if (rng.chance(REDELIVERED)) out.push({ at: at + lagAround(rng, 2 * HOUR, 1.2), stream, key, value });
  };
  const state = { version: recordedAt, regionCode: life.regionCode, occurredAt: life.occurredAt, recordedAt };
  let last = -1;
  for (const version of times) {
    if (version === last || version >= endsAt) continue;
    last = version;
    const wrong = mistake !== undefined && version < mistake.until ? mistake : undefined;
    state.version = version;
    state.regionCode = wrong?.regionCode ?? life.regionCode;
    state.occurredAt = wrong?.occurredAt ?? life.occurredAt;
    const body = life.body(version);
    send(version, message(life, state, { plan, county, body: wrong?.body ? { ...body, ...wrong.body } : body }));
  }
  if (retracted) {
    state.version = endsAt;
    const body = { reason: reasons[rng.int(0, reasons.length - 1)] };
    send(endsAt, message(life, state, { plan, county, body, op: 'retract' }));
  }
}
