import { type ComponentsJob, type QueueName, queueNames, type ScoreJob, type StoreJob } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import { type Job, Queue, QueueEvents, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';

const prefix = 'pingan';

/** How often, in the time a lock lasts, jobs are looked for whose lock has run out. */
const STALLED_CHECKS = 6;

/** After an error of Redis itself, e.g. no memory left, which BullMQ does not count as an attempt of the job. */
const RETRY_MS = 1_000;

/**
 * Jobs wait out an engine by failing and being tried again: the delay lives in Redis, so a worker that stops in the
 * meantime holds nothing up. Finished jobs leave at once; what they did is in ClickHouse.
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
  const queue = new Queue<Payloads[N]>(queueNames[name], {
    connection,
    prefix,
    defaultJobOptions: jobDefaults,
    streams: { events: { maxLen: 1_000 } },
  });
  // The connection's own listener reports outages; without this one BullMQ's copy of the error would end the process.
  queue.on('error', () => undefined);
  return queue as Queue<Payloads[N]>;
}

export function openQueueEvents(name: QueueName, connection: Redis): QueueEvents {
  const events = new QueueEvents(queueNames[name], { connection, prefix });
  events.on('error', () => undefined);
  return events;
}

export interface WorkerOptions<T> {
  connection: Redis;
  concurrency: number;
  /** A worker that is silent for this long is dead, and its job goes to another. */
  lockMs: number;
  payload: z.ZodType<T>;
  handle: (payload: T, job: Job<T>) => Promise<void>;
  log: Logger;
}

/** A worker whose handler may run twice for a job and must be idempotent. Results are not kept. */
export function startWorker<T>(name: QueueName, options: WorkerOptions<T>): Worker<T> {
  const failing = new Set<string>();
  const worker = new Worker<T>(
    queueNames[name],
    async (job) => {
      const parsed = options.payload.safeParse(job.data);
      if (!parsed.success) throw new Error(`payload of ${name} job ${job.id} is not valid`);
      await options.handle(parsed.data, job);
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
    },
  );
  worker.on('error', () => undefined);
  worker.on('failed', (job, error) => {
    const id = job?.id ?? '';
    if (!failing.has(id)) options.log.warn({ job: id, detail: error.message }, '任务失败,将重试');
    failing.add(id);
  });
  return worker;
}
