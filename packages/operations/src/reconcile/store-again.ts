import { randomBytes } from 'node:crypto';
import { topicOf, unavailable } from '@pingan/contracts';
import { MessagePack, openHeardQueue, type RawMessage, WindowStorer } from '@pingan/messaging';
import { catalogueDigest } from '@pingan/store';
import type { Installation } from '../installation.js';
import { askForComponents } from '../waiting.js';
import { compareComponents } from './compare-components.js';
import type { LogPlace } from './log-facts.js';

export type StoreAgain = (place: LogPlace, messages: RawMessage[]) => Promise<void>;

/** The aggregator answers within seconds; without an answer for this long nobody is there. */
const GIVE_UP_MS = 120_000;

/**
 * Hands messages of the log to the aggregator once more, at the offsets they have: judged, set aside or stored as when
 * they arrived. The window has a name of its own, because ClickHouse drops a block whose token it has seen.
 */
export async function withStoreAgain<T>(
  installation: Installation,
  use: (store: StoreAgain) => Promise<T>,
): Promise<T> {
  const { queue, events, enqueue, close } = await openHeardQueue('store', {
    ...installation.endpoints,
    log: installation.log,
  });
  const giveUp = new AbortController();
  // One for all: each listens to what becomes of jobs as long as the connection stands.
  const storer = new WindowStorer({ redis: enqueue, queue, events, log: installation.log, signal: giveUp.signal });
  try {
    return await use(async ({ stream, partition }, messages) => {
      const late = setTimeout(() => giveUp.abort(), GIVE_UP_MS);
      const pack = new MessagePack();
      for (const message of messages) pack.add(message);
      await storer
        .store({
          topic: topicOf(stream),
          partition,
          first: String(messages[0]!.offset),
          last: String(messages.at(-1)!.offset),
          again: randomBytes(8).toString('hex'),
          count: messages.length,
          since: Date.now(),
          packed: pack.bytes(),
          release: () => undefined,
        })
        .catch((error: unknown) => {
          if (!giveUp.signal.aborted) throw error;
          throw unavailable('aggregator 两分钟没有应答。请用 pingan status 查看。');
        })
        .finally(() => clearTimeout(late));
    });
  } finally {
    await close();
  }
}

/** A computation that began before the mark may overwrite it; then the mark is set again. */
const ATTEMPTS = 5;

/**
 * Has the components of a county computed again and waits until they equal the case tables.
 * @throws Refusal (unavailable) when they still differ after several attempts.
 */
export async function recomputeComponents(installation: Installation, county: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await installation.store.components.mark(county);
    await askForComponents(installation, county, (state) => state === undefined || state.catalogue === catalogueDigest);
    if ((await compareComponents(installation, county)) === 0) return;
  }
  throw unavailable(`${county} 的月度分量重算后仍与案件不符。请用 pingan status 查看 aggregator。`);
}
