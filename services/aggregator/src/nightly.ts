import { deadLetterTopic, eventTopics, ingestorGroup, streamOfTopic } from '@pingan/contracts';
import type { CountyRegistry } from '@pingan/intake';
import { type createKafka, inTurn, type openQueue, partitionLags } from '@pingan/messaging';
import { compareNightly, placeOf } from '@pingan/reconcile';
import { isDue, type Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';

type Kafka = ReturnType<typeof createKafka>;
type Admin = ReturnType<Kafka['admin']>;
type Redis = Parameters<typeof openQueue>[1];

const TIME_ZONE = 'Asia/Shanghai';

export interface NightlyTask {
  /** `HH:MM` in China, or `off`. */
  at: string;
  checkMs: number;
  store: Store;
  registry: CountyRegistry;
  kafka: Kafka;
  admin: Admin;
  redis: Redis;
  log: Logger;
  signal: AbortSignal;
}

/** Low and high ends of the event topics, by `placeOf`. */
async function ends(admin: Admin, which: 'low' | 'high'): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const topic of eventTopics) {
    for (const end of await admin.fetchTopicOffsets(topic))
      found.set(placeOf(streamOfTopic(topic)!, end.partition), Number(end[which]));
  }
  return found;
}

async function reconcile({ store, registry, kafka, admin, log, signal }: NightlyTask): Promise<void> {
  const lags = await partitionLags(admin, ingestorGroup);
  const letters = (await partitionLags(admin, ingestorGroup)).filter(({ topic }) => topic === deadLetterTopic);
  // A letter is in its topic before the offset of its message is committed, but perhaps not yet in its table.
  if (letters.some(({ lag }) => lag > 0n)) return;
  await registry.load();
  const begunAt = performance.now();
  const lowest = await ends(admin, 'low');
  const endsNow = () => ends(admin, 'high');
  const result = await compareNightly({ store, registry, kafka, lags, lowest, endsNow, signal });
  await store.reconciles.record({ county: '', ...result, kind: 'nightly' });
  const seconds = Math.round((performance.now() - begunAt) / 1000);
  const { read, messages, differences } = result;
  if (differences === 0) log.info({ read, messages, seconds }, '每日对账一致');
  else log.error({ read, messages, seconds, differences }, '每日对账有差异,用 pingan reconcile --repair 修复');
}

/** Compares log and store once a night in one of the aggregators; what fails is tried again. Returns how to end it. */
export function startNightlyReconcile(task: NightlyTask): { stop: () => void } {
  if (task.at === 'off') return { stop: () => undefined };
  let running = false;
  const due = async () =>
    isDue(task.at, { lastMs: await task.store.reconciles.lastAttempt(), nowMs: Date.now(), timeZone: TIME_ZONE });
  const look = async (): Promise<void> => {
    if (running || !(await due())) return;
    running = true;
    try {
      await inTurn(task.redis, 'reconcile', async () => {
        // Another process may just have ended its turn.
        if (await due()) await reconcile(task);
      });
    } catch (error) {
      if (!task.signal.aborted) task.log.warn({ detail: (error as Error).message }, '每日对账没有完成,稍后再试');
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), task.checkMs);
  return { stop: () => clearInterval(timer) };
}
