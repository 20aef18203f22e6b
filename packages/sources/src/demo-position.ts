import type { Stream } from '@pingan/contracts';
import { addMonths } from '@pingan/contracts';
import { demoEmissions, type Emission } from '@pingan/demo-county';
import { type County, localMonthStart, monthOfInstant } from '@pingan/regions';
import { z } from 'zod';

/**
 * How far a county's made-up stream has been sent: the time of the last emission and how many of that very time. A count
 * from the beginning would not survive a change of the generator; a time does, and the total order settles ties.
 */
export const demoPosition = z.object({ seed: z.int(), from: z.string(), at: z.number(), same: z.int() });
export type DemoPosition = z.infer<typeof demoPosition>;

export function advance(position: DemoPosition, emission: Emission): DemoPosition {
  const same = emission.at === position.at ? position.same + 1 : 1;
  return { ...position, at: emission.at, same };
}

export interface DemoRange {
  county: County;
  stream: Stream;
  position: DemoPosition;
  now: number;
}

/**
 * Emissions of one stream behind a position, in order, for the range of months known now. `end` is the start of the next
 * month: from there on a longer range has more to say, so nothing at or after it may be taken from this one.
 */
export function remaining({ county, stream, position, now }: DemoRange): {
  end: number;
  emissions: Iterator<Emission>;
} {
  const month = monthOfInstant(now, county.timeZone);
  const end = localMonthStart(addMonths(month, 1), county.timeZone);
  function* behind(): Generator<Emission> {
    let same = 0;
    const { from, seed } = position;
    for (const emission of demoEmissions({ county, from, to: month, seed })) {
      if (emission.at >= end) return;
      if (emission.stream !== stream || emission.at < position.at) continue;
      if (emission.at === position.at && same < position.same) same++;
      else yield emission;
    }
  }
  return { end, emissions: behind() };
}
