import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRanker } from './ranker.js';
import { rankDescending } from './ranks.js';

describe('createRanker', () => {
  const score = fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 12 }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.constantFrom(1e9, 70, 70 + 1e-13),
  );

  it('agrees with ranking by sorting, call after call', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90 }), fc.infiniteStream(score), (n, scores) => {
        const rank = createRanker(n);
        for (let call = 0; call < 3; call++) {
          const column = Array.from({ length: n }, () => scores.next().value);
          const expected = rankDescending(column, { digits: 12 }).map((value) => value ?? 0);
          expect([...rank(column)]).toEqual(expected);
        }
      }),
    );
  });

  it('keeps order where all but one lie in one bucket', () => {
    const column = [1e9, ...Array.from({ length: 60 }, (_, i) => (i * 37) % 61)];
    expect([...createRanker(61)(column)]).toEqual(rankDescending(column, { digits: 12 }));
  });
});
