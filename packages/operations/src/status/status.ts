import { ingestorGroup, type QueueName, queueNames } from '@pingan/contracts';
import { createRedis, listServices, openQueue, redisReady } from '@pingan/messaging';
import type { Store } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import { coreServices, producerServices } from '../service-names.js';
import type { Concern, EngineName, StatusScope } from './concern.js';
import { type Failure, findConcerns, inOrder, unchecked } from './findings.js';
import { readyState } from './ready-state.js';
import { redisRefusal } from './redis-writes.js';
import { homeSizes } from './sizes.js';

const expectedServices = [...producerServices, ...coreServices];

interface QueueState {
  queue: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Seconds the oldest waiting job has waited; null without one. */
  oldest_seconds: number | null;
}

async function queueStates({ endpoints, log }: StatusScope): Promise<QueueState[]> {
  const redis = createRedis(endpoints.redisUrl, 'enqueue', log);
  await redisReady(redis);
  try {
    return await Promise.all(
      (Object.keys(queueNames) as QueueName[]).map(async (name) => {
        const queue = openQueue(name, redis);
        try {
          const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
          const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
          return {
            queue: name,
            waiting: counts.waiting ?? 0,
            active: counts.active ?? 0,
            delayed: counts.delayed ?? 0,
            failed: counts.failed ?? 0,
            oldest_seconds: oldest ? Math.round((Date.now() - oldest.timestamp) / 1000) : null,
          };
        } finally {
          await queue.close();
        }
      }),
    );
  } finally {
    redis.disconnect();
  }
}

interface ScoredCounty {
  county: string;
  name: string;
  time_zone: string;
  /** Months with a current run, the first and the last of them; null without any. */
  months: number;
  first: string | null;
  last: string | null;
  /** Of the last month. */
  run_id: string | null;
  scheme: { name: string; hash: string } | null;
}

async function readScores(store: Store): Promise<ScoredCounty[]> {
  const counties = await store.counties.list();
  return Promise.all(
    counties.map(async ({ code, name, timeZone }) => {
      const runs = await store.runs.currentAll(code);
      const last = runs.at(-1);
      return {
        county: code,
        name,
        time_zone: timeZone,
        months: runs.length,
        first: runs[0]?.period ?? null,
        last: last?.period ?? null,
        run_id: last?.run_id ?? null,
        scheme: last ? { name: last.scheme_name, hash: last.scheme_hash } : null,
      };
    }),
  );
}

const distinct = (concerns: readonly Concern[]): Concern[] => [
  ...new Map(concerns.map((concern) => [concern.text, concern])).values(),
];

async function readConflicts(store: Store) {
  // It writes what it finds, which a full disk refuses: then as of the last search.
  await store.health.searchConflicts().catch(() => undefined);
  return store.health.notedConflicts({ limit: 5 });
}

/** Everything an operator asks first; `engines` says which answer. Parts whose engine is away are null. */
export async function readStatus(scope: StatusScope) {
  const { home, endpoints, engines, store } = scope;
  const refusal = engines.redis.ok ? await redisRefusal(endpoints.redisUrl) : undefined;
  const failed: Failure[] = [];
  /** Null where the engine is away, or does not answer this question. */
  const from = async <T>(engine: EngineName, what: string, ask: () => Promise<T>): Promise<T | null> => {
    if (!engines[engine].ok) return null;
    try {
      return await ask();
    } catch (error) {
      failed.push({ what, error });
      return null;
    }
  };
  await from('clickhouse', '库的结构', () => store.migrate());
  const [
    { found, failures },
    lags,
    services,
    queues,
    freshness,
    scores,
    conflicts,
    deadLetters,
    mended,
    acknowledged,
    reconciles,
  ] = await Promise.all([
    findConcerns(scope),
    from('kafka', '积压', () => withAdmin(scope, (admin) => admin.lags(ingestorGroup))),
    from('redis', '服务是否运行', () => readServices(scope)),
    from('redis', '任务队列', () => queueStates(scope)),
    from('clickhouse', '数据新鲜度', () => store.health.freshness()),
    from('clickhouse', '计分', () => readScores(store)),
    from('clickhouse', '版本冲突', () => readConflicts(store)),
    from('clickhouse', '死信', () => store.deadLetters.countOpen()),
    from('clickhouse', '死信', () => store.deadLetters.countReplayed()),
    from('clickhouse', '死信', () => store.deadLetters.countAcknowledged()),
    from('clickhouse', '对账结果', () => store.reconciles.last()),
  ]);
  const concerns = inOrder(distinct([...unchecked([...failed, ...failures]), ...found]));
  return {
    engines,
    concerns,
    home: await homeSizes(home),
    services: services?.found ?? null,
    // Without a write no service can give a sign of life: who runs is not known then.
    missing_services: refusal === undefined ? (services?.missing ?? null) : null,
    unknown_services: refusal === undefined ? null : (services?.missing ?? null),
    redis_refusal: refusal ?? null,
    lag:
      lags?.map(({ topic, partition, committed, end, lag }) => ({
        topic,
        partition,
        committed: String(committed),
        end: String(end),
        lag: Number(lag),
      })) ?? null,
    queues,
    freshness,
    scores,
    conflicts,
    /** Those that no replay has stored and nobody has acknowledged. */
    dead_letters: deadLetters,
    dead_letters_mended: mended,
    dead_letters_acknowledged: acknowledged,
    reconciles,
  };
}

async function readServices({ endpoints, log }: StatusScope) {
  const redis = createRedis(endpoints.redisUrl, 'work', log);
  try {
    const beats = await listServices(redis);
    const found = await Promise.all(beats.map(async (beat) => ({ ...beat, state: await readyState(beat.health) })));
    const alive = new Set(found.map(({ service }) => service));
    return { found, missing: expectedServices.filter((name) => !alive.has(name)) };
  } finally {
    redis.disconnect();
  }
}

export type Status = Awaited<ReturnType<typeof readStatus>>;
