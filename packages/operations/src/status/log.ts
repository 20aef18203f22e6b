import { checkLogBy, problemTexts } from '@pingan/intake';
import { withAdmin } from '../brokers.js';
import type { Concern, FindConcerns } from './concern.js';

/** The log is not the one the store was filled from, or Kafka is set to throw messages away. */
export const logConcerns: FindConcerns = async (scope) => {
  const { engines, store } = scope;
  if (!engines.kafka.ok || !engines.clickhouse.ok) return [];
  return withAdmin(scope, async (admin) => {
    const concerns: Concern[] = [];
    const { problems, toNote } = await checkLogBy(admin, store, { thorough: true });
    for (const text of problemTexts(problems)) concerns.push({ code: 'log_unfit', level: 'error', text });
    for (const { topic, partitions } of toNote.filter(() => problems.length === 0)) {
      concerns.push({
        code: 'log_partitions',
        level: 'notice',
        text: `主题 ${topic} 有 ${partitions} 个分区，ingestor 还没有登记；它几秒内会读取新分区。`,
      });
    }
    for (const { topic, name, value } of await admin.forgettingTopics()) {
      concerns.push({
        code: 'log_retention',
        level: 'notice',
        text: `主题 ${topic} 的 ${name} 为 ${value}，Kafka 会删除消息；日志应永久保留：retention.ms=-1，retention.bytes=-1，cleanup.policy=delete。`,
      });
    }
    return concerns;
  });
};
