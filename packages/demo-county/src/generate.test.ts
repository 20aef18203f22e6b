import { addMonths, recordTypeNames, recordTypeOf, type SchemaId, schemaIds, streamOfSchema } from '@pingan/contracts';
import { builtinCounty, type County, monthOfInstant, RegionIndex, regionTable } from '@pingan/regions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoEmissions, type Emission, generateDemo } from './index.js';
import { badOf, finalStates, goodOf, latestMoment, readable } from './test-support.js';

const yijun = builtinCounty('610222')!;
const small = builtinCounty('540524')!;
const emissions = generateDemo({ county: yijun, from: '2025-07', to: '2026-06', seed: 7 });
const index = new RegionIndex(yijun);
/** Read once for all tests: there are tens of thousands. */
const good = goodOf(emissions).map((emission) => ({ ...emission, event: readable(emission.value, index) }));

/** `JQ-202610-000123` → `2026-10`. */
const openedIn = ({ key }: Emission) => key.replace(/^.*-(\d{4})(\d\d)-[^-]*$/, '$1-$2');

describe('generateDemo', () => {
  it('gives the same bytes for the same seed and others for another', () => {
    const options = { county: small, from: '2026-01', to: '2026-03', seed: 1 };
    const first = JSON.stringify(generateDemo(options));
    expect(JSON.stringify(generateDemo(options))).toBe(first);
    expect(JSON.stringify([...demoEmissions(options)])).toBe(first);
    expect(JSON.stringify(generateDemo({ ...options, seed: 2 }))).not.toBe(first);
  });

  it('a longer range only adds to a shorter one, at either end', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 0, max: 2 }),
        (seed, start, more) => {
          const from = addMonths('2010-01', start);
          const to = addMonths(from, more);
          const wide = { from: addMonths(from, -1), to: addMonths(to, 1) };
          const inside = generateDemo({ county: small, ...wide, seed }).filter((e) => {
            const month = openedIn(e);
            return month >= from && month <= to;
          });
          expect(inside).toEqual(generateDemo({ county: small, from, to, seed }));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('is in a total order', () => {
    const orderKeys = emissions.map((e) => `${String(e.at).padStart(15)} ${e.stream} ${e.key} ${e.value}`);
    expect([...orderKeys].sort()).toEqual(orderKeys);
    expect(new Set(orderKeys).size).toBe(orderKeys.length);
  });

  it('sends only sound events but for the rows that are bad on purpose, which nobody can read', () => {
    const unsound = good.filter(
      ({ key, stream, event }) =>
        event === undefined ||
        key !== `610222/${event.source}/${event.case_id}` ||
        stream !== streamOfSchema[event.schema] ||
        !/^demo-(police|petition|hotline|mediation|grid|opinion|peace-office)$/.test(event.source),
    );
    expect(unsound).toEqual([]);
    const bad = badOf(emissions);
    expect(bad.filter(({ value }) => readable(value, index) !== undefined)).toEqual([]);
    expect(bad.length / emissions.length).toBeGreaterThan(0.0003);
    expect(bad.length / emissions.length).toBeLessThan(0.003);
  });

  it('never sends before recording, nor records before it happened', () => {
    const early = good.filter(({ at, event }) => {
      const { recorded_at, occurred_at, precision, version } = event!;
      const recorded = Date.parse(recorded_at);
      const occurred = Date.parse(precision === 'day' ? `${occurred_at}T00:00:00+08:00` : occurred_at);
      return !(at >= recorded && at >= version && recorded >= occurred);
    });
    expect(early).toEqual([]);
  });

  it('never knows what happens after it is sent', () => {
    const early = goodOf(emissions).filter(({ at, value }) => latestMoment(JSON.parse(value)) > at);
    expect(early.map(({ value }) => value)).toEqual([]);
  });

  it('says the same thing whenever it repeats a version', () => {
    const values = new Map<string, string>();
    let repeated = 0;
    for (const { key, value, event } of good) {
      const version = `${key} ${event!.version}`;
      if (values.has(version)) {
        repeated += 1;
        expect(value).toBe(values.get(version));
      }
      values.set(version, value);
    }
    expect(repeated / emissions.length).toBeGreaterThan(0.003);
    expect(repeated / emissions.length).toBeLessThan(0.008);
  });

  it('withdraws about one case in a hundred, corrects and delays a few, also over the end of a month', () => {
    const histories = new Map<string, ReturnType<typeof readable>[]>();
    for (const { key, event } of good) histories.set(key, [...(histories.get(key) ?? []), event]);
    const cases = [...histories.values()];
    const share = (test: (events: ReturnType<typeof readable>[]) => boolean) =>
      cases.filter(test).length / cases.length;
    const distinct = (events: ReturnType<typeof readable>[], field: 'region_code' | 'occurred_at') =>
      new Set(events.map((event) => event![field])).size;
    expect(share((events) => events.some((e) => e!.op === 'retract'))).toBeCloseTo(0.01, 2);
    expect(share((events) => distinct(events, 'region_code') > 1)).toBeCloseTo(0.006, 2);
    expect(share((events) => distinct(events, 'occurred_at') > 1)).toBeGreaterThan(0.002);
    const month = (text: string) => monthOfInstant(Date.parse(text), yijun.timeZone);
    expect(share(([e]) => month(e!.recorded_at) > month(e!.occurred_at))).toBeGreaterThan(0.003);
  });

  it('has every record type in every month, even in a county of four townships; surveys in June and December', () => {
    const monthly = schemaIds.filter((id) => id !== 'survey.result/1' && id !== 'red_line.event/1');
    for (const seed of [1, 2, 3]) {
      const seen = new Map<SchemaId, Set<string>>(schemaIds.map((id) => [id, new Set()]));
      for (const emission of goodOf(generateDemo({ county: small, from: '2025-01', to: '2026-12', seed }))) {
        const { schema } = JSON.parse(emission.value) as { schema: SchemaId };
        seen.get(schema)!.add(openedIn(emission));
      }
      for (const schema of monthly) expect(seen.get(schema)!.size, schema).toBe(24);
      expect([...seen.get('survey.result/1')!].sort()).toEqual(['2025-06', '2025-12', '2026-06', '2026-12']);
    }
    expect(Object.keys(recordTypeNames)).toEqual(expect.arrayContaining(schemaIds.map(recordTypeOf)));
  });

  it('crosses red lines rarely: about one event in two years per 70,000 residents', () => {
    const large = builtinCounty('411081')!;
    const crossed = (seed: number) =>
      finalStates(
        large,
        generateDemo({ county: large, from: '2026-01', to: '2026-02', seed }).filter(({ value }) =>
          value.includes('"red_line.event/1"'),
        ),
      ).length;
    const events = [1, 2].reduce((sum, seed) => sum + crossed(seed), 0);
    expect(events).toBeGreaterThan(0);
    expect(events).toBeLessThan(9);
  });

  it('refers to earlier cases that were over or should have been, never to withdrawn ones', () => {
    const withdrawn = new Set(good.filter(({ event }) => event!.op === 'retract').map(({ event }) => event!.case_id));
    const states = new Map(finalStates(yijun, emissions).map((event) => [event.case_id, event]));
    let followed = 0;
    let waited = 0;
    for (const event of states.values()) {
      if (event.schema !== 'petition.case/1' || event.op !== 'upsert' || event.body.repeat_of === undefined) continue;
      expect(withdrawn.has(event.body.repeat_of)).toBe(false);
      const original = states.get(event.body.repeat_of);
      if (original?.schema !== 'petition.case/1' || original.op !== 'upsert') continue;
      expect(event.region_code).toBe(original.region_code);
      const registered = Date.parse(event.body.registered_at);
      if (Date.parse(original.body.closed_at ?? '2100-01-01') < registered) {
        followed += 1;
        continue;
      }
      waited += 1;
      expect(Date.parse(original.body.extended_to ?? original.body.due_at!)).toBeLessThan(registered);
      expect(event.body).toMatchObject({
        channel: 'visit',
        level_received: expect.stringMatching(/province|national/),
      });
    }
    expect(followed).toBeGreaterThan(5);
    expect(waited).toBeGreaterThan(0);
  });

  it('works for areas without villages, populations or Chinese codes', () => {
    const area = (code: string): County['regions']['regions'][number] => ({
      code,
      name: `Area ${code}`,
      parent: null,
      level: 'township',
      type: 'township',
      areaClass: null,
      ranked: true,
      countsAs: null,
      aliases: [],
      validFrom: null,
      validTo: code === 'B' ? '2024-03' : null,
      populations: [],
    });
    const county: County = {
      code: 'XYZ',
      name: 'Xyz',
      timeZone: 'Europe/London',
      startMonth: null,
      demo: { seed: 1 },
      regions: regionTable([area('A'), area('B'), area('C')]),
    };
    const events = finalStates(county, generateDemo({ county, from: '2024-03', to: '2024-04', seed: 1 }));
    const codesIn = (month: string) =>
      new Set(events.filter((e) => e.case_id.includes(month)).map((event) => event.region_code));
    expect([...codesIn('202403')].sort()).toEqual(['A', 'B', 'C']);
    expect([...codesIn('202404')].sort()).toEqual(['A', 'C']);
    expect(events.length).toBeGreaterThan(500);
  });
});
