import { monthRange } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { badRows } from './bad-rows.js';
import { type Emission, emitHistory } from './history.js';
import { kindNames } from './kinds.js';
import { createWorld, type MonthPlan, type World } from './world.js';

export interface DemoOptions {
  county: County;
  /** First and last month in which cases open, `YYYY-MM`. */
  from: string;
  to: string;
  seed: number;
}

function before(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const inOrder = (a: Emission, b: Emission) =>
  a.at - b.at || before(a.stream, b.stream) || before(a.key, b.key) || before(a.value, b.value);

function emissionsOf(world: World, plan: MonthPlan, seed: number): Emission[] {
  const out: Emission[] = [];
  const county = world.county.code;
  for (const kind of kindNames) {
    plan.cells[kind].forEach(({ count }, unit) => {
      for (let j = 0; j < count; j += 1) {
        const caseSeed = world.seed(plan, kind, unit, j);
        emitHistory(world.life(plan, kind, unit, j), { plan, county, caseSeed, out });
      }
    });
  }
  out.push(...badRows(world, plan, seed, out.length));
  return out;
}

/**
 * Everything the sources of a made-up county send about cases opened from `from` to `to`, in order of (at, stream, key,
 * value); later versions may come after `to`. Holds only the months whose cases are still changing.
 * A month's cases depend on the seed, the county and the month alone, so a longer range adds to a shorter one.
 */
export function* demoEmissions(options: DemoOptions): Generator<Emission> {
  const { county, from, to, seed } = options;
  const world = createWorld({ county, seed });
  let waiting: Emission[] = [];
  for (const month of monthRange(from, to)) {
    const plan = world.plan(month);
    waiting = waiting.concat(emissionsOf(world, plan, seed)).sort(inOrder);
    let due = 0;
    while (due < waiting.length && waiting[due]!.at < plan.end) due += 1;
    yield* waiting.slice(0, due);
    waiting = waiting.slice(due);
  }
  yield* waiting;
}

/** `demoEmissions` as a list. */
export function generateDemo(options: DemoOptions): Emission[] {
  return Array.from(demoEmissions(options));
}
