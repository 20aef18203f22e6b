import { expect, it } from 'vitest';
import { isFrozen, processTimes } from './engine-watch.js';

const silence = { silentMs: 60_000, failures: 5, frozenMs: 60_000 };
const times = (cpuSeconds: number, stopped = false) => ({ cpuSeconds, stopped });

it.each([
  ['stopped', { before: times(10), now: times(10.5, true) }, true],
  ['idle', { before: times(10), now: times(10.5) }, true],
  ['busy with a heavy query', { before: times(10), now: times(40) }, false],
  ['busy for five minutes', { silentMs: 300_000, before: times(10), now: times(200) }, true],
  ['not for long enough', { silentMs: 59_000, before: times(10), now: times(10, true) }, false],
  ['not asked often enough', { failures: 4, silentMs: 600_000, before: times(10), now: times(10, true) }, false],
  ['unknown', { before: undefined, now: undefined }, false],
])('an engine that is %s', (_, seen, frozen) => {
  expect(isFrozen({ ...silence, ...seen })).toBe(frozen);
});

it('reads the times of a process', () => {
  const before = processTimes(process.pid)!;
  expect(before.stopped).toBe(false);
  // Of the processor, of which a busy machine gives little in a given time.
  const begun = process.cpuUsage();
  while (process.cpuUsage(begun).user < 60_000) Math.sqrt(2);
  const used = processTimes(process.pid)!.cpuSeconds - before.cpuSeconds;
  expect(used).toBeGreaterThan(0.02);
  expect(used).toBeLessThan(10);
  expect(processTimes(2 ** 22 + 1)).toBeUndefined();
});
