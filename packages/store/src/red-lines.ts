import type { ClickHouseClient } from '@clickhouse/client';
import type { Stream } from '@pingan/contracts';
import { caseTable } from './case-tables.js';
import { rows } from './client.js';
import { type ComponentScope, paramsOf, streamsBelow } from './component-scope.js';
import { belowWatermark, keptCases } from './current-cases.js';
import { dayOf } from './days.js';

/** An event of the negative list (红线) as it stands: what happened, where and when. */
export interface RedLine {
  region_code: string;
  /** `YYYY-MM-DD` in the county. */
  date: string;
  /** `veto`, `accident` or `homicide`. */
  kind: string;
  deaths: number;
  /** `source/case_id` of the case it is about; equal ones are one case. */
  case_ref: string;
}

interface Established extends RedLine {
  /** The case it names, in its own words: a case id, or `source/case_id`. */
  named: string | null;
}

// Columns are named with their table: an alias of the same name would take their place.
const occurredDay = dayOf('c.occurred_at');
const ownRef = "concat(c.source, '/', c.case_id)";

const keyOf = ({ date, case_ref, region_code, kind }: RedLine) => JSON.stringify([date, case_ref, region_code, kind]);

/** By code units, not by the machine's language. */
const byPlace = (a: RedLine, b: RedLine) => (keyOf(a) < keyOf(b) ? -1 : 1);

/** Narrows to cases of which any version is such, so that few are read whole. */
const ever = (
  stream: Stream,
  condition: string,
) => `(source, case_id) IN (SELECT source, case_id FROM ${caseTable(stream)}
    WHERE county = {county:String} AND ${belowWatermark} AND ${condition})`;

/** Deaths that the police recorded: homicide, or an accident where it was traffic or fire. */
function recordedDeaths(client: ClickHouseClient, scope: ComponentScope): Promise<RedLine[]> {
  return rows<RedLine>(
    client,
    `SELECT c.region_code AS region_code, ${occurredDay} AS date, assumeNotNull(c.deaths) AS deaths, ${ownRef} AS case_ref,
      if(ifNull(c.sub_category, '') = 'homicide', 'homicide', 'accident') AS kind
    FROM (${keptCases('police', { among: ever('police', 'ifNull(deaths, 0) >= 1') })}) AS c
    WHERE c.record_type = 'police.incident' AND ifNull(c.deaths, 0) >= 1
      AND (ifNull(c.sub_category, '') = 'homicide' OR ifNull(c.category, '') IN ('traffic', 'fire'))`,
    paramsOf(scope, 'police'),
  );
}

function establishedEvents(client: ClickHouseClient, scope: ComponentScope): Promise<Established[]> {
  return rows<Established>(
    client,
    `SELECT c.region_code AS region_code, ${occurredDay} AS date, assumeNotNull(c.kind) AS kind,
      ifNull(c.deaths, 0) AS deaths, ${ownRef} AS case_ref, c.case_ref AS named
    FROM (${keptCases('mediation', { among: ever('mediation', `record_type = 'red_line.event'`) })}) AS c WHERE c.record_type = 'red_line.event'`,
    paramsOf(scope, 'mediation'),
  );
}

/**
 * Red lines of a county below the watermark: those the county established, and deaths in cases of the police. A police
 * case that an established event names is that event: it counts once, in the event's place and month. Events that name the
 * same case are about one case. In order of date, case and region.
 */
export async function redLines(client: ClickHouseClient, scope: ComponentScope): Promise<RedLine[]> {
  const below = streamsBelow(scope.watermark);
  const [recorded, established] = await Promise.all([
    below.includes('police') ? recordedDeaths(client, scope) : [],
    below.includes('mediation') ? establishedEvents(client, scope) : [],
  ]);
  recorded.sort(byPlace);
  established.sort(byPlace);
  const refs = new Map<string, string>();
  const remember = (name: string, ref: string) => {
    if (!refs.has(name)) refs.set(name, ref);
  };
  for (const { case_ref } of recorded) {
    remember(case_ref, case_ref);
    remember(case_ref.slice(case_ref.indexOf('/') + 1), case_ref);
  }
  for (const { named, case_ref } of established) if (named !== null) remember(named, case_ref);
  const places = new Map<string, RedLine>();
  const stated = established.map(({ named, ...event }): RedLine => {
    const about = { ...event, case_ref: (named === null ? undefined : refs.get(named)) ?? event.case_ref };
    if (!places.has(about.case_ref)) places.set(about.case_ref, about);
    return about;
  });
  const placed = recorded.map((death): RedLine => {
    const { region_code, date } = places.get(death.case_ref) ?? death;
    return { ...death, region_code, date };
  });
  return [...placed, ...stated].sort(byPlace);
}
