import { countBelow, RANK_DIGITS, roundForTies } from './ranks.js';

/** A bucket with more keys than this is sorted by the engine. */
const SMALL_BUCKET = 16;

/**
 * Ranks n scores over and over, in the same memory: a result holds until the next call. Descending, ties (at
 * `RANK_DIGITS`) share the smallest rank; 0 stands for "not ranked". Keys go to as many equal buckets as there are scores
 * and are sorted inside them, which is linear unless most of the scores lie in a few buckets.
 */
export function createRanker(n: number): (scores: ArrayLike<number | null>) => Uint32Array {
  const at = new Uint32Array(n);
  const values = new Float64Array(n);
  const keys = new Float64Array(n);
  const bucketOf = new Uint32Array(n);
  const starts = new Uint32Array(n + 2);
  const sorted = new Float64Array(n);
  const ranks = new Uint32Array(n);

  /** Keys in ascending order of buckets; a bucket b lies from `starts[b]` to `starts[b + 1]`. */
  function distribute(count: number): void {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < count; j++) {
      least = Math.min(least, keys[j]!);
      most = Math.max(most, keys[j]!);
    }
    const scale = most > least ? (count - 1) / (most - least) : 0;
    starts.fill(0);
    for (let j = 0; j < count; j++) {
      const bucket = Math.floor((keys[j]! - least) * scale);
      bucketOf[j] = bucket;
      starts[bucket + 2]!++;
    }
    for (let b = 2; b < count + 2; b++) starts[b]! += starts[b - 1]!;
    // Filling moves each bucket's start on to its end, which is the start of the next.
    for (let j = 0; j < count; j++) sorted[starts[bucketOf[j]! + 1]!++] = keys[j]!;
  }

  function sortBucket(from: number, to: number): void {
    if (to - from > SMALL_BUCKET) {
      sorted.subarray(from, to).sort();
      return;
    }
    for (let i = from + 1; i < to; i++) {
      const key = sorted[i]!;
      let place = i;
      for (; place > from && sorted[place - 1]! > key; place--) sorted[place] = sorted[place - 1]!;
      sorted[place] = key;
    }
  }

  return (scores) => {
    let count = 0;
    for (let u = 0; u < n; u++) {
      const score = scores[u];
      if (score === null || score === undefined || Number.isNaN(score)) continue;
      at[count] = u;
      values[count++] = -score;
    }
    roundForTies(values.subarray(0, count), RANK_DIGITS, keys);
    ranks.fill(0);
    if (count === 0) return ranks;
    distribute(count);
    for (let b = 0; b < count; b++) sortBucket(starts[b]!, starts[b + 1]!);
    for (let j = 0; j < count; j++) {
      const key = keys[j]!;
      const from = starts[bucketOf[j]!]!;
      const to = starts[bucketOf[j]! + 1]!;
      let smaller = from;
      if (to - from > SMALL_BUCKET) smaller += countBelow(sorted.subarray(from, to), key);
      else while (sorted[smaller]! < key) smaller++;
      ranks[at[j]!] = smaller + 1;
    }
    return ranks;
  };
}
