import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { within } from './within.js';

export type { Counter, Gauge, Histogram } from 'prom-client';

/** A scrape must not hang on an engine that does not answer: Prometheus waits for ten seconds. */
const COLLECT_MS = 5_000;

/** Seconds of one insert, one window, one computation. */
export const secondsBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

interface Described<L extends string> {
  /** `pingan_…`, with the unit and, for a counter, `_total` at the end. */
  name: string;
  help: string;
  /** Every label has few values, known beforehand: never the id of a case. */
  labels?: readonly L[];
}

/**
 * The figures of one process by Prometheus' conventions, with those of Node.js itself (memory, processor, event-loop delay,
 * garbage collection). Each carries the label `service`.
 */
export class Metrics {
  private readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = never>({ name, help, labels = [] }: Described<L>): Counter<L> {
    return new Counter({ name, help, labelNames: labels, registers: [this.registry] });
  }

  histogram<L extends string = never>(options: Described<L> & { buckets: readonly number[] }): Histogram<L> {
    const { name, help, labels = [], buckets } = options;
    return new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [this.registry] });
  }

  /**
   * A gauge, with `read` one that is read when someone asks. What cannot be read now is unknown, and says so: a gauge with labels is absent, one
   * without is NaN; it is never 0 for want of an answer.
   */
  gauge<L extends string = never>(
    options: Described<L> & { read?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L> {
    const { name, help, labels = [], read } = options;
    const forget = () => (labels.length > 0 ? gauge.reset() : (gauge as Gauge).set(Number.NaN));
    const gauge: Gauge<L> = new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [this.registry],
      collect: async () => {
        if (!read) return;
        forget();
        await within(COLLECT_MS, async () => read(gauge)).catch(forget);
      },
    });
    return gauge;
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Everything in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
