import { setTimeout as sleep } from 'node:timers/promises';
import type { Pipeline } from '@pingan/launcher';
import { onNewRedis, openQueue } from '@pingan/messaging';
import { coreServices } from '@pingan/operations';
import type { openKafka } from '../harness/kafka.js';
import type { Load } from './load.js';

export const targetNames = ['ingestor', 'aggregator', 'scorer', 'kafka', 'redis', 'clickhouse', 'loader'] as const;
export type TargetName = (typeof targetNames)[number];

/** Watched by the launcher, which kills one that hangs. */
export const isService = (target: TargetName): boolean => coreServices.includes(target);

/** What the pipeline is doing; undefined where an engine that is away keeps the answer to itself. */
export interface Activity {
  /** Messages in the log that are not committed. */
  lag: number | undefined;
  /** Jobs that wait or run, by queue. */
  jobs: { store: number; components: number; score: number } | undefined;
  sending: boolean;
}

/** A fault falls on what was at work when it was asked: the answer may not be much older. A busy machine takes seconds for it. */
const QUICK_MS = 5_000;

const orUndefined = <T>(step: Promise<T>): Promise<T | undefined> =>
  Promise.race([step.catch(() => undefined), sleep(QUICK_MS, undefined)]);

export async function lookAtWork(options: {
  pipeline: Pipeline;
  kafka: ReturnType<typeof openKafka>;
  load: Load;
}): Promise<Activity> {
  const { pipeline, kafka, load } = options;
  const [lag, jobs] = await Promise.all([
    orUndefined(kafka.withAdmin((admin) => kafka.lag(admin))),
    orUndefined(
      onNewRedis(pipeline.endpoints.redisUrl, async (redis) => {
        const count = async (name: 'store' | 'components' | 'score') => {
          const queue = openQueue(name, redis);
          try {
            const { waiting = 0, active = 0 } = await queue.getJobCounts('waiting', 'active');
            return waiting + active;
          } finally {
            await queue.close();
          }
        };
        return { store: await count('store'), components: await count('components'), score: await count('score') };
      }),
    ),
  ]);
  return { lag, jobs, sending: load.isWorking };
}

/** Why a target is at work just now; undefined when it is idle or that cannot be told. A hit on an idle one proves nothing. */
export function proofOfWork(target: TargetName, { lag, jobs, sending }: Activity): string | undefined {
  const behind = lag ? `lag ${lag}` : undefined;
  const windows = jobs?.store ? `store jobs ${jobs.store}` : undefined;
  const computing = jobs?.components ? `components jobs ${jobs.components}` : undefined;
  const scoring = jobs?.score ? `score jobs ${jobs.score}` : undefined;
  switch (target) {
    case 'ingestor':
      return behind;
    case 'aggregator':
      return windows ?? computing;
    case 'scorer':
      return scoring;
    case 'kafka':
      return sending ? 'messages being sent' : behind;
    case 'redis':
      return windows;
    case 'clickhouse':
      return windows ?? computing ?? scoring;
    case 'loader':
      return sending ? 'messages being sent' : undefined;
  }
}
