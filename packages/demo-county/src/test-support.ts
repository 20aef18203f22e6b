import { happenedFields, type PingAnEvent, parseEvent } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { RegionIndex } from '@pingan/regions';
import type { Emission } from './index.js';

/** Case ids of messages that are bad on purpose. */
const isBad = (emission: { key: string }) => /-B\d{5}$/.test(emission.key);

export const goodOf = <T extends { key: string }>(emissions: readonly T[]): T[] => emissions.filter((e) => !isBad(e));
export const badOf = <T extends { key: string }>(emissions: readonly T[]): T[] => emissions.filter(isBad);

/** The event of a message as a reader would take it, or undefined. */
export function readable(value: string, index: RegionIndex): PingAnEvent | undefined {
  let input: unknown;
  try {
    input = JSON.parse(value);
  } catch {
    return undefined;
  }
  const outcome = parseEvent(input);
  return outcome.ok && index.has(outcome.event.region_code) ? outcome.event : undefined;
}

/** Newest version of each case, withdrawn cases left out. */
export function finalStates(county: County, emissions: readonly Emission[]): PingAnEvent[] {
  const index = new RegionIndex(county);
  const newest = new Map<string, PingAnEvent>();
  for (const { key, value } of goodOf(emissions)) {
    const event = readable(value, index);
    if (event === undefined) throw new Error(`unreadable: ${value}`);
    if (event.version >= (newest.get(key)?.version ?? -1)) newest.set(key, event);
  }
  return [...newest.values()].filter((event) => event.op === 'upsert');
}

/** The latest of what an event says is past, milliseconds. */
export function latestMoment({ schema, version, recorded_at, occurred_at, body }: PingAnEvent): number {
  const happened = happenedFields[schema].map((name) => (body as Record<string, unknown>)[name]);
  const times = [recorded_at, occurred_at, ...happened].filter((time) => typeof time === 'string');
  return Math.max(version, ...times.map((time) => Date.parse(time)));
}
