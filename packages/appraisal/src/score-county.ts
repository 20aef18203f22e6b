import { setImmediate } from 'node:timers/promises';
import { addMonths, monthRange } from '@pingan/contracts';
import { catalogue, defaultScheme, parseScheme, type Scheme } from '@pingan/indicators';
import { type County, lastCompleteMonth } from '@pingan/regions';
import {
  type Run,
  type RunHead,
  type RunStory,
  type RunUnit,
  type Store,
  type StoredScheme,
  schemeInForce,
} from '@pingan/store';
import { type Codes, type Evidence, firstMonthOf } from './evidence.js';
import { BandRecord, unitsThatHold } from './history.js';
import { inputDigest } from './input-digest.js';
import { requireScorable } from './never-scored.js';
import { redLineEvents, redLinesWithoutPlace } from './red-lines.js';
import { rollUp } from './roll-up.js';
import { scorePeriod } from './score-period.js';
import { storiesOf, type ToldRun } from './stories.js';

export interface ScoreResult {
  period: string;
  run_id: string;
  /** False when the current run already had these inputs. */
  fresh: boolean;
}

/**
 * The scheme of each month; the same object for months under the same document. Every registered county has one stored; the default
 * of today is for a month before that, or for what has never been registered.
 */
export function schemesInForce(schemes: readonly StoredScheme[]): (month: string) => Scheme {
  const parsed = new Map<string, Scheme>();
  return (month) => {
    const stored = schemeInForce(schemes, month);
    if (stored === undefined) return defaultScheme;
    let scheme = parsed.get(stored.document);
    if (scheme === undefined) {
      scheme = parseScheme(stored.document, { file: stored.hash });
      parsed.set(stored.document, scheme);
    }
    return scheme;
  };
}

/** The codes each month's scheme was stored with, undefined where these are all there are; one object for months under equal ones. */
export function cataloguesInForce(schemes: readonly StoredScheme[]): (month: string) => Codes | undefined {
  const known = new Map<string, Codes | undefined>();
  return (month) => {
    const stored = schemeInForce(schemes, month);
    if (stored === undefined || stored.catalogue.length === 0) return undefined;
    const key = stored.catalogue.join(' ');
    if (!known.has(key)) {
      const codes = new Set(stored.catalogue);
      known.set(key, catalogue.every(({ code }) => codes.has(code)) ? undefined : codes);
    }
    return known.get(key);
  };
}

/** What is known of a county as of its components; undefined before there are any. */
export async function readEvidence(store: Store, county: County) {
  const state = await store.components.state(county.code);
  if (!state) return undefined;
  const scope = { county, watermark: state.watermark };
  const [components, schemes, redLines, zeroReports] = await Promise.all([
    store.components.read(county.code),
    store.schemes.list(county.code),
    store.redLines(scope),
    store.zeroReports.list(county.code),
  ]);
  const evidence: Evidence = {
    county,
    rolledUp: rollUp(county, components),
    redLines: redLineEvents(county, redLines),
    redLinesWithoutPlace: redLinesWithoutPlace(county, redLines),
    zeroReports,
    schemeOf: schemesInForce(schemes),
    catalogueOf: cataloguesInForce(schemes),
  };
  return { evidence, watermark: JSON.stringify(state.watermark) };
}

interface Pass {
  evidence: Evidence;
  watermark: string;
  /** The months to score anew. */
  stale: ReadonlySet<string>;
  /** Units of earlier runs whose inputs still hold, by month. */
  known: ReadonlyMap<string, readonly RunUnit[]>;
  onMonth: (() => void) | undefined;
}

/**
 * Months in order: each takes its history from those before it, scored or known. Between them others have their turn: a
 * process that is deaf for a whole back-catalogue would lose the lock of its job and be taken for dead.
 */
async function scoreInOrder(
  { evidence, watermark, stale, known, onMonth }: Pass,
  months: readonly string[],
): Promise<Run[]> {
  const runs: Run[] = [];
  const record = new BandRecord();
  for (const month of months) {
    await setImmediate();
    let units = known.get(month);
    if (stale.has(month)) {
      const run = scorePeriod(evidence, { period: month, history: record.history, watermark });
      runs.push(run);
      units = run.units;
    }
    record.follow(evidence, month, units);
    onMonth?.();
  }
  return runs;
}

async function readTold(store: Store, head: RunHead): Promise<ToldRun> {
  const [units, indicators, deductions] = await Promise.all([
    store.runs.units(head.run_id),
    store.runs.indicators(head.run_id),
    store.runs.deductions(head.run_id),
  ]);
  return { head, units, indicators, deductions };
}

/** Writes the paragraphs of published runs, and of those of the month after: they tell of both. */
async function tell(
  store: Store,
  evidence: Evidence,
  runs: { published: readonly Run[]; fresh: ReadonlyMap<string, Run>; current: ReadonlyMap<string, RunHead> },
): Promise<void> {
  const { published, fresh, current } = runs;
  const read = new Map<string, ToldRun>(fresh);
  const runOf = async (period: string): Promise<ToldRun | undefined> => {
    const head = current.get(period);
    if (!read.has(period) && head) read.set(period, await readTold(store, head));
    return read.get(period);
  };
  const concerned = new Set(published.flatMap(({ head: { period } }) => [period, addMonths(period, 1)]));
  const stories: RunStory[] = [];
  for (const period of concerned) {
    const run = await runOf(period);
    if (run) stories.push(...storiesOf(evidence.schemeOf(period), run, await runOf(addMonths(period, -1))));
  }
  await store.runs.writeStories(stories);
}

/**
 * Scores the given months of a county, or every complete month whose inputs changed since its current run; the newest is
 * published before the others, or alone where these may wait (`newestOnly`; one that has no run yet is then left out). Runs
 * are written whole and then made current; one whose inputs are those of the current run is not written again.
 *
 * A colour depends on the months before. Those that are not scored anew bring theirs from their current run if its inputs
 * still hold, else they are scored as well, without being published: a run depends on its inputs alone, never on which
 * months were scored before it.
 *
 * @throws NeverScored for months before the county's start and for those that have not begun.
 */
export async function scoreCounty(
  store: Store,
  county: County,
  options: { months?: readonly string[] | undefined; newestOnly?: boolean; nowMs: number; onMonth?: () => void },
): Promise<ScoreResult[]> {
  const [read, currentRuns] = await Promise.all([readEvidence(store, county), store.runs.currentAll(county.code)]);
  if (!read) return [];
  const { evidence, watermark } = read;
  const start = firstMonthOf(evidence);
  const periods = options.months ?? (start ? monthRange(start, lastCompleteMonth(options.nowMs, county.timeZone)) : []);
  requireScorable(county, periods, { start, nowMs: options.nowMs });
  const current = new Map(currentRuns.map((run) => [run.period, run]));
  const holds = (period: string) => current.get(period)?.input_digest === inputDigest(evidence, period);
  const stale = new Set(periods.filter((period) => !holds(period)));
  const last = [...stale].sort().at(-1);
  const fresh = new Map<string, Run>();
  if (last !== undefined) {
    const months = [...new Set([...monthRange(start ?? last, last), ...stale])].sort();
    const others = currentRuns.filter(({ period }) => months.includes(period) && !stale.has(period));
    const known = await unitsThatHold(store, evidence, others);
    const publish = async (runs: readonly Run[]) => {
      for (const run of runs) fresh.set(run.head.period, run);
      await store.runs.write(runs);
      await store.runs.activate(runs.map(({ head }) => head));
      await tell(store, evidence, { published: runs, fresh, current });
    };
    const pass = { evidence, watermark, known, onMonth: options.onMonth };
    // The newest month is what people look at. It takes colours from those before it, not the intervals, which cost most.
    const before = new Set(stale);
    before.delete(last);
    await publish(await scoreInOrder({ ...pass, stale: new Set([last]) }, months));
    if (before.size > 0 && !options.newestOnly) {
      const earlier = months.filter((month) => month < last);
      await publish(await scoreInOrder({ ...pass, stale: before }, earlier));
    }
  }
  return periods.flatMap((period) => {
    const run = fresh.get(period)?.head ?? current.get(period);
    return run === undefined ? [] : [{ period, run_id: run.run_id, fresh: fresh.has(period) }];
  });
}
