import { checkLogBy, watermarkOf } from '@pingan/intake';
import { withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';
import type { Manifest } from './manifest.js';

/**
 * Where the group stands in the logs that the store was filled from: everything below is in the tables. A topic that is another one
 * by now has no place: nothing can be read again from it.
 */
export async function readPlace(installation: Installation): Promise<Manifest['log']> {
  return withAdmin(installation, async (admin) => {
    const verdict = await checkLogBy(admin, installation.store, { thorough: false });
    const known = new Map((await installation.store.logs.known()).map((log) => [log.topic, log]));
    const topics = verdict.state.topics.filter(({ topic, id }) => known.get(topic)?.topic_id === id);
    const left = verdict.state.topics
      .flatMap(({ partitions }) => partitions)
      .reduce((sum, { end, low, committed }) => sum + Number(end - (committed ?? low)), 0);
    return {
      watermark: watermarkOf({ ...verdict, state: { ...verdict.state, topics } }),
      topics: topics.map(({ topic, id }) => ({ topic, id })),
      waiting: left,
    };
  });
}
