import { componentKey, type MonthComponent } from '@pingan/scoring';
import type { PartSum, RolledUp } from './roll-up.js';

const MILLIONTHS = 1e6;

/** Components hold six decimals: added as whole millionths they are exact in any order. */
const plus = (a: number | null | undefined, b: number | null) =>
  (Math.round((a ?? 0) * MILLIONTHS) + Math.round((b ?? 0) * MILLIONTHS)) / MILLIONTHS;

export type Inherited = Pick<RolledUp, 'components' | 'parts'>;

/** By what they were made of: months after the last merger share one. */
const made = new WeakMap<RolledUp, Map<string, Inherited>>();

/** Of a `componentKey`; a unit's code may hold its separator. */
function partsOf(key: string): [code: string, unit: string, month: string] {
  const at = key.indexOf('|');
  const end = -'YYYY-MM'.length;
  return [key.slice(0, at), key.slice(at + 1, end - 1), key.slice(end)];
}

function inherit(rolledUp: RolledUp, heirs: ReadonlyMap<string, string>): Inherited {
  const components = new Map<string, MonthComponent>();
  for (const [key, component] of rolledUp.components) {
    const [code, unit, month] = partsOf(key);
    const own = componentKey(code, heirs.get(unit) ?? unit, month);
    const sum = components.get(own);
    components.set(
      own,
      sum === undefined
        ? component
        : {
            numerator: plus(sum.numerator, component.numerator),
            denominator: plus(sum.denominator, component.denominator),
          },
    );
  }
  const parts = rolledUp.parts.map((part): PartSum => ({ ...part, unit: heirs.get(part.unit) ?? part.unit }));
  return { components, parts };
}

/**
 * What a month sees of the past: the cases of units that have ended are those of the unit each went into, so that a merged
 * township is held against the whole of its area, not against nothing or a part of it.
 */
export function inherited(rolledUp: RolledUp, heirs: ReadonlyMap<string, string>): Inherited {
  if (heirs.size === 0) return rolledUp;
  const bySignature = made.get(rolledUp) ?? new Map<string, Inherited>();
  made.set(rolledUp, bySignature);
  const signature = JSON.stringify([...heirs]);
  const known = bySignature.get(signature) ?? inherit(rolledUp, heirs);
  bySignature.set(signature, known);
  return known;
}
