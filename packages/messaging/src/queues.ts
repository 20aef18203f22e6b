import { type ComponentsJob, type QueueName, queueNames, type ScoreJob, type StoreJob } from '@pingan/contracts';
import type { Logger, WorkReport } from '@pingan/runtime';
import { type Job, type Queue, QueueEvents, UnrecoverableError } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { reasonOf } from './kafka-moving.js';
import { capTimes } from './key-times.js';
import { payloadFault, ReadableQueue, ReadableWorker } from './readable-jobs.js';
import { createRedis, redisReady } from './redis.js';

const prefix = 'pingan';

/** How often, in the time a lock lasts, jobs are looked for whose lock has run out. */
const STALLED_CHECKS = 6;

/** After an error of Redis itself, e.g. no memory left, which BullMQ does not count as an attempt of the job. */
const RETRY_MS = 1_000;

/**
 * Jobs wait out an engine by failing and being tried again: the delay lives in Redis, so a worker that stops in the
 * meantime holds nothing up. Finished jobs leave at once; what they did is in ClickHouse. Jobs that can never succeed are kept
 * for a day with their reason.
 */
const jobDefaults = {
  attempts: 1_000_000,
  backoff: { type: 'fixed', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000, age: 86_400 },
};

interface Payloads {
  store: StoreJob;
  components: ComponentsJob;
  score: ScoreJob;
}

export function openQueue<N extends QueueName>(name: N, connection: Redis): Queue<Payloads[N]> {
  const queue = new ReadableQueue<Payloads[N]>(queueNames[name], {
    connection,
    prefix,
    defaultJobOptions: jobDefaults,
    streams: { events: { maxLen: 1_000 } },
  });
  // The connection's own listener reports outages; without this one BullMQ's copy of the error would end the process.
  queue.on('error', () => undefined);
  return queue as Queue<Payloads[N]>;
}

export interface HeardQueue<N extends QueueName> {
  queue: Queue<Payloads[N]>;
  events: QueueEvents;
  /** For commands: fails at once while Redis is away. */
  enqueue: Redis;
  /** Whether both connections stand. */
  isReady: () => boolean;
  close: () => Promise<void>;
}

/**
 * A queue and what becomes of its jobs, over connections of its own; resolves when Redis is there. BullMQ would begin where
 * the stream of events ends when its first reading arrives, and a job that was done before that would never be heard of.
 */
export async function openHeardQueue<N extends QueueName>(
  name: N,
  { redisUrl, log }: { redisUrl: string; log: Logger },
): Promise<HeardQueue<N>> {
  const enqueue = createRedis(redisUrl, 'enqueue', log);
  const work = createRedis(redisUrl, 'work', log);
  await Promise.all([enqueue, work].map(redisReady));
  const queue = openQueue(name, enqueue);
  const [newest] = await work.xrevrange(queue.toKey('events'), '+', '-', 'COUNT', 1);
  const events = new QueueEvents(queueNames[name], { connection: work, prefix, lastEventId: newest?.[0] ?? '0-0' });
  events.on('error', () => undefined);
  return {
    queue,
    events,
    enqueue,
    isReady: () => enqueue.status === 'ready' && work.status === 'ready',
    close: async () => {
      await Promise.all([queue.close(), events.close()]);
      for (const connection of [enqueue, work]) connection.disconnect();
    },
  };
}

export interface WorkerOptions<T> {
  connection: Redis;
  /** The worker's own queue, asked what waits in it. */
  queue: Pick<Queue, 'getJobCounts' | 'toKey'>;
  concurrency: number;
  /** A worker that is silent for this long is dead, and its job goes to another. */
  lockMs: number;
  payload: z.ZodType<T>;
  handle: (payload: T, job: Job<T>) => Promise<void>;
  log: Logger;
}

export interface QueueWorker {
  /** Jobs that this worker could do, and those it has done. */
  look: () => Promise<WorkReport>;
  /** Why the last try failed; undefined after a success. */
  failure: () => Error | undefined;
  /** Calls back whenever a job failed and was put back. */
  onRetry: (listener: () => void) => void;
  /** Waits for the jobs at hand. */
  close: () => Promise<void>;
}

/**
 * Keeps locks of jobs, and the mark of the last search for stalled ones, from outliving what workers set: after Redis' clock
 * was set back a dead worker's job would wait for as long as the clock jumped.
 */
function capLocks({
  connection,
  queue,
  lockMs,
  log,
}: Pick<WorkerOptions<unknown>, 'connection' | 'queue' | 'lockMs' | 'log'>) {
  const checkMs = lockMs / STALLED_CHECKS;
  const cap = async (): Promise<void> => {
    if (connection.status !== 'ready') return;
    const active = await connection.lrange(queue.toKey('active'), 0, -1);
    const locks = active.map((id) => queue.toKey(`${id}:lock`));
    const cut = await capTimes(connection, locks, lockMs);
    const checks = await capTimes(connection, [queue.toKey('stalled-check')], checkMs);
    if (cut + checks > 0) log.warn({ locks: cut }, 'Redis 时钟曾被调回，任务锁的期限已按实际时间缩短');
  };
  return setInterval(() => void cap().catch(() => undefined), checkMs);
}

/** A worker whose handler may run twice for a job and must be idempotent. Results are not kept. */
export function startWorker<T>(name: QueueName, options: WorkerOptions<T>): QueueWorker {
  const failing = new Set<string>();
  const counts = { active: 0, finished: 0 };
  const onRetry: (() => void)[] = [];
  let failure: Error | undefined;
  const worker = new ReadableWorker<T>(
    queueNames[name],
    async (job) => {
      counts.active += 1;
      try {
        const parsed = options.payload.safeParse(job.data);
        if (!parsed.success) throw new UnrecoverableError(payloadFault(name, job, parsed.error));
        await options.handle(parsed.data, job);
      } finally {
        counts.active -= 1;
      }
      counts.finished += 1;
      failure = undefined;
      if (failing.delete(job.id ?? '')) options.log.info({ job: job.id }, '任务重试成功');
    },
    {
      connection: options.connection,
      prefix,
      concurrency: options.concurrency,
      lockDuration: options.lockMs,
      stalledInterval: options.lockMs / STALLED_CHECKS,
      runRetryDelay: RETRY_MS,
      maxStalledCount: 1_000,
      // For a job that somebody else handed in, without settings of its own.
      removeOnFail: jobDefaults.removeOnFail,
    },
  );
  const capping = capLocks(options);
  worker.on('error', () => undefined);
  worker.on('failed', (job, error) => {
    const id = job?.id ?? '';
    if (error instanceof UnrecoverableError) {
      // It leaves the queue, so that it is neither work that stands still nor a reason to start this process again.
      counts.finished += 1;
      failing.delete(id);
      options.log.warn({ job: id, detail: error.message }, '任务无法完成，已搁置，不再重试');
      return;
    }
    failure = error;
    for (const listener of onRetry) listener();
    if (!failing.has(id)) options.log.warn({ job: id, detail: reasonOf(error) }, '任务失败，将重试');
    failing.add(id);
  });
  return {
    look: async () => {
      const { active, finished } = counts;
      const { waiting = 0, delayed = 0 } = await options.queue.getJobCounts('waiting', 'delayed');
      // A job that failed waits among the delayed ones, where others wait that are not due.
      const failed = failure !== undefined && delayed > 0;
      return { pending: active > 0 || waiting > 0 || failed, finished };
    },
    failure: () => failure,
    onRetry: (listener) => void onRetry.push(listener),
    close: async () => {
      clearInterval(capping);
      await worker.close();
    },
  };
}
