import {
  deadLetter,
  deadLetterReasons,
  deadLetterTopic,
  originId,
  parseEvent,
  type SchemaId,
  schemaIds,
  streamOfSchema,
} from '@pingan/contracts';
import { CountyRegistry, judge } from '@pingan/intake';
import { MessagePack, unpackMessages } from '@pingan/messaging';
import { builtinCounty } from '@pingan/regions';
import { CaseRows } from '@pingan/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutatedBytes, mutatedEvent } from './events.js';

const county = builtinCounty('610222')!;
const regions = county.regions.regions.map(({ code }) => code);
const registry = new CountyRegistry({
  counties: { list: async () => [county], get: async () => county, save: async () => undefined },
});
await registry.load();

/** fast-check prints seed and path of a failure; both together repeat it. */
const runs = { numRuns: 10_000, endOnFailure: true };

/** Zod's own verdict: a field it does not know keeps the quick check from answering. */
const bySchema = (event: Record<string, unknown>) => parseEvent({ ...event, 'not a field': 0 });

describe.each(schemaIds)('%s', (schema: SchemaId) => {
  test('10,000 events: the quick check and the schema agree, and what is accepted is accepted as it was written', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutatedEvent(schema, regions), (event) => {
        const input = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
        const outcome = parseEvent(input);
        expect(bySchema(input)).toEqual(outcome);
        if (!outcome.ok) {
          expect(outcome.violations.length).toBeGreaterThan(0);
          return;
        }
        accepted += 1;
        expect(parseEvent(JSON.parse(JSON.stringify(outcome.event)))).toEqual(outcome);
      }),
      runs,
    );
    // A generator that only makes rubbish would test nothing.
    expect(accepted).toBeGreaterThan(500);
  });

  test('10,000 messages: each is stored or set aside with a reason, as a letter that can be read', () => {
    const stream = streamOfSchema[schema];
    const counts = { stored: 0, dead: 0 };
    let sent = 0;
    const pack = new MessagePack();
    fc.assert(
      fc.property(mutatedBytes(schema, regions), (value) => {
        sent += 1;
        pack.clear();
        pack.add({ offset: 7, key: null, value });
        const [message] = unpackMessages(pack.bytes());
        const verdict = judge(stream, message!, registry);
        if (verdict.kind === 'store') {
          counts.stored += 1;
          new CaseRows(stream, 1_024).add(verdict.event, { partition: 0, offset: 7, timeZone: county.timeZone });
          return;
        }
        counts.dead += 1;
        expect(deadLetterReasons).toContain(verdict.reason);
        const letter = {
          id: originId(deadLetterTopic, 0, 7),
          reason: verdict.reason,
          detail: verdict.detail,
          topic: deadLetterTopic,
          partition: 0,
          offset: '7',
          key: null,
          bytes: value.toString('base64'),
          failed_at: new Date(0).toISOString(),
        };
        expect(deadLetter.safeParse(JSON.parse(JSON.stringify(letter))).success).toBe(true);
      }),
      runs,
    );
    expect(counts.stored + counts.dead).toBe(sent);
    expect(Math.min(counts.stored, counts.dead)).toBeGreaterThan(500);
  });
});
