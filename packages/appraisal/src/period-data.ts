import { type County, lastCompleteMonth } from '@pingan/regions';
import type { AnnualVeto, ScoredMonth } from '@pingan/scoring';
import type { RunHead, Store } from '@pingan/store';
import { type Silence, silencesOf } from './silences.js';

/** What a quarter or a year is put together from. */
export interface PeriodData {
  /** Current runs of the months that have one and are over, oldest first. */
  runs: RunHead[];
  /** Months that are over and in which no unit has a score. */
  unscored: string[];
  /** Months that are not over: what there is of them is no month yet. */
  unfinished: string[];
  scored: Map<string, ScoredMonth>;
  /** Names of units by code, as of the last month that has them. */
  names: Map<string, string>;
  /** Red lines of the kind that vetoes a year (一票否决), as the months deducted them. */
  vetoes: AnnualVeto[];
  /** Months of units that may rest on a gap, oldest first. */
  silences: Silence[];
}

/** Reads the published months of a period. */
export async function readPeriod(
  store: Store,
  county: County,
  { months, nowMs }: { months: readonly string[]; nowMs: number },
): Promise<PeriodData> {
  const last = lastCompleteMonth(nowMs, county.timeZone);
  const current = new Map((await store.runs.currentAll(county.code)).map((run) => [run.period, run]));
  const over = months.filter((month) => month <= last);
  const runs = over.flatMap((month) => current.get(month) ?? []);
  const names = new Map<string, string>();
  const scored = new Map<string, ScoredMonth>();
  const vetoes: AnnualVeto[] = [];
  const silences: Silence[] = [];
  const read = await Promise.all(
    runs.map(async ({ run_id }) => {
      const [units, dimensions, deductions] = await Promise.all([
        store.runs.units(run_id),
        store.runs.dimensions(run_id),
        store.runs.deductions(run_id),
      ]);
      return { units, dimensions, deductions };
    }),
  );
  for (const [i, { units, dimensions, deductions }] of read.entries()) {
    for (const { region_code, name } of units) names.set(region_code, name);
    silences.push(...silencesOf(runs[i]!.period, units));
    scored.set(
      runs[i]!.period,
      units.map(({ region_code: code, score, band }) => ({
        code,
        score,
        band,
        dimensions: dimensions
          .filter(({ region_code }) => region_code === code)
          .map((d) => ({
            id: d.dimension,
            score: d.score,
            weight: d.weight,
            missing_reason: d.score === null ? 'insufficient_data' : null,
          })),
      })),
    );
    for (const { region_code: unit, kind, name, date, case_ref } of deductions) {
      if (kind === 'veto') vetoes.push({ unit, name, reason: `${date} ${case_ref}` });
    }
  }
  return {
    runs,
    unscored: over.filter((month) => !scored.get(month)?.some(({ score }) => score !== null)),
    unfinished: months.filter((month) => month > last),
    scored,
    names,
    vetoes,
    silences,
  };
}
