import { createHash } from 'node:crypto';
import { type Scheme, toScoringInput } from '@pingan/indicators';
import { tableAsOf } from '@pingan/regions';
import type { RedLineEvent } from '@pingan/scoring';
import { contextOf, type Evidence, monthsUpTo } from './evidence.js';
import { unreportedIn } from './unreported.js';

/** Part of every run's identity: another way of computing is another run. */
const METHOD = 'month/2';

/** The same for counties whose units begin, end, merge or change their population. */
const UNITS_METHOD = 'units/1';

const definitionOf = (scheme: Scheme): string =>
  JSON.stringify([toScoringInput(scheme), Object.entries(scheme.severity).sort(), contextOf(scheme)]);

function textOf(events: readonly RedLineEvent[] = []): string {
  return events
    .map(({ unit, date, kind, deaths, case_ref }) => JSON.stringify([unit, date, kind, deaths, case_ref]))
    .sort()
    .join('\n');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Every month lies in the digests of all later ones: its own is worked out once. */
const known = new WeakMap<Evidence, Map<string, string>>();

function monthDigest(evidence: Evidence, month: string): string {
  const digests = known.get(evidence) ?? new Map<string, string>();
  known.set(evidence, digests);
  const { rolledUp, redLines } = evidence;
  const digest =
    digests.get(month) ?? sha256(`${rolledUp.canonical.get(month) ?? ''}\n!\n${textOf(redLines.get(month))}`);
  digests.set(month, digest);
  return digest;
}

/**
 * Digest of everything a run's numbers depend on: county, month, what the month sees of the region table (what begins or ends
 * later leaves the run as it is), and for every month from the first to this one the components, the red lines and the scheme
 * with its definitions. Colours of earlier months follow from these, so that a change of any of them is a change here. So are the
 * units whose silence is marked, or confirmed. The watermark is not among it: equal inputs are an equal run.
 *
 * `evidence` must not change between calls.
 */
export function inputDigest(evidence: Evidence, period: string): string {
  const { county, schemeOf } = evidence;
  const months = monthsUpTo(evidence, period);
  const { version, hasChanges } = tableAsOf(county.regions, period);
  const parts = [
    JSON.stringify([METHOD, county.code, period, months[0], version, ...(hasChanges ? [UNITS_METHOD] : [])]),
  ];
  let scheme: Scheme | undefined;
  for (const month of months) {
    const own = schemeOf(month);
    if (own !== scheme) parts.push(`@${month} ${definitionOf(own)}`);
    scheme = own;
    parts.push(`#${month} ${monthDigest(evidence, month)}`);
  }
  // Nothing where nobody was silent: what was scored before there were such marks is the same run.
  const silent = [...unreportedIn(evidence, period)];
  if (silent.length > 0) parts.push(`?${JSON.stringify(silent)}`);
  return sha256(parts.join('\n'));
}
