import type { PingAnEvent, SchemaId } from '@pingan/contracts';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import { describe, expect, it } from 'vitest';
import { seriousViolence } from './calibration.js';
import { generateDemo } from './index.js';
import { finalStates } from './test-support.js';

type Upsert<S extends SchemaId> = Extract<PingAnEvent, { schema: S; op: 'upsert' }>;

/** Around the middle of the county's progress. */
const MONTHS = 12;

function yearOf(code: string) {
  const county: County = builtinCounty(code)!;
  const events = finalStates(county, generateDemo({ county, from: '2025-09', to: '2026-08', seed: 3 }));
  const index = new RegionIndex(county);
  const of = <S extends SchemaId>(schema: S) => events.filter((e): e is Upsert<S> => e.schema === schema);
  const unit = (event: PingAnEvent) => index.unitOf(event.region_code, '2026-06')!;
  const people = index.populationOf(code, '2026-06')!.value / 10_000;
  const units = index.units('2026-06');
  /** Share of events that pass, over all and by unit. */
  const shares = <E extends PingAnEvent>(list: readonly E[], pass: (event: E) => boolean) => {
    const share = (some: readonly E[]) => some.filter(pass).length / some.length;
    return { all: share(list), byUnit: units.map(({ code: u }) => share(list.filter((e) => unit(e) === u))) };
  };
  const rate = (list: readonly PingAnEvent[]) => list.length / people / MONTHS;
  return { of, unit, units, shares, rate, index };
}

const xiuwu = yearOf('410821');
const calls = xiuwu.of('police.incident/1');
const DAY = 86_400_000;
const hours = (from: string, to: string | undefined) =>
  to === undefined ? Number.POSITIVE_INFINITY : (Date.parse(to) - Date.parse(from)) / 3_600_000;

/** Half a year of the largest county, only what is too rare for a small one: reading all of it would take long. */
const rare = finalStates(
  builtinCounty('411081')!,
  generateDemo({ county: builtinCounty('411081')!, from: '2026-01', to: '2026-06', seed: 3 }).filter(
    ({ stream, value }) =>
      stream === 'opinion' ||
      (stream === 'mediation' && value.includes('"turned_criminal_at"')) ||
      (stream === 'police' && [...seriousViolence].some((kind) => value.includes(`"${kind}"`))),
  ),
);

describe('numbers of cases', () => {
  it('police calls follow the published mix: 16–36 % valid, 1 criminal and 4 public-order per 10,000 a month', () => {
    const share = xiuwu.shares(calls, (e) => e.body.category !== 'invalid');
    expect(share.all).toBeGreaterThan(0.25);
    expect(share.all).toBeLessThan(0.35);
    const rate = (category: string) => xiuwu.rate(calls.filter((e) => e.body.category === category));
    expect(rate('criminal')).toBeCloseTo(1, 0);
    expect(rate('public_order')).toBeGreaterThan(3.4);
    expect(rate('public_order')).toBeLessThan(4.6);
    expect(rate('traffic')).toBeGreaterThan(rate('public_order'));
    expect(rate('fire')).toBeLessThan(0.4);
  });

  it('disputes are 31 per 10,000 a year, grid items 12,803 a year in 修武', () => {
    expect(xiuwu.rate(xiuwu.of('mediation.dispute/1')) * 12).toBeGreaterThan(27);
    expect(xiuwu.rate(xiuwu.of('mediation.dispute/1')) * 12).toBeLessThan(36);
    expect(xiuwu.of('mediation.grid_event/1').length / 12_803).toBeCloseTo(1, 1);
  });

  it('dispute types keep their order: neighbours first, then land and families', () => {
    const disputes = xiuwu.of('mediation.dispute/1');
    const share = (type: string) => disputes.filter((e) => e.body.dispute_type === type).length / disputes.length;
    expect(share('neighbour')).toBeGreaterThan(0.2);
    expect(share('mountain_forest_land')).toBeGreaterThan(0.1);
    expect(share('marriage_family_inheritance')).toBeGreaterThan(0.11);
    expect(share('medical')).toBeLessThan(0.03);
  });

  it('serious violence and disputes that turn criminal are rare, and exist in a large county', () => {
    const turned = rare.filter((e) => 'turned_criminal_at' in e.body);
    expect(turned.length).toBeGreaterThan(0);
    expect(turned.length).toBeLessThan(15);
    const violent = rare.filter((e) => 'sub_category' in e.body);
    expect(violent.length).toBeGreaterThan(2);
    expect(violent.length).toBeLessThan(30);
  });

  it('townships differ in crime for good, by about a third', () => {
    const crime = calls.filter((e) => ['criminal', 'public_order'].includes(e.body.category));
    const rates = xiuwu.units.map(({ code }) => {
      const people = xiuwu.index.populationOf(code, '2026-06')!.value / 10_000;
      return crime.filter((e) => xiuwu.unit(e) === code).length / people / MONTHS;
    });
    const mean = rates.reduce((a, b) => a + b, 0) / rates.length;
    const spread = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / rates.length) / mean;
    expect(spread).toBeGreaterThan(0.15);
    expect(spread).toBeLessThan(0.5);
  });

  it('opinion has a heavy tail and levels to match', () => {
    const opinions = rare.filter((e): e is Upsert<'opinion.event/1'> => e.schema === 'opinion.event/1');
    const heat = opinions.map((e) => e.body.heat).sort((a, b) => a - b);
    const median = heat[Math.floor(heat.length / 2)]!;
    expect(heat.at(-1)! / median).toBeGreaterThan(50);
    const level = (n: number) => opinions.filter((e) => e.body.level === n).length;
    expect(level(1)).toBeGreaterThan(level(2));
    expect(level(2)).toBeGreaterThan(level(3));
  });
});

describe('deadlines', () => {
  const minutes = { urban: 5, suburb: 10, rural: 30 };
  const emergencies = calls.filter((e) => e.body.is_emergency);
  const petitions = xiuwu.of('petition.case/1').filter((e) => !e.body.is_backlog);
  const days = (from: string, to: string | undefined) => hours(from, to) / 24;

  it.each([
    [
      'arrival within 5, 10 or 30 minutes',
      xiuwu.shares(
        emergencies,
        (e) => hours(e.body.reported_at!, e.body.arrived_at) * 60 <= minutes[e.body.area_class!],
      ),
    ],
    [
      'notice within 15 days',
      xiuwu.shares(petitions, (e) => days(e.body.registered_at, e.body.accept_notified_at) <= 15.5),
    ],
    [
      'petition closed within its time',
      xiuwu.shares(petitions, (e) => {
        const due = Date.parse(`${e.body.extended_to ?? e.body.due_at}T00:00:00+08:00`) + DAY;
        return e.body.closed_at !== undefined && Date.parse(e.body.closed_at) < due;
      }),
    ],
    [
      'hotline order closed within its time',
      xiuwu.shares(xiuwu.of('hotline.order/1'), (e) => {
        const due = Date.parse(`${e.body.extended_to ?? e.body.due_at}T00:00:00+08:00`) + DAY;
        return e.body.closed_at !== undefined && Date.parse(e.body.closed_at) < due;
      }),
    ],
    [
      'mediation agreed',
      xiuwu.shares(
        xiuwu.of('mediation.dispute/1').filter((e) => e.body.result === 'agreed' || e.body.result === 'failed'),
        (e) => e.body.result === 'agreed',
      ),
    ],
    [
      'mediation closed within 30 days',
      xiuwu.shares(xiuwu.of('mediation.dispute/1'), (e) => days(e.body.accepted_at, e.body.closed_at) <= 30.5),
    ],
    ['grid item closed', xiuwu.shares(xiuwu.of('mediation.grid_event/1'), (e) => e.body.closed_at !== undefined)],
    [
      'opinion answered within 24 or 48 hours',
      xiuwu.shares(
        xiuwu.of('opinion.event/1').filter((e) => e.body.needs_response),
        (e) => hours(e.body.discovered_at, e.body.first_response_at) <= (e.body.level >= 3 ? 24 : 48),
      ),
    ],
  ])('%s: kept by most, by some townships much better than by others', (_name, { all, byUnit }) => {
    expect(all).toBeGreaterThan(0.82);
    expect(all).toBeLessThan(0.99);
    expect(Math.min(...byUnit)).toBeLessThan(0.95);
    expect(Math.min(...byUnit)).toBeGreaterThan(0.5);
    expect(Math.max(...byUnit)).toBeGreaterThan(0.96);
  });

  it('5–15 % of petitions repeat one that was over', () => {
    const repeats = xiuwu.shares(petitions, (e) => e.body.repeat_of !== undefined);
    expect(repeats.all).toBeGreaterThan(0.05);
    expect(repeats.all).toBeLessThan(0.15);
  });
});
