const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

/** Below this Stirling's series is too short. */
const LARGE = 8;

/** ln Γ(x) for x > 0, to about 1e-12: Stirling's series after shifting x above 8 (Abramowitz and Stegun 6.1.15, 6.1.41). */
export function logGamma(x: number): number {
  if (x >= LARGE) return stirling(x);
  let shift = 1;
  let z = x;
  while (z < LARGE) {
    shift *= z;
    z += 1;
  }
  return stirling(z) - Math.log(shift);
}

function stirling(z: number): number {
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TAU + series;
}
