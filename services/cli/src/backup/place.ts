import { checkLogBy, watermarkOf } from '@pingan/intake';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import type { Manifest } from './manifest.js';

/**
 * Where the group stands in the logs that the store was filled from: everything below is in the tables. A topic that is another one
 * by now has no place: nothing can be read again from it.
 */
export async function readPlace(context: Context): Promise<Manifest['log']> {
  return withAdmin(context, async (admin) => {
    const verdict = await checkLogBy(admin, context.store, { thorough: false });
    const known = new Map((await context.store.logs.known()).map((log) => [log.topic, log]));
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
