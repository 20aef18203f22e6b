import { setTimeout as sleep } from 'node:timers/promises';
import { ingestorGroup, type ScoreJob, unavailable } from '@pingan/contracts';
import { addCoalesced, createRedis, openHeardQueue, openQueue, type PartitionLag, redisReady } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { type ComponentState, generationOf, type RunHead, type Watermark } from '@pingan/store';
import { requireServices, withAdmin } from './brokers.js';
import type { Installation } from './installation.js';
import { requireFittingLog, watermarkNow } from './log/fit.js';

/** Topic → partition → next offset. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

const POLL_MS = 250;

/** No progress for this long means that somebody is gone: a busy machine may need minutes for what takes a second. */
const STUCK_MS = 300_000;

function behind(lags: readonly PartitionLag[], target: Offsets): bigint {
  let left = 0n;
  for (const { topic, partition, committed } of lags) {
    const wanted = target.get(topic)?.get(partition) ?? 0n;
    if (wanted > committed) left += wanted - committed;
  }
  return left;
}

/** Waits until everything below the given offsets is in ClickHouse. Returns the watermark seen then. */
export async function waitUntilStored(
  installation: Installation,
  target: Offsets,
  onProgress: (left: bigint) => void,
): Promise<Watermark> {
  return withAdmin(installation, async (admin) => {
    let last = -1n;
    let movedAt = Date.now();
    for (;;) {
      const lags = await admin.lags(ingestorGroup);
      const left = behind(lags, target);
      if (left === 0n) return watermarkNow(installation, admin);
      if (left !== last) {
        last = left;
        movedAt = Date.now();
        onProgress(left);
      }
      if (Date.now() - movedAt > STUCK_MS) {
        await requireFittingLog(installation);
        await requireServices(installation, ['ingestor', 'aggregator']);
        throw unavailable(`还有 ${left} 条没有入库，且五分钟没有进展。请用 pingan status 查看各服务。`);
      }
      await sleep(POLL_MS);
    }
  });
}

/** The offsets that end the log now, or those of one topic. */
export async function logEnd(installation: Installation, only?: string): Promise<Offsets> {
  const all = await withAdmin(installation, (admin) => admin.lags(ingestorGroup));
  const lags = all.filter(({ topic }) => only === undefined || topic === only);
  const ends = new Map<string, Map<number, bigint>>();
  for (const { topic, partition, end } of lags) {
    if (!ends.has(topic)) ends.set(topic, new Map());
    ends.get(topic)?.set(partition, end);
  }
  return ends;
}

async function currentWatermark(installation: Installation): Promise<Watermark> {
  return withAdmin(installation, (admin) => watermarkNow(installation, admin));
}

/** Asks for the components of a county again and again until they are as wanted. */
export async function askForComponents(
  installation: Installation,
  county: string,
  isDone: (state: ComponentState | undefined) => boolean,
): Promise<void> {
  const redis = createRedis(installation.endpoints.redisUrl, 'enqueue', installation.log);
  await redisReady(redis);
  const queue = openQueue('components', redis);
  try {
    for (let waited = 0; ; waited += POLL_MS) {
      if (isDone(await installation.store.components.state(county))) return;
      if (waited > STUCK_MS) throw unavailable('月度分量五分钟没有算完。请用 pingan status 查看 aggregator。');
      if (waited % 5_000 === 0) await addCoalesced(queue, county, { county }, 0);
      await sleep(POLL_MS);
    }
  } finally {
    await queue.close();
    redis.disconnect();
  }
}

/** Waits until the county's components include everything that is stored now. */
async function refreshComponents(installation: Installation, county: County): Promise<void> {
  const wanted = generationOf(await currentWatermark(installation));
  await askForComponents(
    installation,
    county.code,
    (state) => state !== undefined && generationOf(state.watermark) >= wanted,
  );
}

/** A county with ten years of months and intervals takes minutes on a small machine. */
const SCORE_MS = 600_000;

/** How late the end of a job may be heard of. */
const HEARD_MS = 5_000;

/** Has months scored, all complete ones that changed where none are named, and waits until it is done. */
async function runScoreJob(installation: Installation, payload: ScoreJob, deadlineMs: number): Promise<void> {
  const { queue, events, close } = await openHeardQueue('score', { ...installation.endpoints, log: installation.log });
  const done = new Set<string>();
  events.on('completed', ({ jobId }) => done.add(jobId));
  try {
    const job = await queue.add('run', payload);
    await job.waitUntilFinished(events, deadlineMs).catch(async (error: unknown) => {
      // A finished job leaves the queue at once: it may be gone before it is asked for, and its end is heard of a little later.
      for (let waited = 0; waited < HEARD_MS; waited += POLL_MS) {
        if (done.has(job.id!)) return;
        await sleep(POLL_MS);
      }
      throw error;
    });
  } catch (error) {
    throw unavailable(`计分没有完成：${(error as Error).message}。请用 pingan status 查看 scorer。`);
  } finally {
    await close();
  }
}

/** Brings the county's scores up to its components: every complete month, and the given ones. */
export async function scoreCountyNow(
  installation: Installation,
  county: string,
  months: readonly string[],
): Promise<void> {
  await runScoreJob(installation, { county }, SCORE_MS);
  if (months.length > 0) await runScoreJob(installation, { county, months: [...months] }, SCORE_MS);
}

/** Has one month scored on everything stored now and returns its current run. */
export async function scoreMonthNow(installation: Installation, county: County, month: string): Promise<RunHead> {
  await requireServices(installation, ['aggregator', 'scorer']);
  await refreshComponents(installation, county);
  await runScoreJob(installation, { county: county.code, months: [month] }, STUCK_MS);
  const run = await installation.store.runs.current(county.code, month);
  if (!run) throw unavailable(`${county.name} ${month} 没有可用的计分结果：还没有任何数据入库。`);
  return run;
}
