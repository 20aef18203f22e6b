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

/**
 * Draws priors from a hyperposterior, each by three numbers of `spread`, even over (0, 1): the first picks the grid point,
 * the others the place inside its cell, across the variation and across the mean.
 */
export function drawPriors({ cumulative, centre, steps, family }: HyperPosterior, spread: Float64Array): DrawnPrior {
  const last = cumulative.length - 1;
  const guides = new Uint16Array(GUIDES);
  for (let g = 0, point = 0; g < GUIDES; g++) {
    while (point < last && cumulative[point]! < g / GUIDES) point++;
    guides[g] = point;
  }
  const draws = spread.length / 3;
  const drawn = { a: new Float64Array(draws), b: new Float64Array(draws) };
  for (let d = 0, at = 0; d < draws; d++, at += 3) {
    const pick = spread[at]!;
    let point = guides[Math.floor(pick * GUIDES)]!;
    while (point < last && cumulative[point]! < pick) point++;
    const i = Math.floor(point / MEAN.nodes);
    const mean = centre + (point - i * MEAN.nodes - (MEAN.nodes - 1) / 2 + spread[at + 2]! - 0.5) * steps[i]!;
    const { a, b } = parametersAt(family, mean, variations[i]! * acrossCell[Math.floor(spread[at + 1]! * PLACES)]!);
    drawn.a[d] = a;
    drawn.b[d] = b;
  }
  return drawn;
}
