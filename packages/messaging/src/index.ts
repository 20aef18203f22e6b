export * from './answers.js';
export * from './coalesce.js';
export * from './codecs.js';
export * from './heartbeat.js';
export * from './hold.js';
export {
  createKafka,
  ensureTopics,
  type KafkaClient,
  type KafkaOptions,
  type Watermark,
} from './kafka.js';
export * from './kafka-moving.js';
export * from './log-admin.js';
export * from './log-reader.js';
export * from './meters.js';
export * from './pack.js';
export * from './producer.js';
export * from './queues.js';
export * from './redis.js';
export * from './set-aside.js';
export * from './store-windows.js';
export * from './turn.js';
export * from './window-consumer.js';
export * from './windows.js';
