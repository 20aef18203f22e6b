import { deadLetterTopic } from '@pingan/contracts';
import { type CountyRegistry, checkLogBy } from '@pingan/intake';
import { inTurn, type KafkaClient, type LogAdmin, type openQueue } from '@pingan/messaging';
import { compareNightly } from '@pingan/reconcile';
import { houseTimeZone } from '@pingan/regions';
import { isDue, type Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';

type Redis = Parameters<typeof openQueue>[1];

export interface NightlyTask {
  /** `HH:MM` in the zone of the first county, or `off`. */
  at: string;
  checkMs: number;
  store: Store;
  registry: CountyRegistry;
  kafka: KafkaClient;
  admin: LogAdmin;
  redis: Redis;
  log: Logger;
  signal: AbortSignal;
}

async function reconcile({ store, registry, kafka, admin, log, signal }: NightlyTask): Promise<void> {
  const verdict = await checkLogBy(admin, store, { thorough: true });
  // The ingestor tells of a log that does not fit.
  if (verdict.problems.length > 0 || verdict.epochs.size === 0) return;
  const letters = verdict.state.topics.find(({ topic }) => topic === deadLetterTopic)?.partitions ?? [];
  // A letter is in its topic before the offset of its message is committed, but perhaps not yet in its table.
  if (letters.some(({ low, end, committed }) => end > (committed ?? low))) return;
  await registry.load();
  const begunAt = performance.now();
  const result = await compareNightly({ store, registry, kafka, verdict, signal });
  await store.reconciles.record({ county: '', ...result, kind: 'nightly' });
  const seconds = Math.round((performance.now() - begunAt) / 1000);
  const { read, messages, differences } = result;
  if (differences === 0) log.info({ read, messages, seconds }, '每日对账一致');
  else log.error({ read, messages, seconds, differences }, '每日对账有差异，用 pingan reconcile --repair 修复');
}

/** Compares log and store once a night in one of the aggregators; what fails is tried again. Returns how to end it. */
export function startNightlyReconcile(task: NightlyTask): { stop: () => void } {
  if (task.at === 'off') return { stop: () => undefined };
  let running = false;
  const due = async () => {
    const timeZone = houseTimeZone(task.registry.all().map(({ county }) => county));
    return isDue(task.at, { lastMs: await task.store.reconciles.lastAttempt(), nowMs: Date.now(), timeZone });
  };
  const look = async (): Promise<void> => {
    if (running || !(await due())) return;
    running = true;
    try {
      await inTurn(task.redis, 'reconcile', async () => {
        // Another process may just have ended its turn.
        if (await due()) await reconcile(task);
      });
    } catch (error) {
      if (!task.signal.aborted) task.log.warn({ detail: (error as Error).message }, '每日对账没有完成，稍后再试');
    } finally {
      running = false;
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), task.checkMs);
  return { stop: () => clearInterval(timer) };
}
