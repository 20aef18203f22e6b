import { ingestorGroup, streams, topicOf } from '@pingan/contracts';
import { partitionLags } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import { withAdmin } from '../brokers.js';
import { countText } from '../quantity.js';
import type { FindConcerns } from './concern.js';

/**
 * Messages whose storing is committed and of which the store holds nothing: it was emptied under a log that is kept. The first
 * message of a partition has a row or a dead letter; without it, all up to the first that is held are gone.
 */
export const storeEmptied: FindConcerns = async ({ endpoints, engines, store }) => {
  if (!engines.kafka.ok || !engines.clickhouse.ok) return [];
  const log = createLogger('pingan', 'silent');
  const lags = await withAdmin({ endpoints, log }, (admin) => partitionLags(admin, ingestorGroup));
  let missing = 0n;
  for (const stream of streams) {
    const first = await store.logAccount.firstPlaces(stream);
    for (const { topic, partition, committed, low } of lags) {
      if (topic !== topicOf(stream)) continue;
      const held = first.get(partition);
      const gapEnd = held === undefined || held > committed ? committed : held;
      if (gapEnd > low) missing += gapEnd - low;
    }
  }
  if (missing === 0n) return [];
  const text = `库被清空过：日志中有 ${countText(missing)} 条已确认入库的消息不在库里。有备份：pingan restore --from 备份；没有备份：重新登记各县（pingan county add），再用 pingan rebuild --yes 从日志重建。`;
  return [{ code: 'store_emptied', level: 'error', text }];
};
