import type { Position } from './types.js';

/** Turns that leave no two points beside each other, whatever their number: the golden angle in radians. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** Degrees from the middle to the outermost place: about the size of a county. */
const REACH = 0.22;

/**
 * Positions for places whose true ones are not known: spread evenly around a middle like the seeds of a sunflower, the
 * first innermost. Made up and marked so; they say nothing about where a place lies.
 */
export function madeUpPositions(middle: { lat: number; lon: number }, count: number): Position[] {
  const rounded = (degrees: number) => Math.round(degrees * 1000) / 1000;
  return Array.from({ length: count }, (_, at) => {
    const reach = REACH * Math.sqrt((at + 0.5) / count);
    const lat = rounded(middle.lat + reach * Math.sin(at * GOLDEN_ANGLE));
    const lon = rounded(middle.lon + (reach * Math.cos(at * GOLDEN_ANGLE)) / Math.cos((middle.lat * Math.PI) / 180));
    return { lat, lon, synthetic: true };
  });
}
