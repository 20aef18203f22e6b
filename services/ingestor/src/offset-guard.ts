import type { OutOfRange } from '@pingan/messaging';
import type { Logger, Metrics } from '@pingan/runtime';

/**
 * Holds intake from the moment the log does not have an offset that is to be read, until every committed offset lies
 * within the log again. Nothing is passed over meanwhile: where to go on is for an operator to decide.
 */
export class OffsetGuard {
  private because: string | undefined;
  /** The consumer that reported it has not been stopped yet. */
  private fresh = false;
  private readonly count: (topic: string, partition: number) => void;

  constructor(private readonly options: { look: () => Promise<OutOfRange[]>; metrics: Metrics; log: Logger }) {
    const counter = options.metrics.counter({
      name: 'pingan_offsets_out_of_range_total',
      help: 'How often the log did not have the offset that was to be read; intake holds until it is settled',
      labels: ['topic', 'partition'],
    });
    options.metrics.gauge({
      name: 'pingan_intake_held',
      help: '1 while nothing is read because the log does not have the offset that is to be read next',
      read: (gauge) => gauge.set(this.because === undefined ? 0 : 1),
    });
    this.count = (topic, partition) => counter.inc({ topic, partition: String(partition) });
  }

  /** For an operator; undefined while intake need not be held. */
  get reason(): string | undefined {
    return this.because;
  }

  /** The log does not have the offset `wanted`. */
  report({ topic, partition, wanted }: { topic: string; partition: number; wanted: bigint }): void {
    this.count(topic, partition);
    this.fresh = true;
    this.say({ topic, partition, wanted: String(wanted) }, `${topic} 分区 ${partition} 位移 ${wanted} 不在日志中`);
  }

  /**
   * Looks whether it is settled, to be called again and again; while Kafka does not answer it is not. The first answer after a
   * report is never yes, because the consumer that has reported must end: it would not read that partition again.
   */
  async look(): Promise<string | undefined> {
    if (this.because === undefined) return undefined;
    if (this.fresh) {
      this.fresh = false;
      return this.because;
    }
    const found = await this.options.look().catch(() => undefined);
    if (found === undefined) return this.because;
    if (found.length > 0) {
      const places = found.map(
        ({ topic, partition, committed, low, end }) =>
          `${topic} 分区 ${partition} 已入库至位移 ${committed}，而日志现有 ${low} 至 ${end}`,
      );
      this.say({ found: found.map((place) => Object.values(place).join(' ')) }, places.join('；'));
    } else {
      this.because = undefined;
      this.options.log.info('各分区位移均在日志之内，继续读取日志');
    }
    return this.because;
  }

  private say(details: object, text: string): void {
    if (this.because === text) return;
    this.because = text;
    this.options.log.error(details, `${text}：入库已暂停，没有跳过任何消息`);
  }
}
