import { eventKey, streamOfSchema } from '@pingan/contracts';
import { DAY } from './clock.js';
import type { Emission } from './history.js';
import { message } from './history.js';
import { type KindName, kindNames } from './kinds.js';
import { Rng, seedOf } from './rng.js';
import type { MonthPlan, World } from './world.js';

const SHARE = 0.001;
/** Far beyond any real number of cases, so that no other case shares their seeds. */
const FIRST = 10_000_000;

const shift = (text: string, ms: number) => new Date(Date.parse(text) + ms).toISOString();

/** One way each of going wrong; the last two are well-formed JSON whose times cannot be. */
const spoilers: ReadonlyArray<(event: Record<string, unknown>, county: string) => string> = [
  (event) => JSON.stringify(event).slice(0, -20),
  (event) => JSON.stringify({ ...event, schema: 'police.incident/99' }),
  (event, county) => JSON.stringify({ ...event, region_code: `${county}-no-such-area`.slice(0, 32) }),
  (event) => JSON.stringify({ ...event, recorded_at: undefined }),
  (event) =>
    JSON.stringify({ ...event, precision: undefined, occurred_at: shift(event.recorded_at as string, 3 * DAY) }),
];

/** Extra messages that no reader may count: about one in a thousand, with case ids of their own (`…-B00001`). */
export function badRows(world: World, plan: MonthPlan, seed: number, goodRows: number): Emission[] {
  const county = world.county.code;
  if (plan.units.length === 0) return [];
  const rng = new Rng(seedOf(`${seed}/${county}/${plan.month}/bad`));
  return Array.from({ length: rng.poisson(goodRows * SHARE) }, (_, i) => {
    const kind: KindName = kindNames[rng.int(0, kindNames.length - 1)]!;
    const unit = rng.int(0, plan.units.length - 1);
    const life = world.life(plan, kind, unit, FIRST + i, `B${String(i + 1).padStart(5, '0')}`);
    const { regionCode, occurredAt, recordedAt } = life;
    const good = message(
      life,
      { version: recordedAt, regionCode, occurredAt, recordedAt },
      { plan, county, body: life.body(recordedAt) },
    );
    const spoil = spoilers[rng.int(0, spoilers.length - 1)]!;
    return {
      at: recordedAt + rng.int(1, 90) * 1000,
      stream: streamOfSchema[life.schema],
      key: eventKey({ county, source: life.source, case_id: life.caseId }),
      value: spoil(JSON.parse(good), county),
    };
  });
}
