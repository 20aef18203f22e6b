/** Scores closer than this tie: both at the end of the scale, but for the last digit. */
const TIE = 1e-9;

/** What the draws say about the order of n units. */
export interface Comparison {
  /** n × n: how often the first is ranked k-th from the best, k from 0; ties share the better place. */
  places: Uint32Array;
  /** The same from the worst. */
  fromWorst: Uint32Array;
  /** n × n: draws in which the first scores above the second, ties half. */
  above: Float64Array;
}

/** `scores`: units × draws, a unit's draws in one stretch. */
export function compareDraws(scores: Float64Array, units: number, draws: number): Comparison {
  const places = new Uint32Array(units * units);
  const fromWorst = new Uint32Array(units * units);
  const above = new Float64Array(units * units);
  const current = new Float64Array(units);
  const higher = new Uint32Array(units);
  const lower = new Uint32Array(units);
  for (let d = 0; d < draws; d++) {
    for (let u = 0; u < units; u++) current[u] = scores[u * draws + d]!;
    higher.fill(0);
    lower.fill(0);
    for (let a = 0; a < units; a++) {
      for (let b = a + 1; b < units; b++) {
        const gap = current[a]! - current[b]!;
        if (gap > TIE) {
          above[a * units + b]! += 1;
          lower[a]! += 1;
          higher[b]! += 1;
        } else if (gap < -TIE) {
          above[b * units + a]! += 1;
          lower[b]! += 1;
          higher[a]! += 1;
        } else {
          above[a * units + b]! += 0.5;
          above[b * units + a]! += 0.5;
        }
      }
    }
    for (let u = 0; u < units; u++) {
      places[u * units + higher[u]!]! += 1;
      fromWorst[u * units + lower[u]!]! += 1;
    }
  }
  return { places, fromWorst, above };
}

/** First place (from 0) at which the share of draws up to it reaches `share`. */
export function placeAt(counts: Uint32Array, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  for (let place = 0; place < counts.length; place++) {
    sum += counts[place]!;
    if (sum >= share * total) return place;
  }
  return counts.length - 1;
}

/**
 * Maximal runs of the ranking in which no two units can be told apart, as [first, last] positions. Runs overlap where the
 * middle cannot be told from either end; a unit that differs from both neighbours is a run of its own.
 */
export function maximalRuns(count: number, toldApart: (a: number, b: number) => boolean): Array<[number, number]> {
  const runs: Array<[number, number]> = [];
  let reached = -1;
  for (let first = 0; first < count; first++) {
    let last = first;
    const fits = (next: number): boolean => {
      for (let position = first; position < next; position++) if (toldApart(position, next)) return false;
      return true;
    };
    while (last + 1 < count && fits(last + 1)) last++;
    if (last > reached) runs.push([first, last]);
    reached = Math.max(reached, last);
  }
  return runs;
}
