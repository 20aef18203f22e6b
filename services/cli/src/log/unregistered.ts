import { eventTopics, ingestorGroup } from '@pingan/contracts';
import { readLog, readLogState } from '@pingan/messaging';
import { kafkaOf, withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { countText } from '../quantity.js';
import { shownLine } from '../shown.js';

/** Messages of the log by county (as their keys say) that nobody has registered: reading them makes dead letters. */
export async function unregisteredInLog(context: Context): Promise<Map<string, number>> {
  const known = new Set((await context.store.counties.list()).map(({ code }) => code));
  const { topics } = await withAdmin(context, (admin) => readLogState(admin, ingestorGroup));
  const ranges = topics
    .filter(({ topic }) => eventTopics.includes(topic))
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, end }) => ({ topic, partition, from: low, to: end })),
    );
  const counts = new Map<string, number>();
  await readLog({
    kafka: kafkaOf(context),
    ranges,
    onMessages: async (_, messages) => {
      for (const { key } of messages) {
        const [county = '', ...rest] = (key?.toString('utf8') ?? '').split('/');
        // What has no proper key is a dead letter whoever is registered.
        if (rest.length > 1 && !known.has(county)) counts.set(county, (counts.get(county) ?? 0) + 1);
      }
    },
  });
  return counts;
}

const SHOWN = 20;

/** One sentence for people; undefined when every county is registered. */
export function unregisteredText(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size === 0) return undefined;
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const list = sorted.slice(0, SHOWN).map(([county, count]) => `${shownLine(county)}（${countText(count)} 条）`);
  const more = sorted.length > SHOWN ? `等 ${sorted.length} 个` : '';
  return `日志中有没有登记的县的消息：${list.join('、')}${more}。重建后这些都成为死信；请先登记（pingan county add），或以后登记了再用 pingan dead-letter replay --reason unknown_county 补入。`;
}
