import { createHash } from 'node:crypto';
import { type Scheme, toScoringInput } from '@pingan/indicators';
import type { RedLineEvent } from '@pingan/scoring';
import { contextOf, type Evidence, monthsUpTo } from './evidence.js';

/** Part of every run's identity: another way of computing is another run. */
const METHOD = 'month/2';

const definitionOf = (scheme: Scheme): string =>
  JSON.stringify([toScoringInput(scheme), Object.entries(scheme.severity).sort(), contextOf(scheme)]);

function textOf(events: readonly RedLineEvent[] = []): string {
  return events
    .map(({ unit, date, kind, deaths, case_ref }) => JSON.stringify([unit, date, kind, deaths, case_ref]))
    .sort()
    .join('\n');
}

/**
 * Digest of everything a run's numbers depend on: county, month, region table, and for every month from the first to this
 * one the components, the red lines and the scheme with its definitions. Colours of earlier months follow from these, so
 * that a change of any of them is a change here. The watermark is not among it: equal inputs are an equal run.
 */
export function inputDigest(evidence: Evidence, period: string): string {
  const { county, rolledUp, redLines, schemeOf } = evidence;
  const months = monthsUpTo(evidence, period);
  const hash = createHash('sha256');
  hash.update(JSON.stringify([METHOD, county.code, period, months[0], county.regions.version]));
  let scheme: Scheme | undefined;
  for (const month of months) {
    const own = schemeOf(month);
    if (own !== scheme) hash.update(`\n@${month}\n${definitionOf(own)}`);
    scheme = own;
    const parts = [rolledUp.canonical.get(month), textOf(redLines.get(month))].filter((text) => text);
    if (parts.length > 0) hash.update(`\n#${month}\n${parts.join('\n!\n')}`);
  }
  return hash.digest('hex');
}
