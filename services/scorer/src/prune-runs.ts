import { setTimeout as sleep } from 'node:timers/promises';
import { hold, isHeld, type openQueue, release } from '@pingan/messaging';
import { houseTimeZone } from '@pingan/regions';
import { isDue, type Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';

type Redis = Parameters<typeof openQueue>[1];

/** After the nightly comparison of log and store, by the same clock. */
const AT = '03:30';

/** A hold lasts for 15 s. */
const RENEW_MS = 5_000;
const POLL_MS = 200;

/** Scoring a long back-catalogue may take longer: then tomorrow, or at the next look. */
const PATIENCE_MS = 120_000;

export interface PruneTask {
  store: Store;
  redis: Redis;
  queue: { getJobCounts: (...states: 'active'[]) => Promise<Record<string, number>> };
  /** Superseded runs stay for so many days. */
  days: number;
  checkMs: number;
  log: Logger;
}

/** Nobody scores while this is done: a run that is being pruned could become current again. */
async function whileNobodyScores({ redis, queue }: PruneTask, work: () => Promise<void>): Promise<boolean> {
  if (await isHeld(redis, 'computing')) return false;
  await hold(redis, 'computing');
  const renewing = setInterval(() => void hold(redis, 'computing').catch(() => undefined), RENEW_MS);
  try {
    // A job that begins from now on sees the hold and does nothing; the next sweep asks again.
    for (let waitedMs = 0; ((await queue.getJobCounts('active')).active ?? 0) > 0; waitedMs += POLL_MS) {
      if (waitedMs >= PATIENCE_MS) return false;
      await sleep(POLL_MS);
    }
    await work();
    return true;
  } finally {
    clearInterval(renewing);
    await release(redis, 'computing');
  }
}

async function prune(task: PruneTask): Promise<void> {
  const { store, days, log } = task;
  let pruned = 0;
  if ((await store.runs.prunable(days)).length > 0) {
    const done = await whileNobodyScores(task, async () => {
      const runs = await store.runs.prunable(days);
      await store.runs.delete(runs);
      pruned = runs.length;
    });
    if (!done) return;
    log.info({ runs: pruned }, '已清理过期的计分批次');
  }
  await store.runs.recordPrune(pruned);
}

/** Prunes superseded runs once a night; what fails is tried again. Returns how to end it. */
export function startPruning(task: PruneTask): { stop: () => void } {
  let running = false;
  const look = async (): Promise<void> => {
    if (running) return;
    running = true;
    try {
      const [lastMs, counties] = await Promise.all([task.store.runs.lastPrune(), task.store.counties.list()]);
      if (isDue(AT, { lastMs, nowMs: Date.now(), timeZone: houseTimeZone(counties) })) await prune(task);
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), task.checkMs);
  return { stop: () => clearInterval(timer) };
}
