import type { Options } from './options.js';
import { bands, TIE_DECIMALS } from './rules.js';

/** From the worst to the best. */
const ladder = [...bands].reverse();

const rounded = (score: number) => Number(score.toFixed(TIE_DECIMALS));

/** How many bands from the bottom a score reaches. */
const reached = (score: number): number => ladder.filter(([, min]) => rounded(score) >= min).length - 1;

export interface ShownBand {
  band: string | null;
  /** Months running in it. */
  months: number;
}

/** Colours of one unit's scores from its first month on, month after month. */
export function bandsOver(
  scores: ReadonlyArray<number | null>,
  { points, months }: Options['hysteresis'],
): ShownBand[] {
  const shown: ShownBand[] = [];
  /** Scores since the last gap. */
  let run: number[] = [];
  let step = -1;
  let held = 0;
  for (const score of scores) {
    if (score === null) {
      run = [];
      held = 0;
      shown.push({ band: null, months: 0 });
      continue;
    }
    const first = run.length === 0;
    run.push(score);
    const before = step;
    const recent = run.slice(-months);
    const long = run.length >= months;
    if (first || points === 0) step = reached(score);
    else {
      for (let to = ladder.length - 1; to > before; to--) {
        if (reached(score - points) >= to || (long && recent.every((one) => reached(one) >= to))) {
          step = to;
          break;
        }
      }
      for (let to = 0; to < before; to++) {
        if (reached(Math.min(100, score + points)) <= to || (long && recent.every((one) => reached(one) <= to))) {
          step = to;
          break;
        }
      }
    }
    held = !first && step === before ? held + 1 : 1;
    shown.push({ band: ladder[step]![0], months: held });
  }
  return shown;
}
