import { unavailable } from '@pingan/contracts';
import { kafkaCodeOf } from '@pingan/messaging';

/** The broker's codes for a topic that is being made or made again, or whose leader, or that of a group, has just changed. */
const MOVING: ReadonlySet<number | undefined> = new Set([3, 5, 6, 9, 13, 14, 15, 16, 41, 74, 75, 100]);

/** What to tell of an error that an import ended with; the error itself where Kafka is not the reason. */
export function kafkaMoving(error: unknown): unknown {
  if (!(error instanceof Error) || !error.name.startsWith('KafkaJS') || !MOVING.has(kafkaCodeOf(error))) return error;
  return unavailable('Kafka 正在重建或切换主题，暂时不能写入。请稍候再导入一次：已经送到的行不会重复计入。');
}
