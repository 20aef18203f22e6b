import { expect, it } from 'vitest';
import { restartDelay } from './service-group.js';

it('waits twice as long after each death in a row, half a minute at most', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 50].map(restartDelay)).toEqual([
    1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ]);
});
