import { expect, it } from 'vitest';
import { isShort } from './disk-space.js';

const GB = 1024 ** 3;

it.each([
  [25 * GB, 252 * GB, true],
  [26 * GB, 252 * GB, false],
  [1.9 * GB, 8 * GB, true],
  [2.1 * GB, 8 * GB, false],
  [0, 0, true],
])('%d of %d bytes left: %s', (freeBytes, sizeBytes, short) => {
  expect(isShort({ freeBytes, sizeBytes })).toBe(short);
});
