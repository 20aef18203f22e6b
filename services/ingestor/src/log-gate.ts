import { ingestorGroup } from '@pingan/contracts';
import { checkLog, type Epochs, type LogProblem, type LogVerdict, problemTexts } from '@pingan/intake';
import { isKafkaMoving, type KafkaClient, kafkaMovingText, onNewAdmin } from '@pingan/messaging';
import { type Logger, type Metrics, within } from '@pingan/runtime';
import type { Store } from '@pingan/store';

/** How often ids and ends of the log are compared with what is noted while the log is read. */
const CHECK_MS = 5_000;

/** A look is given up after this long, so that a stop does not wait for an engine; a thorough one reads whole columns. */
const LOOK_MS = 10_000;
const THOROUGH_MS = 60_000;

const kinds = ['replaced', 'shorter', 'deleted', 'store_lost', 'topic_missing'] as const;

export interface LogGateOptions {
  kafka: KafkaClient;
  store: Pick<Store, 'logs'>;
  log: Logger;
  metrics: Metrics;
}

/**
 * Whether the log may be read: it is the one the store was filled from. The first log of an empty store is noted, and so are
 * partitions that were added; anything else waits for an operator.
 */
export class LogGate {
  private found: Pick<LogVerdict, 'epochs' | 'problems'> | undefined;
  private checkedAt = Number.NEGATIVE_INFINITY;
  private told = '';
  private isMoving = false;
  /** The consumer met an offset that the log does not have, and must end: it would not read that partition again. */
  private reported = false;
  private readonly countOutOfRange: (topic: string, partition: number) => void;
  private readonly countGrown: (topics: number) => void;

  constructor(private readonly options: LogGateOptions) {
    const { metrics } = options;
    metrics.gauge({
      name: 'pingan_log_problems',
      help: 'Why the log is not read, by kind; 0 when it fits what is stored',
      labels: ['kind'],
      read: (gauge) => {
        for (const kind of kinds) gauge.set({ kind }, this.problems.filter((one) => one.kind === kind).length);
      },
    });
    const counter = metrics.counter({
      name: 'pingan_offsets_out_of_range_total',
      help: 'How often the log did not have the offset that was to be read; intake holds until it is settled',
      labels: ['topic', 'partition'],
    });
    const added = metrics.counter({
      name: 'pingan_partitions_added_total',
      help: 'Topics that were found to have more partitions than were noted',
    });
    added.inc(0);
    this.countGrown = (topics) => added.inc(topics);
    this.countOutOfRange = (topic, partition) => counter.inc({ topic, partition: String(partition) });
  }

  /** What is wrong, as far as is known; empty while the log may be read. */
  get problems(): readonly LogProblem[] {
    return this.found?.problems ?? [];
  }

  /** Why the log is not read, in words for readiness; undefined when it is, or Kafka is away altogether. */
  get obstacle(): string | undefined {
    if (this.problems.length > 0) return '日志与库不符';
    return this.isMoving ? kafkaMovingText : undefined;
  }

  get epochs(): Epochs {
    return this.found?.epochs ?? new Map();
  }

  /** The log does not have the offset `wanted`, which the consumer was to read next. */
  report({ topic, partition, wanted }: { topic: string; partition: number; wanted: bigint }): void {
    this.reported = true;
    this.options.log.error(
      { topic, partition, wanted: String(wanted) },
      '日志中没有下一条要读的消息，入库暂停，没有跳过任何消息',
    );
  }

  /**
   * Why the log must not be read; looks again unless it did a moment ago. Thorough before reading begins: a store that goes
   * further than the log is found by its rows only. An engine that is away changes nothing.
   */
  async whyHeld({ reading }: { reading: boolean }): Promise<string | undefined> {
    if (this.reported) {
      this.reported = false;
      return '日志中没有下一条要读的消息';
    }
    if (reading && performance.now() - this.checkedAt < CHECK_MS) return undefined;
    try {
      await this.look({ thorough: !reading });
      this.moves(false);
    } catch (error) {
      this.moves(isKafkaMoving(error));
      this.options.log.debug({ detail: (error as Error).message }, '暂时无法核对日志');
      return reading ? undefined : '无法核对日志';
    }
    return this.obstacle;
  }

  private moves(isMoving: boolean): void {
    if (isMoving && !this.isMoving) this.options.log.warn(`${kafkaMovingText}，等待完成`);
    this.isMoving = isMoving;
  }

  private check(how: { thorough: boolean }): Promise<LogVerdict> {
    const { kafka, store } = this.options;
    const ms = how.thorough ? THOROUGH_MS : LOOK_MS;
    const readState = () => onNewAdmin(kafka, (admin) => admin.state(ingestorGroup), ms);
    return within(ms, () => checkLog(readState, store, how));
  }

  private async look(how: { thorough: boolean }): Promise<void> {
    const { store, log } = this.options;
    let verdict = await this.check(how);
    if (verdict.problems.length === 0 && verdict.toNote.length > 0) {
      const { epochs, toNote } = verdict;
      // A log is noted for the first time only after a look at the tables: they may have been emptied under it.
      if (!how.thorough && toNote.some(({ topic }) => !epochs.has(topic))) return this.look({ thorough: true });
      const grown = toNote.filter(({ topic }) => epochs.has(topic));
      for (const { topic, partitions } of grown) log.warn({ topic, partitions }, '主题的分区增加了，新分区一并读取');
      await store.logs.note(toNote);
      this.countGrown(grown.length);
      verdict = await this.check(how);
    }
    this.checkedAt = performance.now();
    this.found = verdict;
    const text = problemTexts(verdict.problems).join(' ');
    if (text === this.told) return;
    this.told = text;
    if (text === '') log.info('日志与库相符，继续读取');
    else log.error({ problems: verdict.problems.map(plain) }, text);
    for (const problem of verdict.problems) {
      if (problem.kind === 'deleted' || problem.kind === 'shorter')
        this.countOutOfRange(problem.topic, problem.partition);
    }
  }

  /** Says which settings of the topics let Kafka throw messages away. */
  async tellRetention(): Promise<void> {
    const forgetting = await onNewAdmin(this.options.kafka, (admin) => admin.forgettingTopics());
    for (const { topic, name, value } of forgetting) {
      this.options.log.warn({ topic, setting: name, value }, '主题设置会删除消息，而日志应永久保留');
    }
  }
}

/** JSON knows no bigint. */
const plain = (problem: LogProblem) =>
  Object.fromEntries(Object.entries(problem).map(([k, v]) => [k, typeof v === 'bigint' ? String(v) : v]));
