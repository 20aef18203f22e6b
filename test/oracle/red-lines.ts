import type { County } from '@pingan/regions';
import type { Case } from './cases.js';
import { clockOf } from './clock.js';
import { unitFinder } from './facts.js';
import type { Options } from './options.js';

/** An event that may cost a unit points. */
export interface Incident {
  unit: string;
  day: string;
  kind: string;
  deaths: number;
  /** Equal ones are one case. */
  about: string;
}

const refOf = ({ source, case_id }: Case) => `${source}/${case_id}`;

function kindOfDeath({ schema, body }: Case): string | undefined {
  if (schema !== 'police.incident/1' || !(Number(body.deaths ?? 0) >= 1)) return undefined;
  if (body.sub_category === 'homicide') return 'homicide';
  return body.category === 'traffic' || body.category === 'fire' ? 'accident' : undefined;
}

/** Deaths the police recorded and events the county established; a recorded death that an event names moves to it. */
export function incidentsOf(cases: readonly Case[], county: County): Incident[] {
  const clock = clockOf(county.timeZone);
  const unitOf = unitFinder(county);
  const dayOf = ({ occurred_at }: Case) =>
    new Date(clock.dayOf(clock.instantOf(occurred_at)) * 86_400_000).toISOString().slice(0, 10);
  const events = cases.filter(({ schema }) => schema === 'red_line.event/1');
  const order = (event: Case) => `${dayOf(event)} ${refOf(event)}`;
  events.sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const incidents: Incident[] = [];
  const add = (at: Case, kind: string, deaths: number, about: string) => {
    const unit = unitOf(at.region_code);
    if (unit !== undefined) incidents.push({ unit, day: dayOf(at), kind, deaths, about });
  };
  const deaths = cases.flatMap((event) => {
    const kind = kindOfDeath(event);
    return kind === undefined ? [] : [{ event, kind }];
  });
  for (const { event, kind } of deaths) {
    const naming = events.find(({ body }) => body.case_ref === refOf(event) || body.case_ref === event.case_id);
    add(naming ?? event, kind, Number(event.body.deaths), refOf(event));
  }
  for (const event of events) {
    const named = event.body.case_ref;
    const death = deaths.find(({ event: other }) => named === refOf(other) || named === other.case_id);
    const first = named === undefined ? event : events.find(({ body }) => body.case_ref === named)!;
    add(event, String(event.body.kind), Number(event.body.deaths ?? 0), refOf(death?.event ?? first));
  }
  return incidents;
}

/** Points taken off in a month: case by case, each by the dearest rule, until the cap is reached. */
export function deductedOf(
  incidents: readonly Incident[],
  unit: string,
  month: string,
  { cap, rules }: Options['deductions'],
): { total: number; cases: Map<string, number> } {
  const own = incidents.filter((incident) => incident.unit === unit && incident.day.startsWith(month));
  own.sort((a, b) => {
    const keys = [a, b].map(({ day, about, kind }) => `${day} ${about} ${kind}`);
    return keys[0]! < keys[1]! ? -1 : keys[0]! > keys[1]! ? 1 : b.deaths - a.deaths;
  });
  const seen = new Set<string>();
  const distinct = own.filter(({ about, kind }) => {
    const key = `${about} ${kind}`;
    return seen.has(key) ? false : seen.add(key) && true;
  });
  const costs = new Map<string, { points: number; day: string }>();
  for (const rule of rules) {
    let free = rule.free ?? 0;
    for (const { day, kind, deaths, about } of distinct) {
      if (!rule.events.includes(kind)) continue;
      if (rule.deaths && (deaths < rule.deaths[0] || deaths > rule.deaths[1])) continue;
      if (free-- > 0) continue;
      const doubled = rule.doubled !== undefined && day >= rule.doubled[0] && day <= rule.doubled[1];
      const points = rule.points * (doubled ? 2 : 1);
      if (points > (costs.get(about)?.points ?? 0)) costs.set(about, { points, day });
    }
  }
  const inOrder = [...costs].sort(([a, x], [b, y]) => (`${x.day} ${a}` < `${y.day} ${b}` ? -1 : 1));
  const cases = new Map<string, number>();
  let total = 0;
  for (const [about, { points }] of inOrder) {
    const applied = Math.min(points, cap - total);
    cases.set(about, applied);
    total += applied;
  }
  return { total, cases };
}
