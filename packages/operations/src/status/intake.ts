import { createRedis, listServices, type UnreadableBatch } from '@pingan/messaging';
import type { Concern, FindConcerns } from './concern.js';

/** What an ingestor says of itself beside its figures. */
interface IntakeDetails {
  unreadable?: UnreadableBatch[];
}

/** What keeps the ingestor from reading a part of the log. */
export const intakeConcerns: FindConcerns = async ({ endpoints, engines, log }) => {
  if (!engines.redis.ok) return [];
  const redis = createRedis(endpoints.redisUrl, 'work', log);
  try {
    const beats = await listServices(redis);
    return beats.filter(({ service }) => service === 'ingestor').flatMap(({ details }) => concernsOf(details));
  } finally {
    redis.disconnect();
  }
};

const concernsOf = ({ unreadable = [] }: IntakeDetails): Concern[] =>
  unreadable.map(({ topic, partition, offset, compression }) => ({
    code: 'compression_unreadable',
    level: 'error',
    text: `${topic} 分区 ${partition} 位移 ${offset} 起的消息无法解压（压缩方式 ${compression}），该分区等待，其他分区照常入库，消息没有丢失。ingestor 的日志写明原因。`,
  }));
