import { monthRange } from '@pingan/contracts';
import { defaultScheme, parseScheme, type Scheme } from '@pingan/indicators';
import { type County, lastCompleteMonth } from '@pingan/regions';
import { type Run, type Store, type StoredScheme, schemeInForce } from '@pingan/store';
import { rollUp } from './roll-up.js';
import { firstMonthOf, inputDigest, scorePeriod } from './score-period.js';

export interface ScoreResult {
  period: string;
  run_id: string;
  /** False when the current run already had these inputs. */
  fresh: boolean;
}

function schemeOf(schemes: readonly StoredScheme[], month: string): Scheme {
  const stored = schemeInForce(schemes, month);
  return stored ? parseScheme(stored.document, { file: stored.hash }) : defaultScheme;
}

/**
 * Scores the given months of a county, or every complete month whose inputs changed since its current run. Runs are
 * written whole and then made current; one whose inputs are those of the current run is not written again.
 */
export async function scoreCounty(
  store: Store,
  county: County,
  options: { months?: readonly string[] | undefined; nowMs: number },
): Promise<ScoreResult[]> {
  const [state, components, schemes, currentRuns] = await Promise.all([
    store.components.state(county.code),
    store.components.read(county.code),
    store.schemes.list(county.code),
    store.runs.currentAll(county.code),
  ]);
  if (!state) return [];
  const rolledUp = rollUp(county, components);
  const start = firstMonthOf(county, rolledUp);
  const periods = options.months ?? (start ? monthRange(start, lastCompleteMonth(options.nowMs, county.timeZone)) : []);
  const watermark = JSON.stringify(state.watermark);
  const current = new Map(currentRuns.map((run) => [run.period, run]));
  const fresh: Run[] = [];
  const results = periods.map((period) => {
    const scope = { county, scheme: schemeOf(schemes, period), period, rolledUp, watermark };
    const known = current.get(period);
    if (known?.input_digest === inputDigest(scope)) return { period, run_id: known.run_id, fresh: false };
    const run = scorePeriod(scope);
    fresh.push(run);
    return { period, run_id: run.head.run_id, fresh: true };
  });
  await store.runs.write(fresh);
  await store.runs.activate(fresh.map(({ head }) => head));
  return results;
}
