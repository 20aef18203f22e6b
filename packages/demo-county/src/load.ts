import { addMonths, eventKey, type Stream } from '@pingan/contracts';
import { type County, localMonthStart } from '@pingan/regions';
import { message } from './history.js';
import { type Kind, type KindName, kindNames, kinds } from './kinds.js';
import { type Draw, drawOf, Rng, seedOf } from './rng.js';
import { createWorld, type MonthPlan } from './world.js';

export interface LoadOptions {
  county: County;
  seed: number;
  /** Number of events, each of a case of its own. */
  count: number;
  /** First month, `YYYY-MM`, and how many months the events spread over. */
  from: string;
  months: number;
  /**
   * Only cases that were recorded by then, milliseconds, each as it was known by then; all when absent. It must lie behind the
   * beginning of the last month.
   */
  knownAt?: number;
}

/** Share of events of each kind that is a periodic return, or hardly ever happens: so that all record types occur. */
const SMALL_SHARE = 0.002;

/** The kinds of a month with what each unit has of them, in the mix of the demo county. */
function mixOf(plan: MonthPlan): Draw<{ kind: KindName; unit: number }> {
  const isSmall = (kind: Kind) => kind.ledger === 'return' || kind.sparse === true;
  const drawn = kindNames.filter((kind) => !isSmall(kinds[kind]));
  const small = kindNames.filter((kind) => isSmall(kinds[kind]));
  const own = drawn.flatMap((kind) =>
    plan.cells[kind].map(({ variants }, unit) => [{ kind, unit }, variants.cumulative.at(-1)!] as const),
  );
  const each = (SMALL_SHARE * own.reduce((sum, [, weight]) => sum + weight, 0)) / Math.max(1, plan.units.length);
  return drawOf([...own, ...small.flatMap((kind) => plan.units.map((_, unit) => [{ kind, unit }, each] as const))]);
}

/**
 * Any number of sound events of all record types in the mix of the demo county, month after month, half of them as first
 * recorded and half as last known. Memory does not grow with `count`.
 */
export function* loadStream(options: LoadOptions): Generator<{ stream: Stream; key: string; value: string }> {
  const { county, seed, count, from, months, knownAt = Number.POSITIVE_INFINITY } = options;
  const last = addMonths(from, months - 1);
  if (localMonthStart(last, county.timeZone) >= knownAt) throw new Error(`nothing of ${last} is known yet`);
  const world = createWorld({ county, seed });
  const rng = new Rng(seedOf(`${seed}/${county.code}/load`));
  let made = 0;
  for (let m = 0; m < months; m += 1) {
    const plan = world.plan(addMonths(from, m));
    const mix = mixOf(plan);
    const until = Math.round((count * (m + 1)) / months);
    for (; made < until; made += 1) {
      const open = () => {
        const { kind, unit } = rng.pick(mix);
        return { kind, life: world.life(plan, kind, unit, made, `L${String(made + 1).padStart(8, '0')}`) };
      };
      let { kind, life } = open();
      while (life.recordedAt > knownAt) ({ kind, life } = open());
      const { recordedAt } = life;
      const changes = life.changes.filter((change) => change !== undefined && change <= knownAt) as number[];
      const version = rng.chance(0.5) ? recordedAt : Math.max(recordedAt, ...changes);
      const { regionCode, occurredAt } = life;
      const state = { version, regionCode, occurredAt, recordedAt };
      yield {
        stream: kinds[kind].stream,
        key: eventKey({ county: county.code, source: life.source, case_id: life.caseId }),
        value: message(life, state, { plan, county: county.code, body: life.body(version) }),
      };
    }
  }
}
