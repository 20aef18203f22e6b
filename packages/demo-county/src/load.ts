import { addMonths, eventKey, type Stream } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { message } from './history.js';
import { type KindName, kindNames, kinds } from './kinds.js';
import { drawOf, Rng, seedOf } from './rng.js';
import { createWorld } from './world.js';

export interface LoadOptions {
  county: County;
  seed: number;
  /** Number of events, each of a case of its own. */
  count: number;
  /** First month, `YYYY-MM`, and how many months the events spread over. */
  from: string;
  months: number;
}

/**
 * Any number of sound events of all seven record types in the mix of the demo county, month after month, half of them as
 * first recorded and half as last known. Memory does not grow with `count`.
 */
export function* loadStream(options: LoadOptions): Generator<{ stream: Stream; key: string; value: string }> {
  const { county, seed, count, from, months } = options;
  const world = createWorld({ county, seed });
  const rng = new Rng(seedOf(`${seed}/${county.code}/load`));
  let made = 0;
  for (let m = 0; m < months; m += 1) {
    const plan = world.plan(addMonths(from, m));
    const mix = drawOf<{ kind: KindName; unit: number }>(
      kindNames.flatMap((kind) =>
        plan.cells[kind].map((cell, unit) => [{ kind, unit }, cell.variants.cumulative.at(-1)!] as const),
      ),
    );
    const until = Math.round((count * (m + 1)) / months);
    for (; made < until; made += 1) {
      const { kind, unit } = rng.pick(mix);
      const life = world.life(plan, kind, unit, made, `L${String(made + 1).padStart(8, '0')}`);
      const changes = life.changes.filter((change) => change !== undefined);
      const version = rng.chance(0.5) ? life.recordedAt : Math.max(life.recordedAt, ...changes);
      const { regionCode, occurredAt, recordedAt } = life;
      const state = { version, regionCode, occurredAt, recordedAt };
      yield {
        stream: kinds[kind].stream,
        key: eventKey({ county: county.code, source: life.source, case_id: life.caseId }),
        value: message(life, state, { plan, county: county.code, body: life.body(version) }),
      };
    }
  }
}
