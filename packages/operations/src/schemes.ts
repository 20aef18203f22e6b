import { badRequest, month as monthSchema } from '@pingan/contracts';
import { type Scheme, schemeDoubts, schemeHash } from '@pingan/indicators';
import { type ActiveScheme, activeScheme, decisionsThatCount, requireCounty } from '@pingan/queries';
import { type County, monthOfInstant } from '@pingan/regions';
import { ALWAYS, type SchemeDecision } from '@pingan/store';
import type { Installation } from './installation.js';
import { reachOf, requirePastOpen, type SchemeReach } from './past-scheme.js';

export interface SchemeActivated {
  county: County;
  /** What the month was to be scored by before. */
  before: ActiveScheme;
  /** Null where nothing was changed. */
  reach: SchemeReach | null;
  /** The year that two schemes share from now on, `YYYY`; null where none is. */
  mixedYear: string | null;
}

export interface SchemeActivation {
  scheme: Scheme;
  county: string;
  from: string;
  /** Who wants it and why. */
  note?: string | undefined;
  /** Weights that look like a slip are meant so. */
  confirmed?: boolean;
}

/** A note is a remark, not a document. */
const NOTE_CHARS = 200;

function requireNote(note: string): void {
  if (note.length <= NOTE_CHARS && !/\p{Cc}/u.test(note)) return;
  throw badRequest(`--note 至多 ${NOTE_CHARS} 个字，不能有换行。`);
}

/** @throws Refusal naming the weights that look like a slip */
function requireMeant(scheme: Scheme): void {
  const doubts = schemeDoubts(scheme).filter(({ kind }) => kind === 'weight');
  if (doubts.length === 0) return;
  const list = doubts.map(({ message }) => `  - ${message}`).join('\n');
  throw badRequest(`方案「${scheme.name}」的权重可能写错了，没有起用：\n${list}\n确定没有写错，请加 --yes。`);
}

/**
 * Has a county scored by a scheme: from any month while nothing of the county was published, then from a future one only, so that
 * nobody is scored by rules that were made after the fact. Repeating it changes nothing.
 */
export async function activateScheme(
  { store }: Installation,
  options: SchemeActivation,
  nowMs: number,
): Promise<SchemeActivated> {
  const { scheme, from, note = '', confirmed = false } = options;
  if (!confirmed) requireMeant(scheme);
  requireNote(note);
  const county = await requireCounty(store, options.county);
  if (!monthSchema.safeParse(from).success) throw badRequest(`起用月份 ${from} 不对，应为 YYYY-MM，例如 2027-01。`);
  const before = await activeScheme(store, county.code, from);
  await requirePastOpen(store, county, { from, inForce: before.scheme.name, nowMs });
  const hash = schemeHash(scheme);
  if (before.fromMonth !== null && schemeHash(before.scheme) === hash) {
    return { county, before, reach: null, mixedYear: null };
  }
  await store.schemes.activate(county.code, { fromMonth: from, hash, document: JSON.stringify(scheme), note });
  const runs = await store.runs.currentAll(county.code);
  const first = county.startMonth ?? runs[0]?.period ?? monthOfInstant(nowMs, county.timeZone);
  const mixedYear = !from.endsWith('-01') && first < from ? from.slice(0, 4) : null;
  return { county, before, reach: await reachOf(store, county.code, from), mixedYear };
}

export interface SchemeCancelled {
  county: County;
  cancelled: SchemeDecision;
  /** What goes on instead. */
  continued: SchemeDecision;
  reach: SchemeReach;
}

const monthText = (month: string) => (month === ALWAYS ? '起始月' : month);

/**
 * Takes an activation back: from its month on the scheme of the time before goes on, with the catalogue it was stored with. What was
 * decided stays on record. Open as long as the activation itself would be.
 */
export async function cancelScheme(
  { store }: Installation,
  { from, note = '', ...options }: { county: string; from: string; note?: string | undefined },
  nowMs: number,
): Promise<SchemeCancelled> {
  requireNote(note);
  const county = await requireCounty(store, options.county);
  const decisions = decisionsThatCount(await store.schemes.decisions(county.code));
  const at = decisions.findIndex(({ fromMonth }) => fromMonth === from);
  const [cancelled, continued] = [decisions[at], decisions[at - 1]];
  if (cancelled === undefined || continued === undefined || cancelled.hash === continued.hash) {
    const others = decisions.slice(1).filter(({ hash }, i) => hash !== decisions[i]!.hash);
    const known = others.map(({ fromMonth }) => monthText(fromMonth)).join('、');
    throw badRequest(
      `${county.name}没有自 ${from} 起用、可以取消的方案。${known === '' ? '除起始的方案外没有别的。' : `已定的有自 ${known} 起的。`}`,
    );
  }
  await requirePastOpen(store, county, { from, inForce: nameOf(cancelled), nowMs });
  const { hash, document, catalogue } = continued;
  await store.schemes.activate(county.code, { fromMonth: from, hash, document, catalogue, note });
  return { county, cancelled, continued, reach: await reachOf(store, county.code, from) };
}

export const nameOf = ({ document }: Pick<SchemeDecision, 'document'>): string => (JSON.parse(document) as Scheme).name;
