import { kafkaCodeOf } from './kafka.js';

/** The broker's codes for a topic that is being made or made again, or whose leader, or that of a group, has just changed. */
const MOVING: ReadonlySet<number | undefined> = new Set([3, 5, 6, 9, 13, 14, 15, 16, 41, 74, 75, 100]);

/** Shown to operators in place of the broker's English error, which reads like a fault. */
export const kafkaMovingText = 'Kafka 正在重建或切换主题';

/** Whether Kafka is there and will have the topic, or the group, in a moment. */
export function isKafkaMoving(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS') && MOVING.has(kafkaCodeOf(error));
}

/** Why a step failed, for an operator. */
export const reasonOf = (error: unknown): string => (isKafkaMoving(error) ? kafkaMovingText : (error as Error).message);
