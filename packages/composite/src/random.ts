import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { scoringError } from './errors.js';

/** A source of numbers evenly spread over [0, 1). */
export type Random = () => number;

/**
 * A source that gives the same numbers for the same seed on every machine.
 * @throws ScoringError BAD_OPTION when the seed is not a 32-bit integer
 */
export function seededRandom(seed: number): Random {
  if (!Number.isInteger(seed) || Math.abs(seed) > 0x7fffffff) {
    throw scoringError('BAD_OPTION', '随机种子', `${seed} 不是 32 位整数`, '请给一个整数种子，并与结果一起保存');
  }
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** One of `options`, each equally likely, from a number drawn over [0, 1). */
export function choose<T>(draw: number, options: readonly T[]): T {
  return options[Math.min(options.length - 1, Math.floor(draw * options.length))]!;
}
