import { type HyperPosterior, LOG_STEP, MEAN, parametersAt, variations } from './hyper.js';
import type { Parameters } from './observation.js';

/** Steps of the table that says where a number's search begins. */
const GUIDES = 512;

/**
 * Draws priors from a hyperposterior, each by three numbers spread evenly over (0, 1): the first picks the grid point, the
 * others the place inside its cell.
 */
export function priorDrawer({ cumulative, centre, steps, family }: HyperPosterior) {
  const guides = new Uint16Array(GUIDES);
  for (let g = 0, point = 0; g < GUIDES; g++) {
    while (point < cumulative.length - 1 && cumulative[point]! < g / GUIDES) point++;
    guides[g] = point;
  }
  return (pick: number, acrossVariation: number, acrossMean: number): Parameters => {
    let point = guides[Math.floor(pick * GUIDES)]!;
    while (point < cumulative.length - 1 && cumulative[point]! < pick) point++;
    const i = Math.floor(point / MEAN.nodes);
    const mean = centre + ((point % MEAN.nodes) - (MEAN.nodes - 1) / 2 + acrossMean - 0.5) * steps[i]!;
    return parametersAt(family, mean, variations[i]! * Math.exp((acrossVariation - 0.5) * LOG_STEP));
  };
}
