import { monthRange } from '@pingan/contracts';
import { defaultScheme, parseScheme, type Scheme } from '@pingan/indicators';
import { type County, lastCompleteMonth } from '@pingan/regions';
import type { Store } from '@pingan/store';
import { rollUp } from './roll-up.js';
import { firstMonthOf, inputDigest, scorePeriod } from './score-period.js';

export interface ScoreResult {
  period: string;
  run_id: string;
  /** False when the current run already had these inputs. */
  fresh: boolean;
}

async function schemeOf(store: Store, county: string, month: string): Promise<Scheme> {
  const stored = await store.schemes.inForce(county, month);
  return stored ? parseScheme(stored.document, { file: `${county} ${stored.fromMonth}` }) : defaultScheme;
}

/**
 * Scores the given months of a county, or every complete month whose inputs changed since its current run. A run is
 * written whole and then made current; one whose inputs are those of the current run is not written again.
 */
export async function scoreCounty(
  store: Store,
  county: County,
  options: { months?: readonly string[] | undefined; nowMs: number },
): Promise<ScoreResult[]> {
  const [state, components] = await Promise.all([
    store.components.state(county.code),
    store.components.read(county.code),
  ]);
  if (!state) return [];
  const rolledUp = rollUp(county, components);
  const start = firstMonthOf(county, rolledUp);
  const periods = options.months ?? (start ? monthRange(start, lastCompleteMonth(options.nowMs, county.timeZone)) : []);
  const watermark = JSON.stringify(state.watermark);
  const results: ScoreResult[] = [];
  for (const period of periods) {
    const scheme = await schemeOf(store, county.code, period);
    const scope = { county, scheme, period, rolledUp, watermark };
    const current = await store.runs.current(county.code, period);
    if (current?.input_digest === inputDigest(scope)) {
      results.push({ period, run_id: current.run_id, fresh: false });
      continue;
    }
    const run = scorePeriod(scope);
    await store.runs.write(run);
    await store.runs.activate(run.head);
    results.push({ period, run_id: run.head.run_id, fresh: true });
  }
  return results;
}
