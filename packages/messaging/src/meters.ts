import {
  type DeadLetterReason,
  deadLetterReasons,
  deadLetterTopic,
  eventTopics,
  type Stream,
  streamOfTopic,
} from '@pingan/contracts';
import { type Metrics, secondsBuckets } from '@pingan/runtime';
import type { Queue } from 'bullmq';
import type { LagWatch } from './answers.js';
import type { QueueWorker } from './queues.js';
import type { WindowConsumer } from './window-consumer.js';
import type { MessageWindow } from './windows.js';

/** The stages an event passes: counted per batch or window, never one by one. */
export type Stage = 'sent' | 'read' | 'stored';

/** Events by stage and stream; dead letters on their way are the stream `dead-letter`. */
export function eventCounter(metrics: Metrics): (stage: Stage, topic: string, count: number) => void {
  const counter = metrics.counter({
    name: 'pingan_events_total',
    help: 'Events that passed a stage: sent by a producer, read from Kafka, stored in ClickHouse',
    labels: ['stage', 'stream'],
  });
  return (stage, topic, count) => counter.inc({ stage, stream: streamOfTopic(topic) ?? 'dead-letter' }, count);
}

/** Figures of the windows that the ingestor takes; give both to the consumer. */
export function windowMeter(metrics: Metrics) {
  const passed = eventCounter(metrics);
  const size = metrics.histogram({
    name: 'pingan_window_events',
    help: 'Events in one window',
    buckets: [1, 10, 100, 500, 1_000, 2_000, 4_000, 8_000, 16_000],
  });
  const took = metrics.histogram({
    name: 'pingan_window_seconds',
    help: 'Time from taking a window until it is stored',
    buckets: secondsBuckets,
  });
  return {
    onTaken: ({ topic, count }: MessageWindow) => {
      passed('read', topic, count);
      size.observe(count);
    },
    onStored: (_: MessageWindow, seconds: number) => took.observe(seconds),
  };
}

/** Lag, age and windows in flight. Unknown lag is absent, unknown age is NaN. */
export function consumerGauges(
  metrics: Metrics,
  consumerNow: () => WindowConsumer | undefined,
  lagWatch: LagWatch,
): void {
  const own = () => {
    const { lags } = lagWatch;
    const consumer = consumerNow();
    if (!lags || !consumer) throw new Error('unknown');
    return lags.filter(({ topic, partition }) => consumer.reads(topic, partition));
  };
  metrics.gauge({
    name: 'pingan_kafka_lag_messages',
    help: 'Messages in Kafka that are not stored yet; absent while unknown',
    labels: ['topic', 'partition'],
    read: (gauge) => {
      for (const { topic, partition, lag } of own()) gauge.set({ topic, partition: String(partition) }, Number(lag));
    },
  });
  metrics.gauge({
    name: 'pingan_oldest_unprocessed_event_age_seconds',
    help: 'Age of the oldest message that was read and is not stored; 0 without lag, NaN while unknown',
    read: (gauge) => {
      const since = consumerNow()?.oldestInFlight;
      if (since !== undefined) gauge.set(Math.max(0, (Date.now() - since) / 1000));
      else if (own().every(({ lag }) => lag === 0n)) gauge.set(0);
    },
  });
  metrics.gauge({
    name: 'pingan_unreadable_batches',
    help: 'Partitions that wait at a batch that cannot be decompressed; 0 for a topic without any',
    labels: ['topic', 'partition', 'compression'],
    read: (gauge) => {
      const unreadable = consumerNow()?.unreadable ?? [];
      for (const { topic, partition, compression } of unreadable)
        gauge.set({ topic, partition: String(partition), compression }, 1);
      for (const topic of [...eventTopics, deadLetterTopic])
        if (!unreadable.some((batch) => batch.topic === topic)) gauge.set({ topic }, 0);
    },
  });
  metrics.gauge({
    name: 'pingan_windows_in_flight',
    help: 'Windows taken and not yet stored',
    read: (gauge) => gauge.set(consumerNow()?.inFlightNow.windows ?? 0),
  });
  metrics.gauge({
    name: 'pingan_windows_in_flight_bytes',
    help: 'Bytes of the windows taken and not yet stored',
    read: (gauge) => gauge.set(consumerNow()?.inFlightNow.bytes ?? 0),
  });
}

/** Depth and age of queues, and how often their jobs had to be tried again by this process. */
export function queueGauges(
  metrics: Metrics,
  queues: Readonly<Record<string, { queue: Queue; worker: QueueWorker }>>,
): void {
  const states = ['waiting', 'active', 'delayed', 'failed'] as const;
  metrics.gauge({
    name: 'pingan_queue_jobs',
    help: 'Jobs in a queue by state, over all processes',
    labels: ['queue', 'state'],
    read: async (gauge) => {
      for (const [name, { queue }] of Object.entries(queues)) {
        const counts = await queue.getJobCounts(...states);
        for (const state of states) gauge.set({ queue: name, state }, counts[state] ?? 0);
      }
    },
  });
  metrics.gauge({
    name: 'pingan_queue_oldest_job_age_seconds',
    help: 'How long the oldest waiting job of a queue has waited; 0 without any',
    labels: ['queue'],
    read: async (gauge) => {
      for (const [name, { queue }] of Object.entries(queues)) {
        const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
        gauge.set({ queue: name }, oldest ? Math.max(0, (Date.now() - oldest.timestamp) / 1000) : 0);
      }
    },
  });
  const retries = metrics.counter({
    name: 'pingan_job_retries_total',
    help: 'Jobs that failed in this process and were put back',
    labels: ['queue'],
  });
  for (const [name, { worker }] of Object.entries(queues)) {
    retries.inc({ queue: name }, 0);
    worker.onRetry(() => retries.inc({ queue: name }));
  }
}

/** Figures of storing windows; dead letters are counted where they are found. */
export function storeMeter(metrics: Metrics) {
  const passed = eventCounter(metrics);
  const took = metrics.histogram({
    name: 'pingan_insert_seconds',
    help: 'Time of one insert into a case table',
    labels: ['stream'],
    buckets: secondsBuckets,
  });
  const dead = metrics.counter({
    name: 'pingan_dead_letters_total',
    help: 'Messages set aside, by reason',
    labels: ['reason'],
  });
  for (const reason of deadLetterReasons) dead.inc({ reason }, 0);
  return {
    onStored: (topic: string, count: number) => passed('stored', topic, count),
    onInserted: (stream: Stream, seconds: number) => took.observe({ stream }, seconds),
    onDead: (reason: DeadLetterReason) => dead.inc({ reason }),
  };
}
