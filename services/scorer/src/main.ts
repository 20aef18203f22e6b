import { NeverScored, scoreCounty } from '@pingan/appraisal';
import { scoreJob } from '@pingan/contracts';
import { SchemeError } from '@pingan/indicators';
import {
  addCoalesced,
  createRedis,
  impossible,
  isHeld,
  openQueue,
  queueGauges,
  redisReady,
  redisTakesWrites,
  startHeartbeat,
  startWorker,
} from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { firstSilent, runService, secondsBuckets, storeAccess, untilUp } from '@pingan/runtime';
import { createStore, refusedByClickHouse } from '@pingan/store';
import { config } from './config.js';
import { startPruning } from './prune-runs.js';
import { storeGauges } from './store-gauges.js';

/**
 * While events keep coming, earlier months are scored in at most about this share of the time: each is as much work as the
 * newest, which waits for them.
 */
const EARLIER_SHARE = 0.1;
const LONGEST_PAUSE_MS = 60_000;

/** How often the newest versions are searched for conflicts: `status` does it as well. */
const CONFLICTS_MS = 3_600_000;

/** Scoring is pure: what the county, its scheme or its components make it refuse, it refuses at every try. */
const isFinal = (error: unknown): error is Error =>
  error instanceof NeverScored || error instanceof SchemeError || error instanceof RangeError;

const reasonOf = ({ code, name }: County, error: Error): string =>
  error instanceof NeverScored ? error.message : `${code} ${name}：${error.message}`;

await runService({
  name: 'scorer',
  config,
  start: async ({ config, log, health, signal }) => {
    const store = createStore(storeAccess(config));
    await untilUp(() => store.migrate(), {
      signal,
      engine: 'ClickHouse',
      log,
    });
    const enqueue = createRedis(config.REDIS_URL, 'enqueue', log);
    const work = createRedis(config.REDIS_URL, 'work', log);
    await Promise.all([enqueue, work].map(redisReady));
    const queue = openQueue('score', enqueue);
    const totals = { jobs: 0, months: 0, runs: 0 };

    const took = health.metrics.histogram({
      name: 'pingan_score_seconds',
      help: 'Time of scoring one county: all months that need it',
      buckets: secondsBuckets,
    });
    const runs = health.metrics.counter({ name: 'pingan_runs_total', help: 'Score runs written' });

    /** When all months of a county may be scored again, by `performance.now()`. */
    const allMonthsFrom = new Map<string, number>();

    const worker = startWorker('score', {
      connection: work,
      queue,
      concurrency: 1,
      lockMs: config.JOB_LOCK_MS,
      payload: scoreJob,
      log,
      handle: async ({ county: code, months, newest }) => {
        if (await isHeld(enqueue, 'computing')) return;
        const county = await store.counties.get(code);
        if (!county) return;
        const begunAt = performance.now();
        const pauseMs = (allMonthsFrom.get(code) ?? begunAt) - begunAt;
        const newestOnly = newest === true && pauseMs > 0;
        const results = await scoreCounty(store, county, {
          months,
          newestOnly,
          nowMs: Date.now(),
          onMonth: () => {
            totals.months += 1;
          },
        }).catch((error: unknown) => {
          throw isFinal(error) ? impossible(reasonOf(county, error)) : error;
        });
        const tookMs = performance.now() - begunAt;
        if (newestOnly) await addCoalesced(queue, `${code} all months`, { county: code }, pauseMs);
        else if (months === undefined)
          allMonthsFrom.set(code, begunAt + Math.min(LONGEST_PAUSE_MS, tookMs / EARLIER_SHARE));
        totals.jobs += 1;
        const fresh = results.filter((result) => result.fresh);
        totals.runs += fresh.length;
        took.observe(tookMs / 1000);
        runs.inc(fresh.length);
        if (fresh.length > 0) log.info({ county: code, periods: fresh.map(({ period }) => period) }, '已计算指数');
      },
    });
    const sweep = setInterval(() => {
      // A failed job waits by the clock of this machine, which may have been set back.
      void queue.promoteJobs().catch(() => undefined);
      void store.operation.noteArrivals().catch(() => undefined);
      void store.counties
        .list()
        .then((counties) => Promise.all(counties.map(({ code }) => addCoalesced(queue, code, { county: code }, 0))))
        .catch(() => undefined);
    }, config.SWEEP_MS);
    const searching = setInterval(() => void store.health.searchConflicts().catch(() => undefined), CONFLICTS_MS);
    const pruning = startPruning({
      ...{ store, redis: enqueue, queue, log },
      days: config.RUN_KEEP_DAYS,
      checkMs: config.SWEEP_MS,
    });
    queueGauges(health.metrics, { score: { queue, worker } });
    storeGauges(health.metrics, store);
    health.need('Redis', () => enqueue.status === 'ready' && work.status === 'ready');
    health.watch({
      name: '计分',
      // One job may be a whole back-catalogue: each month is a step.
      look: async () => ({ ...(await worker.look()), progress: totals.months }),
      waitingFor: async () =>
        refusedByClickHouse(worker.failure())
          ? 'ClickHouse'
          : firstSilent({ ClickHouse: () => store.answers(), Redis: () => redisTakesWrites(config.REDIS_URL) }),
    });
    const heartbeat = startHeartbeat(enqueue, { service: 'scorer', health, details: () => ({ ...totals }) });
    return {
      stop: async () => {
        clearInterval(sweep);
        clearInterval(searching);
        pruning.stop();
        await worker.close();
        await heartbeat.stop();
        await queue.close();
        await store.close();
        enqueue.disconnect();
        work.disconnect();
      },
    };
  },
});
