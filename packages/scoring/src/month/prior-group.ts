import type { Observation } from '../small-numbers/observation.js';
import { fitPrior, type Prior } from '../small-numbers/prior.js';
import type { Shrinkage } from './types.js';

/** Units whose true values are taken as drawn from one prior. */
export interface PriorGroup {
  scope: 'class' | 'county';
  /** Names the group among those of the same values. */
  key: string;
  prior: Prior;
}

export type GroupOf = (peerClass: string) => PriorGroup | null;

/**
 * The prior that applies in each peer class: its own, or the whole county's where the class has fewer than `min_class`
 * units; null without shrinkage, and where the whole county has fewer than two. Entries in a fixed order.
 */
export function groupsOf(
  entries: ReadonlyArray<{ peerClass: string; observation: Observation }>,
  { method, min_class }: Shrinkage = { method: 'none', min_class: 0 },
): GroupOf {
  if (method === 'none') return () => null;
  const groupOf = (key: string, scope: PriorGroup['scope'], members: typeof entries): PriorGroup | null => {
    const prior = fitPrior(members.map(({ observation }) => observation));
    return prior === null ? null : { scope, key, prior };
  };
  const members = new Map<string, Array<(typeof entries)[number]>>();
  for (const entry of entries) {
    const own = members.get(entry.peerClass);
    if (own === undefined) members.set(entry.peerClass, [entry]);
    else own.push(entry);
  }
  const large = [...members].filter(([, own]) => own.length >= min_class);
  const classes = new Map(large.map(([name, own]) => [name, groupOf(`class:${name}`, 'class', own)]));
  const county = large.length === members.size ? null : groupOf('county', 'county', entries);
  return (peerClass) => classes.get(peerClass) ?? county;
}
