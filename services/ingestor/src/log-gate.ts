import { checkLog, type Epochs, type LogProblem, problemTexts } from '@pingan/intake';
import { forgettingTopics, type LogAdmin } from '@pingan/messaging';
import type { Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';

/** How often ids and ends of the log are compared with what is noted while the log is read. */
const CHECK_MS = 5_000;

export interface LogGateOptions {
  /** A connected admin client of Kafka. */
  admin: LogAdmin;
  store: Pick<Store, 'logs'>;
  log: Logger;
}

/**
 * Whether the log may be read: it is the one the store was filled from. The first log of an empty store is noted, and so are
 * partitions that were added; anything else waits for an operator.
 */
export class LogGate {
  private found: { epochs: Epochs; problems: readonly LogProblem[] } | undefined;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private told = '';

  constructor(private readonly options: LogGateOptions) {}

  /** What is wrong, as far as is known; empty while the log may be read. */
  get problems(): readonly LogProblem[] {
    return this.found?.problems ?? [];
  }

  get epochs(): Epochs {
    return this.found?.epochs ?? new Map();
  }

  /**
   * Looks again unless it did a moment ago. Thorough before reading begins: a store that goes further than the log is found
   * by its rows only. An engine that is away changes nothing. Returns whether the log may be read.
   */
  async mayRead({ reading }: { reading: boolean }): Promise<boolean> {
    if (reading && performance.now() - this.checkedAt < CHECK_MS) return true;
    try {
      await this.look(!reading);
    } catch (error) {
      this.options.log.debug({ detail: (error as Error).message }, '暂时无法核对日志');
      return reading;
    }
    return this.problems.length === 0;
  }

  private async look(thorough: boolean): Promise<void> {
    const { admin, store, log } = this.options;
    let verdict = await checkLog(admin, store, { thorough });
    if (verdict.problems.length === 0 && verdict.toNote.length > 0) {
      const { epochs, toNote } = verdict;
      const added = toNote.filter(({ topic }) => epochs.has(topic));
      for (const { topic, partitions } of added) log.warn({ topic, partitions }, '主题的分区增加了，新分区一并读取');
      await store.logs.note(toNote);
      verdict = await checkLog(admin, store, { thorough });
    }
    this.checkedAt = performance.now();
    this.found = verdict;
    const text = problemTexts(verdict.problems).join(' ');
    if (text !== this.told && text !== '') log.error({ problems: verdict.problems.map(plain) }, text);
    if (text === '' && this.told !== '') log.info('日志与库相符，继续读取');
    this.told = text;
  }

  /** Says which settings of the topics let Kafka throw messages away. */
  async tellRetention(): Promise<void> {
    for (const { topic, name, value } of await forgettingTopics(this.options.admin)) {
      this.options.log.warn({ topic, setting: name, value }, '主题设置会删除消息，而日志应永久保留');
    }
  }
}

/** JSON knows no bigint. */
const plain = (problem: LogProblem) =>
  Object.fromEntries(Object.entries(problem).map(([k, v]) => [k, typeof v === 'bigint' ? String(v) : v]));
