import { describe, expect, it } from 'vitest';
import { ComponentRefresher, type RefresherOptions } from './component-refresher.js';

const county = { code: 'LDN', timeZone: 'Asia/Shanghai' } as Parameters<ComponentRefresher['refresh']>[0];

/** A refresher on a clock that only sleeping and computing move. */
function refresher(options: Partial<RefresherOptions> & { tookMs?: number; behind?: number } = {}) {
  const clock = { ms: 0 };
  const slept: number[] = [];
  const watermarks: object[] = [];
  const state = { behind: options.behind ?? 0, tookMs: options.tookMs ?? 0 };
  const subject = new ComponentRefresher({
    now: () => clock.ms,
    sleep: async (ms) => {
      slept.push(ms);
      clock.ms += ms;
    },
    openWindows: async () => 0,
    stored: async () => ({ watermark: { 'pingan.police': ['7'] }, behind: state.behind }),
    refresh: async ({ watermark }) => {
      watermarks.push(watermark);
      clock.ms += state.tookMs;
      return ['2026-10'];
    },
    ...options,
  });
  return { subject, clock, slept, watermarks, state };
}

describe('how long new rows wait', () => {
  it.each([
    [0, 250],
    [400, 250],
    [2_000, 1_000],
    [60_000, 5_000],
  ])('after a refresh of %i ms: %i ms', async (tookMs, delayMs) => {
    const { subject } = refresher({ tookMs });
    expect(subject.delayOf('LDN')).toBe(250);
    expect(await subject.refresh(county)).toEqual({ months: ['2026-10'], tookMs });
    expect(subject.delayOf('LDN')).toBe(delayMs);
    expect(subject.delayOf('XUN')).toBe(250);
  });
});

describe('while intake is behind', () => {
  it('refreshes at most every half minute, the first time half a minute after the start', async () => {
    const { subject, clock } = refresher({ behind: 50_001 });
    expect(await subject.refresh(county)).toBeUndefined();
    clock.ms = 30_000;
    expect(await subject.refresh(county)).toBeDefined();
    clock.ms = 59_999;
    expect(await subject.refresh(county)).toBeUndefined();
    clock.ms = 60_000;
    expect(await subject.refresh(county)).toBeDefined();
  });

  it('spends about three hundredths of the time on a slow county', async () => {
    const { subject, clock } = refresher({ behind: 50_001, tookMs: 6_000 });
    clock.ms = 30_000;
    expect(await subject.refresh(county)).toBeDefined();
    clock.ms = 36_000 + 199_999;
    expect(await subject.refresh(county)).toBeUndefined();
    clock.ms = 36_000 + 200_000;
    expect(await subject.refresh(county)).toBeDefined();
  });

  it('does not wait for a backlog of a second', async () => {
    const { subject } = refresher({ behind: 50_000 });
    expect(await subject.refresh(county)).toBeDefined();
  });
});

describe('windows that are being stored', () => {
  it('are in the refresh, with one more look after the last one', async () => {
    const open = [2, 1, 0, 0];
    const { subject, slept } = refresher({ openWindows: async () => open.shift()! });
    await subject.refresh(county);
    expect(slept).toEqual([50, 50, 50]);
    expect(open).toEqual([]);
  });

  it('are waited for no longer than a second', async () => {
    const { subject, clock } = refresher({ openWindows: async () => 3 });
    expect(await subject.refresh(county)).toBeDefined();
    expect(clock.ms).toBe(1_000);
  });

  it('count: the watermark is read after them', async () => {
    const offsets = ['1', '2'];
    const { subject, watermarks } = refresher({
      stored: async () => ({ watermark: { 'pingan.police': [offsets.shift()!] }, behind: 0 }),
    });
    await subject.refresh(county);
    expect(watermarks).toEqual([{ 'pingan.police': ['2'] }]);
  });
});

it('computes nothing while the offsets of the log say nothing', async () => {
  const { subject, watermarks } = refresher({ stored: async () => undefined });
  expect(await subject.refresh(county)).toBeUndefined();
  expect(watermarks).toEqual([]);
});

it('has no progress in a refresh that fails at the same statement again', async () => {
  const reached: number[] = [];
  const statements = [2, 2, 3];
  const { subject } = refresher({
    refresh: async (_, onAnswer) => {
      const done = statements.shift();
      for (let answer = 0; answer < (done ?? 4); answer += 1) onAnswer();
      reached.push(subject.progress);
      if (done !== undefined) throw new Error('no memory');
      return [];
    },
  });
  for (let attempt = 0; attempt < 3; attempt += 1) await expect(subject.refresh(county)).rejects.toThrow('no memory');
  await subject.refresh(county);
  expect(reached).toEqual([2, 2, 3, 4]);
  expect(subject.progress).toBe(0);
});
