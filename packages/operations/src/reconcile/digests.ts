import { createHash } from 'node:crypto';
import type { County } from '@pingan/regions';
import type { Component, Watermark } from '@pingan/store';
import type { Installation } from '../installation.js';

/** What a county's numbers are, in a form that two moments can be compared by. */
export interface Digests {
  /** The components' watermark as JSON; undefined while there are none. */
  watermark: string | undefined;
  /** SHA-256 over all components that are not zero. */
  components: string;
  /** SHA-256 over the current runs of the months asked for with everything kept of them. */
  scores: string;
}

const componentText = (c: Component) =>
  JSON.stringify([c.month, c.indicator, c.region_code, c.numerator, c.denominator]);

const sha256 = (texts: readonly string[]) => createHash('sha256').update(texts.join('\n')).digest('hex');

/**
 * Digests of a county as it stands, scores of the given months. With `before`, and messages stored since then, the
 * components are those of the case tables at the watermark of `before`: what arrived in the meantime does not blur the
 * comparison.
 */
export async function digestsOf(
  installation: Installation,
  county: County,
  { months, before }: { months: readonly string[]; before?: Digests | undefined },
): Promise<Digests> {
  const { components, runs } = installation.store;
  const state = await components.state(county.code);
  const watermark = state && JSON.stringify(state.watermark);
  const [found, heads] = await Promise.all([
    before?.watermark !== undefined && before.watermark !== watermark
      ? components.compute({ county, watermark: JSON.parse(before.watermark) as Watermark })
      : components.read(county.code),
    runs.currentAll(county.code),
  ]);
  const scores: string[] = [];
  for (const { watermark: _, ...head } of heads.filter(({ period }) => months.includes(period))) {
    const kept = [runs.units, runs.dimensions, runs.indicators, runs.deductions, runs.priors];
    scores.push(JSON.stringify([head, await Promise.all(kept.map((read) => read(head.run_id)))]));
  }
  return { watermark, components: sha256(found.map(componentText).sort()), scores: sha256(scores) };
}
