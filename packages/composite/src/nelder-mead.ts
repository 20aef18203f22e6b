export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly converged: boolean;
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/**
 * Nelder-Mead simplex search (reflection 1, expansion 2, contraction 1/2, shrink 1/2): no derivatives, no randomness.
 * Converged when the values of the simplex lie within `tolerance` of each other.
 */
export function nelderMead(
  objective: (point: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-10, maxIterations = 2000 } = {},
): Minimum {
  const at = (point: readonly number[]): Vertex => ({ point, value: objective(point) });
  const simplex = [at(start), ...start.map((_, k) => at(start.map((x, i) => (i === k ? x + step : x))))];
  const n = start.length;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst] = [simplex[0]!, simplex[n]!];
    if (worst.value - best.value <= tolerance) return { ...best, converged: true };
    const centre = start.map((_, i) => simplex.slice(0, n).reduce((sum, { point }) => sum + point[i]!, 0) / n);
    const along = (factor: number): Vertex => at(centre.map((c, i) => c + factor * (worst.point[i]! - c)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < simplex[n - 1]!.value) {
      simplex[n] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[n] = contracted;
      else shrink(simplex, best, at);
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return { ...simplex[0]!, converged: false };
}

function shrink(simplex: Vertex[], best: Vertex, at: (point: readonly number[]) => Vertex): void {
  for (let k = 1; k < simplex.length; k++) {
    simplex[k] = at(simplex[k]!.point.map((x, i) => (x + best.point[i]!) / 2));
  }
}
