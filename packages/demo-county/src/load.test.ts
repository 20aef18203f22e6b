import { type SchemaId, schemaIds } from '@pingan/contracts';
import { builtinCounty, localMonthStart, RegionIndex } from '@pingan/regions';
import { describe, expect, it } from 'vitest';
import { loadStream } from './index.js';
import { latestMoment, readable } from './test-support.js';

const county = builtinCounty('610222')!;
const options = { county, seed: 1, count: 20_000, from: '2026-01', months: 3 };

describe('loadStream', () => {
  const events = [...loadStream(options)];

  it('gives exactly as many sound events as asked for, each of its own case, of all record types', () => {
    const index = new RegionIndex(county);
    expect(events).toHaveLength(20_000);
    expect(new Set(events.map(({ key }) => key)).size).toBe(20_000);
    const seen = new Set<SchemaId>();
    for (const { value } of events) {
      const event = readable(value, index);
      expect(event, value).toBeDefined();
      seen.add(event!.schema);
    }
    expect([...seen].sort()).toEqual([...schemaIds].sort());
  });

  it('knows nothing that was recorded or happened later than asked', () => {
    const knownAt = localMonthStart('2026-04', county.timeZone);
    const known = [...loadStream({ ...options, knownAt })].map(({ value }) => latestMoment(JSON.parse(value)));
    expect(known).toHaveLength(20_000);
    expect(Math.max(...known)).toBeLessThanOrEqual(knownAt);
    expect(() => [...loadStream({ ...options, knownAt: localMonthStart('2026-03', county.timeZone) })]).toThrow(
      'nothing of 2026-03 is known yet',
    );
  });

  it('has messages of about 400 bytes', () => {
    const mean = events.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0) / events.length;
    expect(mean).toBeGreaterThan(350);
    expect(mean).toBeLessThan(450);
  });

  it('repeats itself for the same seed, and is made as it is read', () => {
    expect([...loadStream({ ...options, count: 500 })]).toEqual([...loadStream({ ...options, count: 500 })]);
    const first = loadStream({ ...options, count: Number.MAX_SAFE_INTEGER })
      [Symbol.iterator]()
      .next();
    expect(first.done).toBe(false);
  });
});
