import { type Evidence, firstMonthOf, scoresOf } from '@pingan/appraisal';
import { defaultSchemeOf, findIndicator, type Scheme } from '@pingan/indicators';
import type { County } from '@pingan/regions';
import { ALWAYS, type RunHead, type RunIndicator, type Store } from '@pingan/store';
import { activeScheme } from './active-scheme.js';
import { codesOfTypes } from './partial-scheme.js';
import { type SchemeShare, schemeShares } from './scheme-shares.js';
import type { Unplaced } from './unplaced.js';

const typeOf = (code: string) => findIndicator(code)!.recordType;
const sum = (shares: readonly SchemeShare[]) => shares.reduce((all, { share }) => all + share, 0);

/** Indicators of a scheme that no unit has a score of, and why most have none. */
export interface Lack {
  reason: string;
  indicators: SchemeShare[];
}

/** What a month lacks in which no unit has a score, and what puts it right. */
export interface WayOn {
  county: string;
  scheme: Scheme;
  lacks: Lack[];
  /** Events that came and belong to no unit, by record type. */
  unplaced: Map<string, number>;
  /** Record types, or indicators, that give a score by themselves, and from when; null where none do or something was published. */
  part: { names: string[]; from: string } | null;
}

/** Indicators of a scheme without a score in any unit, by the reason most of the units have. */
function lacksOf(scheme: Scheme, rows: readonly RunIndicator[]): Lack[] {
  const byReason = new Map<string, SchemeShare[]>();
  for (const own of schemeShares(scheme).flatMap(({ indicators }) => indicators)) {
    const found = rows.filter(({ code }) => code === own.code);
    if (own.share === 0 || found.some(({ score }) => score !== null)) continue;
    const reasons = found.map(({ missing_reason }) => missing_reason ?? '');
    const count = (reason: string) => reasons.filter((one) => one === reason).length;
    const reason = [...new Set(reasons)].sort((a, b) => count(b) - count(a))[0] ?? 'no_data_month';
    byReason.set(reason, [...(byReason.get(reason) ?? []), own]);
  }
  return [...byReason]
    .map(([reason, indicators]) => ({ reason, indicators }))
    .sort((a, b) => sum(b.indicators) - sum(a.indicators));
}

/**
 * What of the default scheme gives some unit a score by itself: whole record types, else single indicators. Both are tried, not
 * reckoned. Undefined where neither does.
 */
function partThatScores(evidence: Evidence, month: string, rows: readonly RunIndicator[]): string[] | undefined {
  const valued = rows.filter(({ value, code }) => value !== null && findIndicator(code) !== undefined);
  const codes = [...new Set(valued.map(({ code }) => code))];
  const types = [...new Set(codes.map(typeOf))].sort();
  const scores = (included: readonly string[]): boolean => {
    const scheme = defaultSchemeOf(included);
    if (!scheme) return false;
    const { units } = scoresOf({ ...evidence, schemeOf: () => scheme }, month, new Map());
    return units.some(({ score }) => score !== null);
  };
  if (scores(codesOfTypes(types))) return types;
  const single = codes.filter((code) => scores([code]));
  return scores(single) ? single : undefined;
}

/** What a month lacks in which no unit has a score; of a run that was made of the evidence. */
export async function findWayOn(
  store: Store,
  asked: { county: County; run: RunHead; evidence: Evidence | undefined; unplaced: Unplaced | null },
): Promise<WayOn> {
  const { run, evidence } = asked;
  const { code } = asked.county;
  const month = run.period;
  const [{ scheme, fromMonth }, rows, published] = await Promise.all([
    activeScheme(store, code, month),
    store.runs.indicators(run.run_id),
    store.runs.publishedMonths(code),
  ]);
  const shares = asked.unplaced?.shares ?? [];
  const unplaced = new Map(shares.map((share) => [share.record_type, share.unplaced]));
  const found: WayOn = { county: code, scheme, lacks: lacksOf(scheme, rows), unplaced, part: null };
  if (evidence === undefined || published.length > 0) return found;
  const names = partThatScores(evidence, month, rows);
  const from = fromMonth === null || fromMonth === ALWAYS ? (firstMonthOf(evidence) ?? month) : fromMonth;
  return names === undefined ? found : { ...found, part: { names, from } };
}
