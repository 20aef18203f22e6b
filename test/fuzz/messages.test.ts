import { isDeepStrictEqual } from 'node:util';
import {
  deadLetter,
  originId,
  type PingAnEvent,
  parseEvent,
  schemaIds,
  streamOfSchema,
  topicOf,
} from '@pingan/contracts';
import { CountyRegistry, judge } from '@pingan/intake';
import { MessagePack, unpackMessages } from '@pingan/messaging';
import { builtinCounty } from '@pingan/regions';
import { CaseRows } from '@pingan/store';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isShort } from '../harness/full.js';
import { mutatedBytes, SEED } from './events.js';

const RUNS = isShort ? 1_000 : 10_000;

const county = builtinCounty('610222')!;
const regions = county.regions.regions.map(({ code }) => code);
const registry = new CountyRegistry({
  counties: { list: async () => [county] },
  countyData: { starts: async () => [] },
});
await registry.load();

/** Many times faster than an expectation, of which there would be half a million. */
function same(got: unknown, want: unknown): void {
  if (!isDeepStrictEqual(got, want)) expect(got).toEqual(want);
}

/**
 * What was accepted is what the schema makes of it: an extra field keeps the quick check from answering, and the event
 * written down and read again is the same one.
 */
function checkAccepted(value: Buffer, event: PingAnEvent): void {
  const input = JSON.parse(value.toString()) as Record<string, unknown>;
  same(parseEvent({ ...input, 'not a field': 0 }), { ok: true, event });
  same(parseEvent(JSON.parse(JSON.stringify(event))), { ok: true, event });
}

test.each(schemaIds)('messages around %s: each is stored, or set aside as a letter that can be read', (schema) => {
  const stream = streamOfSchema[schema];
  const counts = { stored: 0, dead: 0 };
  const pack = new MessagePack();
  const run = (value: Buffer): boolean => {
    pack.clear();
    pack.add({ offset: 7, timestamp: Date.UTC(2026, 11, 2), key: null, value });
    const [message] = unpackMessages(pack.bytes());
    const verdict = judge(stream, message!, registry);
    if (verdict.kind === 'store') {
      counts.stored += 1;
      checkAccepted(value, verdict.event);
      new CaseRows(stream, 1_024).add(verdict.event, { partition: 0, offset: 7, timeZone: county.timeZone });
      return true;
    }
    if (verdict.kind === 'left_out') throw new Error('left out without a place');
    counts.dead += 1;
    const letter = {
      id: originId(topicOf(stream), 0, 7),
      reason: verdict.reason,
      detail: verdict.detail,
      topic: topicOf(stream),
      partition: 0,
      offset: '7',
      key: null,
      bytes: value.subarray(0, 1_000).toString('base64'),
      failed_at: new Date(0).toISOString(),
    };
    return deadLetter.safeParse(JSON.parse(JSON.stringify(letter))).success;
  };
  fc.assert(fc.property(mutatedBytes(schema, regions), run), { seed: SEED, numRuns: RUNS, endOnFailure: true });
  expect(counts.stored + counts.dead).toBe(RUNS);
  // A generator that makes only rubbish, or none, would test nothing.
  expect(Math.min(counts.stored, counts.dead)).toBeGreaterThan(RUNS / 20);
});
