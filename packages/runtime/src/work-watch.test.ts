import { describe, expect, it } from 'vitest';
import { firstSilent, within } from './within.js';
import { RunClock, TICK_MS, type WorkReport, WorkWatch } from './work-watch.js';

const STUCK_MS = 9_000;
const ANSWER_MS = 1_000;

/** Looks once a second at what `report` says; gives the state after each look. */
async function follow(
  seconds: number,
  report: (second: number) => WorkReport | Promise<WorkReport>,
  waitingFor: (second: number) => string | undefined = () => undefined,
): Promise<string[]> {
  let second = 0;
  const work = { name: 'x', look: () => report(second), waitingFor: async () => waitingFor(second) };
  const watch = new WorkWatch(work, { stuckMs: STUCK_MS, answerMs: ANSWER_MS });
  const states: string[] = [];
  for (; second <= seconds; second += 1) states.push((await watch.look(second * 1_000)).state);
  return states;
}

describe('WorkWatch', () => {
  it('is content with work that moves, however much is pending, and with none at all', async () => {
    const busy = await follow(40, (s) => ({ pending: true, finished: Math.floor(s / 8) }));
    expect(new Set(busy)).toEqual(new Set(['moving', 'slow']));
    expect(new Set(await follow(40, () => ({ pending: false, finished: 7 })))).toEqual(new Set(['moving']));
  });

  it('calls pending work stuck exactly when nothing was finished for the limit', async () => {
    const states = await follow(12, (s) => ({ pending: true, finished: Math.min(s, 3) }));
    expect(states.indexOf('stuck')).toBe(3 + 9);
  });

  it('is content with a long piece that gets further, until it does not', async () => {
    const states = await follow(40, (s) => ({ pending: true, finished: 0, progress: Math.min(s, 20) }));
    expect(states.indexOf('stuck')).toBe(20 + 9);
  });

  it('waits for an engine as long as it takes, and gives it the whole limit afterwards', async () => {
    const states = await follow(
      80,
      () => ({ pending: true, finished: 0 }),
      (s) => (s < 70 ? 'Redis' : undefined),
    );
    expect(states.slice(5, 70)).toEqual(Array(65).fill('waiting'));
    expect(states.indexOf('stuck')).toBe(69 + 9);
  });

  it('asks who is away when it cannot learn what there is to do', async () => {
    const unknown = () => Promise.reject(new Error('no answer'));
    expect((await follow(20, unknown, () => 'Kafka')).at(-1)).toBe('waiting');
    expect(await follow(20, unknown)).toContain('stuck');
  });

  it('takes an engine check that never ends for an engine that is away', async () => {
    const work = {
      name: 'x',
      look: () => ({ pending: true, finished: 0 }),
      waitingFor: () => new Promise<never>(() => undefined),
    };
    const watch = new WorkWatch(work, { stuckMs: 30, answerMs: 10 });
    const states: string[] = [];
    for (let i = 0; i < 8; i += 1) states.push((await watch.look(i * 10)).state);
    expect(states.at(-1)).toBe('waiting');
    expect(states).not.toContain('stuck');
  });
});

describe('RunClock', () => {
  it('counts the time in which the process ran, not that in which it was frozen', () => {
    const clock = new RunClock();
    for (let now = 0; now <= 10_000; now += TICK_MS) clock.tick(now);
    expect(clock.ranMs).toBe(10_000);
    clock.tick(3_600_000);
    expect(clock.ranMs).toBe(10_000 + 4 * TICK_MS);
  });
});

describe('within, firstSilent', () => {
  it('names the one that does not answer', async () => {
    expect(await firstSilent({ a: async () => 1, b: () => Promise.reject(new Error('no')) })).toBe('b');
    expect(await firstSilent({ a: async () => 1 })).toBeUndefined();
    await expect(within(5, () => new Promise(() => undefined))).rejects.toThrow('5 毫秒');
  });
});
