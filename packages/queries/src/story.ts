import { type ChangeSince, changeSince, paragraph } from '@pingan/appraisal';
import { addMonths } from '@pingan/contracts';
import type { Store } from '@pingan/store';
import { type Explained, sumOf } from './explained.js';

/** A unit's month in words, and the figures in it that are not the run's own. */
export interface Story {
  ranked_units: number;
  /** Points off, all deductions together. */
  deducted: number;
  /** Against the current run of the month before; null where there is none with this unit. */
  change: ChangeSince | null;
  paragraph: string;
}

async function changeOf(store: Store, explained: Explained): Promise<ChangeSince | null> {
  const { run, unit, scored, deductions } = explained;
  const { runs } = store;
  const before = await runs.current(run.county, addMonths(run.period, -1));
  if (!before) return null;
  const [units, indicators, deducted] = await Promise.all([
    runs.units(before.run_id),
    runs.indicators(before.run_id, unit.region_code),
    runs.deductions(before.run_id, unit.region_code),
  ]);
  const own = units.find(({ region_code }) => region_code === unit.region_code);
  if (!own) return null;
  return changeSince(
    before.period,
    { unit: own, indicators, deductions: deducted },
    { unit, indicators: scored, deductions },
  );
}

export async function readStory(store: Store, explained: Explained): Promise<Story> {
  const { run, unit, units, scored, deductions } = explained;
  const ranks = units.flatMap(({ rank }) => (rank === null ? [] : [rank]));
  const change = await changeOf(store, explained);
  return {
    ranked_units: ranks.length,
    deducted: sumOf(deductions.map(({ applied }) => applied)),
    change,
    paragraph: paragraph({
      period: run.period,
      unit,
      indicators: scored,
      deductions,
      ranked: ranks.length,
      sharing: ranks.filter((rank) => rank === unit.rank).length,
      change,
    }),
  };
}
