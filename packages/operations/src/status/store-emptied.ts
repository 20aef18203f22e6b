import { positionOf, streams, topicOf } from '@pingan/contracts';
import { checkLogBy } from '@pingan/intake';
import { type LogRange, readLog } from '@pingan/messaging';
import { kafkaOf, withAdmin } from '../brokers.js';
import { countText } from '../quantity.js';
import type { FindConcerns } from './concern.js';

/** Places at the beginning of a partition that are looked at for a message. */
const LOOKED_AT = 1_000;

/**
 * A store that was emptied while services went on holds what came since and looks well. But the first message of a log has a row or
 * a dead letter: without it, all that was committed up to the first one that is held is gone.
 */
export const storeEmptied: FindConcerns = async (scope) => {
  const { engines, store } = scope;
  if (!engines.kafka.ok || !engines.clickhouse.ok) return [];
  const { state, epochs, problems } = await withAdmin(scope, (admin) => checkLogBy(admin, store, { thorough: false }));
  if (problems.length > 0) return [];
  let missing = 0;
  let isAnythingHeld = false;
  const beginnings: LogRange[] = [];
  for (const stream of streams) {
    const topic = state.topics.find((one) => one.topic === topicOf(stream));
    if (!topic) continue;
    const first = await store.logAccount.firstPlaces(stream);
    if (first.size > 0) isAnythingHeld = true;
    const place = (offset: bigint) => positionOf(epochs.get(topic.topic) ?? 0, offset);
    for (const { partition, low, committed = low } of topic.partitions) {
      const held = Math.min(Number(first.get(partition) ?? Number.POSITIVE_INFINITY), place(committed));
      const gap = held - place(low);
      if (gap <= 0) continue;
      missing += gap;
      beginnings.push({ topic: topic.topic, partition, from: low, to: low + BigInt(Math.min(gap, LOOKED_AT)) });
    }
  }
  // With nothing at all the log is not read: another check reports that.
  if (missing === 0 || !isAnythingHeld) return [];
  // Markers and aborted transactions have places and no message.
  let isAnythingMissing = false;
  await readLog({
    kafka: kafkaOf(scope),
    ranges: beginnings,
    onMessages: async (_, messages) => {
      isAnythingMissing ||= messages.length > 0;
    },
  });
  if (!isAnythingMissing) return [];
  const text = `库被清空过：日志中有 ${countText(missing)} 条已确认入库的消息不在库里。有备份：pingan restore --from 备份；没有备份：重新登记各县（pingan county add），再用 pingan rebuild --yes 从日志重建。`;
  return [{ code: 'store_emptied', level: 'error', text }];
};
