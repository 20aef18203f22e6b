import { ingestorGroup } from '@pingan/contracts';
import {
  consumerGauges,
  createKafka,
  ensureTopics,
  freshLags,
  isHeld,
  LagWatch,
  openHeardQueue,
  redisTakesWrites,
  startHeartbeat,
  WindowConsumer,
  WindowStorer,
  windowMeter,
} from '@pingan/messaging';
import { firstSilent, kafkaAccess, runService, storeAccess, untilUp } from '@pingan/runtime';
import { createStore } from '@pingan/store';
import { config } from './config.js';
import { HeldReader } from './held-reader.js';
import { LogGate } from './log-gate.js';

/** How often Kafka is asked where the log ends. */
const LAG_MS = 5_000;

await runService({
  name: 'ingestor',
  config,
  start: async ({ config, log, health, signal, crash }) => {
    const kafka = createKafka({
      brokers: config.KAFKA_BROKERS,
      access: kafkaAccess(config),
      clientId: 'pingan-ingestor',
      log,
    });
    await untilUp(() => ensureTopics(kafka, { partitions: config.TOPIC_PARTITIONS, replicas: config.TOPIC_REPLICAS }), {
      signal,
      engine: 'Kafka',
      log,
    });
    const store = createStore(storeAccess(config));
    await untilUp(() => store.migrate(), { signal, engine: 'ClickHouse', log });
    const gate = new LogGate({ kafka, store, log, metrics: health.metrics });
    await gate.tellRetention().catch(() => undefined);
    const { queue, events, enqueue, isReady, close } = await openHeardQueue('store', {
      redisUrl: config.REDIS_URL,
      log,
    });
    const storer = new WindowStorer({ redis: enqueue, queue, events, log, signal });
    const meter = windowMeter(health.metrics);
    const reader = new HeldReader({
      make: () =>
        new WindowConsumer({
          kafka,
          groupId: ingestorGroup,
          epochs: gate.epochs,
          limits: { messages: config.WINDOW_MESSAGES, bytes: config.WINDOW_BYTES },
          maxInFlight: config.WINDOWS_IN_FLIGHT,
          maxBytesInFlight: config.WINDOWS_IN_FLIGHT_BYTES,
          store: (window) => storer.store(window),
          ...meter,
          sessionMs: config.KAFKA_SESSION_MS,
          onOutOfRange: (place) => gate.report(place),
          log,
          onCrash: crash,
        }),
      whyHeld: async (now) =>
        (await isHeld(enqueue, 'intake')) ? 'rebuild、adopt-log 或 restore 正在进行' : gate.whyHeld(now),
      log,
      onCrash: crash,
    });
    const lagWatch = new LagWatch({ kafka, groupId: ingestorGroup, everyMs: LAG_MS });
    consumerGauges(health.metrics, () => reader.consumer, lagWatch);
    health.need('Kafka', () => reader.consumer?.kafkaIsSilent !== true);
    health.need('Redis', isReady);
    health.obstacle(() => gate.obstacle);
    health.watch({
      name: '入库窗口',
      look: () => {
        const { consumer } = reader;
        if (!consumer) return { pending: false, finished: 0 };
        const inFlight = consumer.inFlightNow.windows > 0;
        const { lags } = lagWatch;
        if (!inFlight && !lags) throw new Error('lag unknown');
        // A partition whose next batch cannot be decompressed has nothing to do, however often this is started again.
        const behind = lags?.some(({ topic, partition, lag }) => lag > 0n && consumer.canRead(topic, partition));
        return { pending: inFlight || behind === true, finished: consumer.finished };
      },
      waitingFor: async () => {
        if (reader.consumer?.isJoining) return 'Kafka 消费组';
        const silent = await firstSilent({
          // Leaders and the group's coordinator: a broker answers some seconds before they do.
          Kafka: () => freshLags(kafka, ingestorGroup),
          Redis: () => redisTakesWrites(config.REDIS_URL),
        });
        if (silent !== undefined) return silent;
        return (await storer.isWithAggregator(config.REDIS_URL)) ? 'aggregator' : undefined;
      },
    });
    await reader.start();
    const heartbeat = startHeartbeat(enqueue, {
      service: 'ingestor',
      health,
      details: () => ({
        windows: reader.consumer?.finished ?? 0,
        in_flight: reader.consumer?.inFlightNow.windows ?? 0,
        unreadable: reader.consumer?.unreadable ?? [],
      }),
    });
    return {
      stop: async () => {
        await reader.stop();
        lagWatch.close();
        await heartbeat.stop();
        await close();
        await store.close();
      },
    };
  },
});
