import { eventTopics, ingestorGroup } from '@pingan/contracts';
import { readLog, readLogState } from '@pingan/messaging';
import { kafkaOf, withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';

/** Messages of the log by county (as their keys say) that nobody has registered: reading them makes dead letters. */
export async function unregisteredInLog(installation: Installation): Promise<Map<string, number>> {
  const known = new Set((await installation.store.counties.list()).map(({ code }) => code));
  const { topics } = await withAdmin(installation, (admin) => readLogState(admin, ingestorGroup));
  const ranges = topics
    .filter(({ topic }) => eventTopics.includes(topic))
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, end }) => ({ topic, partition, from: low, to: end })),
    );
  const counts = new Map<string, number>();
  await readLog({
    kafka: kafkaOf(installation),
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
