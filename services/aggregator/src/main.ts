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
import { ComponentRefresher } from './component-refresher.js';
import { config } from './config.js';
import { startNightlyReconcile } from './nightly.js';

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

    const refresher = new ComponentRefresher({
      now: () => performance.now(),
      sleep,
      openWindows: async () => {
        const { active = 0, waiting = 0 } = await storeQueue.getJobCounts('active', 'waiting');
        return active + waiting;
      },
      // The offsets of a log that the store was not filled from say nothing; the next sweep asks again.
      stored: () =>
        readWatermark(admin, store).catch((error: unknown) => {
          if (error instanceof UnfitLog) return undefined;
          throw error;
        }),
      refresh: (scope, onAnswer) => store.components.refresh(scope, onAnswer),
    });
    const askForComponents = (county: string) =>
      addCoalesced(componentsQueue, county, { county }, refresher.delayOf(county));

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
        const refreshed = await refresher.refresh(known.county);
        if (!refreshed) return;
        const { months, tookMs } = refreshed;
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
    const nightly = startNightlyReconcile({
      at: config.RECONCILE_AT,
      checkMs: config.RECONCILE_CHECK_MS,
      ...{ store, registry, kafka, admin, redis: enqueue, log, signal },
    });
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
        look: async () => ({ ...(await componentsWorker.look()), progress: refresher.progress }),
        waitingFor: () => waitingFor(componentsWorker),
        // One statement may take as long as the client waits for an answer, which is longer than a window may.
        patience: 2,
      },
    );
    const heartbeat = startHeartbeat(enqueue, { service: 'aggregator', health, details: () => ({ ...totals }) });
    return {
      stop: async () => {
        clearInterval(sweep);
        nightly.stop();
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
