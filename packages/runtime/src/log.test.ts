import { afterEach, expect, it, vi } from 'vitest';
import { localIso } from './log.js';

afterEach(() => void vi.unstubAllEnvs());

it.each([
  ['Asia/Shanghai', '2026-12-01T00:30:05.120+08:00'],
  ['UTC', '2026-11-30T16:30:05.120+00:00'],
  ['America/St_Johns', '2026-11-30T13:00:05.120-03:30'],
])('writes the time of %s with its offset, and the same moment', (zone, text) => {
  vi.stubEnv('TZ', zone);
  const at = new Date('2026-11-30T16:30:05.120Z');
  expect(localIso(at)).toBe(text);
  expect(Date.parse(text)).toBe(at.getTime());
});
