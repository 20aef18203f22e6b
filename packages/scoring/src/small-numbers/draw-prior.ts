import { type HyperPosterior, LOG_STEP, MEAN, parametersAt, variations } from './hyper.js';

/** Prior parameters of every draw. */
export interface DrawnPrior {
  a: Float64Array;
  b: Float64Array;
}

/** Steps of the table that says where a number's search begins. */
const GUIDES = 512;

/** Places inside a cell of the grid across the variation, a thousandth of it apart. */
const PLACES = 256;
const acrossCell = Float64Array.from({ length: PLACES }, (_, i) => Math.exp(((i + 0.5) / PLACES - 0.5) * LOG_STEP));

/** The level density inside the cells adds step² ÷ 12 to a variance of one (in units of `reach`); this takes it back. */
const SQUEEZE = 1 / Math.sqrt(1 + MEAN.step ** 2 / 12);

/**
 * Draws priors from a hyperposterior, each by two numbers of `spread`, even over (0, 1): the first picks the grid point and
 * the place inside its cell across the mean, the second that across the variation.
 */
export function drawPriors({ cumulative, centre, steps, family }: HyperPosterior, spread: Float64Array): DrawnPrior {
  const last = cumulative.length - 1;
  const guides = new Uint16Array(GUIDES);
  for (let g = 0, point = 0; g < GUIDES; g++) {
    while (point < last && cumulative[point]! < g / GUIDES) point++;
    guides[g] = point;
  }
  const draws = spread.length / 2;
  const drawn = { a: new Float64Array(draws), b: new Float64Array(draws) };
  for (let d = 0; d < draws; d++) {
    const pick = spread[2 * d]!;
    let point = guides[Math.floor(pick * GUIDES)]!;
    while (point < last && cumulative[point]! < pick) point++;
    const before = point === 0 ? 0 : cumulative[point - 1]!;
    const place = (pick - before) / (cumulative[point]! - before);
    const i = Math.floor(point / MEAN.nodes);
    const fromMiddle = point - i * MEAN.nodes - MEAN.nodes / 2 + place;
    const mean = centre + SQUEEZE * fromMiddle * steps[i]!;
    const { a, b } = parametersAt(family, mean, variations[i]! * acrossCell[Math.floor(spread[2 * d + 1]! * PLACES)]!);
    drawn.a[d] = a;
    drawn.b[d] = b;
  }
  return drawn;
}
