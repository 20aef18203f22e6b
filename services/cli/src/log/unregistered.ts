import { eventTopics, ingestorGroup, positionOf } from '@pingan/contracts';
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
  const isLeftOut = await leftOut(context);
  const counts = new Map<string, number>();
  await readLog({
    kafka: kafkaOf(context),
    ranges,
    onMessages: async (place, messages) => {
      for (const { key, offset } of messages) {
        const [county = '', ...rest] = (key?.toString('utf8') ?? '').split('/');
        // What has no proper key is a dead letter whoever is registered.
        if (rest.length > 1 && !known.has(county) && !isLeftOut(county, place, offset))
          counts.set(county, (counts.get(county) ?? 0) + 1);
      }
    },
  });
  return counts;
}

/** Tells messages of counties that were removed, or start later: reading them again stores nothing and makes no letter. */
async function leftOut(context: Context) {
  const [starts, logs] = await Promise.all([context.store.countyData.starts(), context.store.logs.known()]);
  const epochs = new Map(logs.map(({ topic, epoch }) => [topic, epoch]));
  const placeOf = (county: string, { topic, partition }: { topic: string; partition: number }) =>
    `${county} ${topic} ${partition}`;
  const first = new Map(starts.map((start) => [placeOf(start.county, start), start.position]));
  return (county: string, place: { topic: string; partition: number }, offset: number | bigint | string) =>
    positionOf(epochs.get(place.topic) ?? 0, offset) < (first.get(placeOf(county, place)) ?? 0);
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
