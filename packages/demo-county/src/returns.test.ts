import type { PingAnEvent, SchemaId } from '@pingan/contracts';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import { describe, expect, it } from 'vitest';
import { progressIn } from './calibration.js';
import { generateDemo } from './index.js';
import { finalStates } from './test-support.js';

type Upsert<S extends SchemaId> = Extract<PingAnEvent, { schema: S; op: 'upsert' }>;

const county: County = builtinCounty('610222')!;
const index = new RegionIndex(county);
const events = finalStates(county, generateDemo({ county, from: '2025-10', to: '2026-09', seed: 5 }));
const of = <S extends SchemaId>(schema: S) => events.filter((e): e is Upsert<S> => e.schema === schema);
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
const monthOf = (event: PingAnEvent) => event.occurred_at.slice(0, 7);

describe('returns', () => {
  it('a grid reports once a month, and says how many items it reported', () => {
    const items = new Map<string, number>();
    for (const event of of('mediation.grid_event/1')) {
      const key = `${event.body.grid_id} ${monthOf(event)}`;
      items.set(key, (items.get(key) ?? 0) + 1);
    }
    const returns = of('mediation.grid_month/1');
    expect(new Set(returns.map((e) => `${e.body.grid_id} ${monthOf(e)}`)).size).toBe(returns.length);
    for (const event of returns) {
      expect(event.body.valid_reports).toBe(items.get(`${event.body.grid_id} ${monthOf(event)}`) ?? 0);
      expect(event.body.grid_id.startsWith(event.region_code)).toBe(true);
    }
    const villages = county.regions.regions.filter(({ level }) => level === 'village');
    expect(new Set(returns.map((e) => e.region_code)).size).toBe(villages.length);
    const silent = returns.filter((e) => e.body.valid_reports === 0);
    const signed = silent.filter((e) => e.body.zero_report_at !== undefined);
    expect(signed.length / silent.length).toBeGreaterThan(0.6);
    expect(signed.length / silent.length).toBeLessThan(0.98);
    expect(returns.every((e) => e.body.valid_reports === 0 || e.body.zero_report_at === undefined)).toBe(true);
  });

  it('every village and unit is assessed once a quarter; most meet the standard', () => {
    const quarter = of('creation.unit_status/1').filter((e) => ['2026-01', '2026-02', '2026-03'].includes(monthOf(e)));
    // A hundredth is withdrawn.
    expect(new Set(quarter.map((e) => e.body.unit_id)).size).toBe(quarter.length);
    const villages = quarter.filter((e) => e.body.unit_kind === 'village');
    expect(villages.length).toBeGreaterThan(119 * 0.95);
    expect(villages.length).toBeLessThanOrEqual(119);
    const share = <E>(list: readonly E[], pass: (event: E) => boolean | undefined) =>
      list.filter(pass).length / list.length;
    expect(share(quarter, (e) => e.body.is_compliant)).toBeGreaterThan(0.85);
    expect(share(villages, (e) => e.body.is_three_zero)).toBeGreaterThan(0.8);
    expect(share(villages, (e) => e.body.is_three_zero)).toBeLessThan(0.97);
    expect(new Set(quarter.map((e) => e.body.colour)).size).toBe(4);
  });

  it('duties, visits and patrols come from every township every month', () => {
    const units = index.units('2026-06').length;
    for (const [schema, each] of [
      ['creation.duty/1', 13],
      ['mediation.key_group_visits/1', 5],
      ['creation.patrol/1', 1],
    ] as const) {
      const expected = units * 12 * each;
      expect(of(schema).length).toBeLessThanOrEqual(expected);
      expect(of(schema).length).toBeGreaterThan(expected * 0.95);
    }
    const visits = of('mediation.key_group_visits/1');
    const done = sum(visits.map((e) => e.body.done)) / sum(visits.map((e) => e.body.planned));
    expect(done).toBeGreaterThan(0.88);
    expect(done).toBeLessThan(0.99);
  });

  it('nine in ten feel safe, of more than a hundred asked in each township', () => {
    const surveys = of('survey.result/1');
    expect(surveys.every((e) => e.body.asked >= 100)).toBe(true);
    const safe = sum(surveys.map((e) => e.body.felt_safe)) / sum(surveys.map((e) => e.body.asked));
    expect(safe).toBeGreaterThan(0.92);
    expect(safe).toBeLessThan(0.99);
  });
});

describe('old matters and progress', () => {
  it('backlog cases are older than a year, and most of them are closed within another', () => {
    const backlog = of('petition.case/1').filter((e) => e.body.is_backlog);
    expect(backlog.length).toBeGreaterThan(20);
    const age = (e: Upsert<'petition.case/1'>) => Date.parse(e.occurred_at) - Date.parse(e.body.registered_at);
    for (const event of backlog) expect(age(event)).toBeGreaterThan(365 * 86_400_000);
    const closed = backlog.filter((e) => e.body.closed_at !== undefined);
    expect(closed.length / backlog.length).toBeGreaterThan(0.9);
  });

  it('crime falls by a third to a half from one autumn to the next, and stops falling', () => {
    const crimes = generateDemo({ county, from: '2026-10', to: '2026-11', seed: 5 });
    const count = (list: PingAnEvent[], months: string[]) =>
      list.filter(
        (e) =>
          e.schema === 'police.incident/1' &&
          e.op === 'upsert' &&
          ['criminal', 'public_order'].includes(e.body.category) &&
          months.includes(monthOf(e)),
      ).length;
    const before = count(events, ['2025-10', '2025-11']);
    const after = count(finalStates(county, crimes), ['2026-10', '2026-11']);
    expect(after / before).toBeGreaterThan(0.4);
    expect(after / before).toBeLessThan(0.75);
    expect(progressIn('2031-01')).toBeLessThanOrEqual(1);
    expect(progressIn('2031-01') - progressIn('2028-01')).toBeLessThan(0.01);
  });

  it('telecom fraud losses have a heavy tail, and its warnings mostly succeed', () => {
    const losses = of('police.incident/1')
      .flatMap((e) => (e.body.sub_category === 'telecom_fraud' ? (e.body.loss_amount ?? []) : []))
      .sort((a, b) => a - b);
    expect(losses.at(-1)! / losses[Math.floor(losses.length / 2)]!).toBeGreaterThan(5);
    const warnings = of('police.fraud_warning/1');
    const share = sum(warnings.map((e) => e.body.dissuaded)) / sum(warnings.map((e) => e.body.warned));
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.98);
  });
});
