import { setTimeout as sleep } from 'node:timers/promises';
import { componentsJob, storeJob, windowName } from '@pingan/contracts';
import { CountyRegistry, readWatermark, storeWindow, UnfitLog } from '@pingan/intake';
import {
  addCoalesced,
  createEventProducer,
  createKafka,
  createRedis,
  dropWindowBytes,
  fetchWindowBytes,
  isHeld,
  kafkaAnswers,
  openQueue,
  type QueueWorker,
  queueGauges,
  redisClock,
  redisReady,
  redisTakesWrites,
  startHeartbeat,
  startWorker,
  storeMeter,
} from '@pingan/messaging';
import {
  clockGauge,
  engineGauge,
  firstSilent,
  kafkaAccess,
  runService,
  secondsBuckets,
  storeAccess,
  untilUp,
} from '@pingan/runtime';
import { createStore, refusedByClickHouse } from '@pingan/store';
import { config } from './config.js';

/** How long new rows wait at least for their components: a burst of windows is one refresh. */
const COMPONENTS_DELAY_MS = 250;

/** A pause is this much of what the last refresh took, within bounds: intake has its turn, and the index does not fall behind. */
const PAUSE_SHARE = 0.5;
const LONGEST_PAUSE_MS = 5_000;

/** A refresh waits for the windows that are just being stored, but no longer than this: each it misses asks for another. */
const WINDOWS_WAIT_MS = 1_000;
const WINDOWS_CHECK_MS = 50;

/** With more events than this waiting in the log intake goes first: a second or so of it at full speed. */
const BEHIND_EVENTS = 50_000;

/** Then components are refreshed at most this often, and in at most about this share of the time. */
const BUSY_INTERVAL_MS = 30_000;
const BUSY_SHARE = 0.03;

/** How often counties are asked for again, in case Redis lost a job. */
const SWEEP_MS = 10_000;

await runService({
  name: 'aggregator',
  config,
  start: async ({ config, log, health, signal }) => {
    const store = createStore(storeAccess(config));
    const registry = new CountyRegistry(store);
    await untilUp(
      async () => {
        await store.migrate();
        await registry.load();
      },
      {
        signal,
        engine: 'ClickHouse',
        log,
      },
    );
    const kafka = createKafka({
      brokers: config.KAFKA_BROKERS,
      access: kafkaAccess(config),
      clientId: 'pingan-aggregator',
      log,
    });
    const admin = kafka.admin();
    const deadLetters = await createEventProducer({
      brokers: config.KAFKA_BROKERS,
      access: kafkaAccess(config),
      clientId: 'pingan-aggregator',
      log,
      signal,
    });
    await untilUp(() => admin.connect(), {
      signal,
      engine: 'Kafka',
      log,
    });
    const enqueue = createRedis(config.REDIS_URL, 'enqueue', log);
    const work = createRedis(config.REDIS_URL, 'work', log);
    await Promise.all([enqueue, work].map(redisReady));
    const storeQueue = openQueue('store', enqueue);
    const componentsQueue = openQueue('components', enqueue);
    const scoreQueue = openQueue('score', enqueue);
    const meter = storeMeter(health.metrics);
    const totals = { windows: 0, stored: 0, dead: 0, recomputed: 0 };

    const refreshed = new Map<string, { finishedAt: number; tookMs: number }>();
    const askForComponents = (county: string) => {
      const pauseMs = Math.round((refreshed.get(county)?.tookMs ?? 0) * PAUSE_SHARE);
      const delayMs = Math.min(LONGEST_PAUSE_MS, Math.max(COMPONENTS_DELAY_MS, pauseMs));
      return addCoalesced(componentsQueue, county, { county }, delayMs);
    };

    const storeWorker = startWorker('store', {
      connection: work,
      queue: storeQueue,
      concurrency: config.STORE_CONCURRENCY,
      lockMs: config.JOB_LOCK_MS,
      payload: storeJob,
      log,
      handle: async (window) => {
        const name = windowName(window);
        const packed = await fetchWindowBytes(enqueue, name);
        const result = await storeWindow(window, packed, { store, registry, deadLetters, meter });
        await dropWindowBytes(enqueue, name);
        totals.windows += 1;
        totals.stored += result.stored;
        totals.dead += result.dead;
        await Promise.all(result.counties.map(askForComponents));
      },
    });

    /** While intake is behind every window asks again; what is put off now is asked for by the next one or the next sweep. */
    const startedAt = performance.now();
    const mayWait = (county: string, behind: number): boolean => {
      const { finishedAt, tookMs } = refreshed.get(county) ?? { finishedAt: startedAt, tookMs: 0 };
      return behind > BEHIND_EVENTS && performance.now() - finishedAt < Math.max(BUSY_INTERVAL_MS, tookMs / BUSY_SHARE);
    };

    const untilWindowsAreStored = async (): Promise<void> => {
      let before = 0;
      for (let waitedMs = 0; waitedMs < WINDOWS_WAIT_MS; waitedMs += WINDOWS_CHECK_MS) {
        const { active = 0, waiting = 0 } = await storeQueue.getJobCounts('active', 'waiting');
        // Once more after the last one: its offset is committed when it is stored.
        if (active + waiting + before === 0) return;
        before = active + waiting;
        await sleep(WINDOWS_CHECK_MS);
      }
    };

    /** Undefined while the log is not the one the store was filled from: its offsets say nothing then. The next sweep asks again. */
    const watermarkNow = () =>
      readWatermark(admin, store).catch((error: unknown) => {
        if (error instanceof UnfitLog) return undefined;
        throw error;
      });

    const computation = health.metrics.histogram({
      name: 'pingan_components_seconds',
      help: 'Time of bringing the components of one county up to date',
      buckets: secondsBuckets,
    });
    const dirtyMonths = health.metrics.gauge({
      name: 'pingan_dirty_months',
      help: 'Months that the last computation of a county changed',
      labels: ['county'],
    });
    /** Statements that a refresh got through since the last one that ended: one that fails at the same place does not move. */
    let furthest = 0;
    const componentsWorker = startWorker('components', {
      connection: work,
      queue: componentsQueue,
      concurrency: 1,
      lockMs: config.JOB_LOCK_MS,
      payload: componentsJob,
      log,
      handle: async ({ county: code }) => {
        // The next sweep asks again.
        if (await isHeld(enqueue, 'computing')) return;
        if (!registry.get(code)) await registry.load();
        const known = registry.get(code);
        if (!known) return;
        const before = await watermarkNow();
        if (!before || mayWait(code, before.behind)) return;
        await untilWindowsAreStored();
        const now = await watermarkNow();
        if (!now) return;
        const { watermark } = now;
        const begunAt = performance.now();
        let answers = 0;
        const months = await store.components.refresh({ county: known.county, watermark }, () => {
          answers += 1;
          furthest = Math.max(furthest, answers);
        });
        furthest = 0;
        const tookMs = performance.now() - begunAt;
        refreshed.set(code, { finishedAt: performance.now(), tookMs });
        totals.recomputed += 1;
        computation.observe(tookMs / 1000);
        dirtyMonths.set({ county: code }, months.length);
        if (months.length > 0) await addCoalesced(scoreQueue, code, { county: code, newest: true }, 0);
      },
    });

    const sweep = setInterval(() => {
      // Delayed jobs go by the clock of who added them: one that was set back would leave them waiting for hours.
      for (const queue of [storeQueue, componentsQueue]) void queue.promoteJobs().catch(() => undefined);
      void registry
        .load()
        .then(() => Promise.all(registry.all().map(({ county }) => askForComponents(county.code))))
        .catch(() => undefined);
    }, SWEEP_MS);
    queueGauges(health.metrics, {
      store: { queue: storeQueue, worker: storeWorker },
      components: { queue: componentsQueue, worker: componentsWorker },
    });
    engineGauge(health.metrics, {
      clickhouse: () => store.answers(),
      redis: () => redisTakesWrites(config.REDIS_URL),
      kafka: () => kafkaAnswers(kafka),
    });
    clockGauge(health.metrics, {
      clickhouse: () => store.operation.clock(),
      redis: () => redisClock(enqueue),
    });
    health.need('Redis', () => enqueue.status === 'ready' && work.status === 'ready');
    const waitingFor = async ({ failure }: QueueWorker) =>
      refusedByClickHouse(failure())
        ? 'ClickHouse'
        : firstSilent({
            ClickHouse: () => store.answers(),
            Redis: () => redisTakesWrites(config.REDIS_URL),
            Kafka: () => kafkaAnswers(kafka),
          });
    health.watch(
      { name: '窗口入库', look: storeWorker.look, waitingFor: () => waitingFor(storeWorker) },
      {
        name: '月度分量计算',
        look: async () => {
          const { pending, finished } = await componentsWorker.look();
          return { pending, finished: finished + furthest / 1_000 };
        },
        waitingFor: () => waitingFor(componentsWorker),
        // One statement may take as long as the client waits for an answer, which is longer than a window may.
        patience: 2,
      },
    );
    const heartbeat = startHeartbeat(enqueue, { service: 'aggregator', health, details: () => ({ ...totals }) });
    return {
      stop: async () => {
        clearInterval(sweep);
        await Promise.all([storeWorker.close(), componentsWorker.close()]);
        await heartbeat.stop();
        await Promise.all([
          storeQueue.close(),
          componentsQueue.close(),
          scoreQueue.close(),
          deadLetters.close(),
          admin.disconnect(),
        ]);
        await store.close();
        enqueue.disconnect();
        work.disconnect();
      },
    };
  },
});
