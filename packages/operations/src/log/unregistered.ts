import { eventTopics, ingestorGroup, positionOf } from '@pingan/contracts';
import { readLog } from '@pingan/messaging';
import { kafkaOf, withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';

/** Messages of the log by county (as their keys say) that nobody has registered: reading them makes dead letters. */
export async function unregisteredInLog(installation: Installation): Promise<Map<string, number>> {
  const known = new Set((await installation.store.counties.list()).map(({ code }) => code));
  const { topics } = await withAdmin(installation, (admin) => admin.state(ingestorGroup));
  const ranges = topics
    .filter(({ topic }) => eventTopics.includes(topic))
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, end }) => ({ topic, partition, from: low, to: end })),
    );
  const isLeftOut = await leftOut(installation);
  const counts = new Map<string, number>();
  await readLog({
    kafka: kafkaOf(installation),
    ranges,
    onMessages: async (place, messages) => {
      for (const { key, offset } of messages) {
        const [county = '', ...rest] = (key?.toString('utf8') ?? '').split('/');
        // A message without a proper key is a dead letter, whichever counties are registered.
        if (rest.length > 1 && !known.has(county) && !isLeftOut(county, place, offset))
          counts.set(county, (counts.get(county) ?? 0) + 1);
      }
    },
  });
  return counts;
}

/** Tells messages of counties that were removed, or start later: reading them again stores nothing and makes no letter. */
async function leftOut({ store }: Installation) {
  const [starts, logs] = await Promise.all([store.countyData.starts(), store.logs.known()]);
  const epochs = new Map(logs.map(({ topic, epoch }) => [topic, epoch]));
  const placeOf = (county: string, { topic, partition }: { topic: string; partition: number }) =>
    `${county} ${topic} ${partition}`;
  const first = new Map(starts.map((start) => [placeOf(start.county, start), start.position]));
  return (county: string, place: { topic: string; partition: number }, offset: number | bigint | string) =>
    positionOf(epochs.get(place.topic) ?? 0, offset) < (first.get(placeOf(county, place)) ?? 0);
}
