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
import { engineConfig, firstSilent, kafkaAccess, milliseconds, runService, untilUp } from '@pingan/runtime';
import { z } from 'zod';
import { HeldReader } from './held-reader.js';

const config = engineConfig
  .omit({ CLICKHOUSE_URL: true, CLICKHOUSE_DATABASE: true, CLICKHOUSE_TIMEOUT_MS: true })
  .extend({
    /** Messages per window: large enough for one good insert, small enough to hold several in memory. */
    WINDOW_MESSAGES: z.coerce.number().int().min(1).max(100_000).default(8_000),
    WINDOW_BYTES: z.coerce.number().int().min(65_536).max(67_108_864).default(6_291_456),
    WINDOWS_IN_FLIGHT: z.coerce.number().int().min(1).max(64).default(6),
    WINDOWS_IN_FLIGHT_BYTES: z.coerce.number().int().min(65_536).max(1_073_741_824).default(33_554_432),
    /** A member of the group that is silent for this long has died. The broker has limits of its own, 6 s to 30 min. */
    KAFKA_SESSION_MS: milliseconds({ from: 6_000, to: 1_800_000, usual: 30_000 }),
    TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(4),
    TOPIC_REPLICAS: z.coerce.number().int().min(1).max(10).default(1),
  });

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
          limits: { messages: config.WINDOW_MESSAGES, bytes: config.WINDOW_BYTES },
          maxInFlight: config.WINDOWS_IN_FLIGHT,
          maxBytesInFlight: config.WINDOWS_IN_FLIGHT_BYTES,
          store: (window) => storer.store(window),
          ...meter,
          sessionMs: config.KAFKA_SESSION_MS,
          log,
          onCrash: crash,
        }),
      isHeld: () => isHeld(enqueue, 'intake'),
      log,
      onCrash: crash,
    });
    const lagWatch = new LagWatch({ kafka, groupId: ingestorGroup, everyMs: LAG_MS });
    consumerGauges(health.metrics, () => reader.consumer, lagWatch);
    health.need('Kafka', () => reader.consumer?.kafkaIsSilent !== true);
    health.need('Redis', isReady);
    health.watch({
      name: '入库窗口',
      look: () => {
        const { consumer } = reader;
        if (!consumer) return { pending: false, finished: 0 };
        const inFlight = consumer.inFlightNow.windows > 0;
        const { lags } = lagWatch;
        if (!inFlight && !lags) throw new Error('lag unknown');
        const behind = lags?.some(({ topic, partition, lag }) => lag > 0n && consumer.reads(topic, partition));
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
      }),
    });
    return {
      stop: async () => {
        await reader.stop();
        lagWatch.close();
        await heartbeat.stop();
        await close();
      },
    };
  },
});
