import { createHash } from 'node:crypto';
import { findIndicator, type Scheme, toScoringInput } from '@pingan/indicators';
import { tableAsOf } from '@pingan/regions';
import type { RedLineEvent } from '@pingan/scoring';
import { type Codes, contextOf, type Evidence, monthsUpTo } from './evidence.js';
import { unreportedIn } from './unreported.js';

/** Part of every run's identity: another way of computing is another run. */
const METHOD = 'month/2';

/** The same for counties whose units begin, end, merge or change their population. */
const UNITS_METHOD = 'units/1';

function definitionOf(evidence: Evidence, month: string): string {
  const scheme = evidence.schemeOf(month);
  return JSON.stringify([toScoringInput(scheme), Object.entries(scheme.severity).sort(), contextOf(evidence, month)]);
}

function textOf(events: readonly RedLineEvent[] = []): string {
  return events
    .map(({ unit, date, kind, deaths, case_ref }) => JSON.stringify([unit, date, kind, deaths, case_ref]))
    .sort()
    .join('\n');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Seen {
  codes: Codes;
  /** The same as text. */
  key: string;
}

/** What the schemes of some months see together; undefined: everything. */
function seenBy({ catalogueOf }: Evidence, months: readonly string[]): Seen | undefined {
  const seen = new Set<string>();
  const added = new Set<Codes>();
  for (const month of months) {
    const codes = catalogueOf?.(month);
    if (codes === undefined) return undefined;
    if (added.has(codes)) continue;
    added.add(codes);
    for (const code of codes) seen.add(code);
  }
  return { codes: seen, key: [...seen].sort().join(' ') };
}

/** The lines of a month's text that are no indicator's, or of one that is seen. A line begins with `code|` or `code:part|`. */
function visible(text: string, seen: Codes | undefined): string {
  if (seen === undefined) return text;
  const isSeen = (line: string) => {
    const code = line.slice(0, line.indexOf('|')).split(':')[0]!;
    return seen.has(code) || findIndicator(code) === undefined;
  };
  return text.split('\n').filter(isSeen).join('\n');
}

/** Every month lies in the digests of all later ones: its own is worked out once. */
const known = new WeakMap<Evidence, Map<string, string>>();

function monthDigest(evidence: Evidence, month: string, seen: Seen | undefined): string {
  const digests = known.get(evidence) ?? new Map<string, string>();
  known.set(evidence, digests);
  const { rolledUp, redLines } = evidence;
  const key = `${month} ${seen?.key}`;
  const digest =
    digests.get(key) ??
    sha256(`${visible(rolledUp.canonical.get(month) ?? '', seen?.codes)}\n!\n${textOf(redLines.get(month))}`);
  digests.set(key, digest);
  return digest;
}

/**
 * Digest of everything a run's numbers depend on: county, month, what the month sees of the region table (what begins or ends
 * later leaves the run as it is), and for every month from the first to this one the components, the red lines and the scheme
 * with its definitions. Colours of earlier months follow from these, so that a change of any of them is a change here. So are the
 * units whose silence is marked, or confirmed. Indicators that the catalogue has got since the schemes were stored are no part of it:
 * no month sees them. The watermark is not among it: equal inputs are an equal run.
 *
 * `evidence` must not change between calls.
 */
export function inputDigest(evidence: Evidence, period: string): string {
  const { county, schemeOf, catalogueOf } = evidence;
  const months = monthsUpTo(evidence, period);
  const { version, hasChanges } = tableAsOf(county.regions, period);
  const parts = [
    JSON.stringify([METHOD, county.code, period, months[0], version, ...(hasChanges ? [UNITS_METHOD] : [])]),
  ];
  const seen = seenBy(evidence, months);
  let scheme: Scheme | undefined;
  let codes: Codes | undefined;
  for (const month of months) {
    const [own, ownCodes] = [schemeOf(month), catalogueOf?.(month)];
    if (own !== scheme || ownCodes !== codes) parts.push(`@${month} ${definitionOf(evidence, month)}`);
    [scheme, codes] = [own, ownCodes];
    parts.push(`#${month} ${monthDigest(evidence, month, seen)}`);
  }
  // Nothing where nobody was silent: what was scored before there were such marks is the same run.
  const silent = [...unreportedIn(evidence, period)];
  if (silent.length > 0) parts.push(`?${JSON.stringify(silent)}`);
  return sha256(parts.join('\n'));
}
