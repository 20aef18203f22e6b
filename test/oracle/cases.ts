import type { County } from '@pingan/regions';
import type { RawMessage } from '../harness/kafka.js';

export interface Case {
  schema: string;
  county: string;
  source: string;
  case_id: string;
  version: number;
  op: 'upsert' | 'retract';
  region_code: string;
  occurred_at: string;
  recorded_at: string;
  body: Record<string, string | number | boolean | undefined>;
}

const schemas = new Set([
  'police.incident/1',
  'petition.case/1',
  'hotline.order/1',
  'mediation.dispute/1',
  'mediation.grid_event/1',
  'mediation.hazard/1',
  'opinion.event/1',
  'police.fraud_warning/1',
  'petition.suggestion/1',
  'mediation.grid_month/1',
  'mediation.key_group_visits/1',
  'creation.unit_status/1',
  'survey.result/1',
  'rectification.item/1',
  'creation.duty/1',
  'creation.patrol/1',
  'red_line.event/1',
]);

const CLOCK_SKEW_MS = 3_600_000;

/**
 * Reads a message, or says that it is one of the ways in which the demo county's messages are bad: not JSON, an unknown
 * record type or region, no recording time, or an occurrence after it. Not a validator: other faults are not looked for.
 */
function readMessage(message: RawMessage, regions: ReadonlySet<string>): Case | undefined {
  let event: Case;
  try {
    event = JSON.parse(message.value.toString()) as Case;
  } catch {
    return undefined;
  }
  if (!schemas.has(event.schema) || !regions.has(event.region_code) || event.recorded_at === undefined)
    return undefined;
  const late = Date.parse(event.occurred_at) > Date.parse(event.recorded_at) + CLOCK_SKEW_MS;
  return late && event.occurred_at.length > 10 ? undefined : event;
}

export interface Ledger {
  /** Cases as they are now, withdrawn ones left out. */
  cases: Case[];
  /** Distinct (case, version) pairs. */
  versions: number;
  /** Messages that are no event. */
  bad: number;
}

/** The highest version of every case, whatever the order. @throws on a version with two contents: no rule here. */
export function ledgerOf(messages: readonly RawMessage[], county: County): Ledger {
  const regions = new Set(county.regions.regions.map(({ code }) => code));
  const newest = new Map<string, Case>();
  const contents = new Map<string, string>();
  let bad = 0;
  for (const message of messages) {
    const event = readMessage(message, regions);
    if (event === undefined) {
      bad++;
      continue;
    }
    const id = `${event.county}/${event.source}/${event.case_id}`;
    const version = `${id}@${event.version}`;
    const text = message.value.toString();
    if ((contents.get(version) ?? text) !== text) throw new Error(`two contents of ${version}`);
    contents.set(version, text);
    const known = newest.get(id);
    if (known === undefined || event.version > known.version) newest.set(id, event);
  }
  return { cases: [...newest.values()].filter(({ op }) => op === 'upsert'), versions: contents.size, bad };
}
