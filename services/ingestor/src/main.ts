import { ingestorGroup } from '@pingan/contracts';
import {
  createKafka,
  createRedis,
  ensureTopics,
  isHeld,
  openQueue,
  openQueueEvents,
  redisReady,
  startHeartbeat,
  WindowConsumer,
  WindowStorer,
} from '@pingan/messaging';
import { engineConfig, kafkaAccess, runService, untilUp } from '@pingan/runtime';
import { z } from 'zod';
import { HeldReader } from './held-reader.js';

const config = engineConfig.omit({ CLICKHOUSE_URL: true, CLICKHOUSE_DATABASE: true }).extend({
  /** Messages per window: large enough for one good insert, small enough to hold several in memory. */
  WINDOW_MESSAGES: z.coerce.number().int().min(1).max(100_000).default(8_000),
  WINDOW_BYTES: z.coerce.number().int().min(65_536).max(67_108_864).default(6_291_456),
  WINDOWS_IN_FLIGHT: z.coerce.number().int().min(1).max(64).default(6),
  TOPIC_PARTITIONS: z.coerce.number().int().min(1).max(1_000).default(4),
  TOPIC_REPLICAS: z.coerce.number().int().min(1).max(10).default(1),
});

await runService({
  name: 'ingestor',
  config,
  start: async ({ config, log, signal, crash }) => {
    const kafka = createKafka({
      brokers: config.KAFKA_BROKERS,
      access: kafkaAccess(config),
      clientId: 'pingan-ingestor',
      log,
    });
    const connections = [
      createRedis(config.REDIS_URL, 'enqueue', log),
      createRedis(config.REDIS_URL, 'work', log),
    ] as const;
    const [enqueue, work] = connections;
    await untilUp(() => ensureTopics(kafka, { partitions: config.TOPIC_PARTITIONS, replicas: config.TOPIC_REPLICAS }), {
      signal,
      onDown: (error) => log.warn({ detail: (error as Error).message }, 'Kafka 不可用,等待恢复'),
      onUp: () => log.info('Kafka 已恢复'),
    });
    await Promise.all(connections.map(redisReady));

    const queue = openQueue('store', enqueue);
    const events = openQueueEvents('store', work);
    await events.waitUntilReady();
    const storer = new WindowStorer({ redis: enqueue, queue, events, log, signal });
    let windows = 0;
    const reader = new HeldReader({
      make: () =>
        new WindowConsumer({
          kafka,
          groupId: ingestorGroup,
          limits: { messages: config.WINDOW_MESSAGES, bytes: config.WINDOW_BYTES },
          maxInFlight: config.WINDOWS_IN_FLIGHT,
          store: async (window) => {
            await storer.store(window);
            windows += 1;
          },
          log,
          onCrash: crash,
        }),
      isHeld: () => isHeld(enqueue, 'intake'),
      log,
      onCrash: crash,
    });
    await reader.start();
    const heartbeat = startHeartbeat(enqueue, {
      service: 'ingestor',
      details: () => ({ windows, in_flight: reader.windowsInFlight }),
    });
    return {
      stop: async () => {
        await reader.stop();
        await heartbeat.stop();
        await Promise.all([queue.close(), events.close()]);
        for (const connection of connections) connection.disconnect();
      },
    };
  },
});
