import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { KAFKA_VERSION } from '@pingan/local-engines';
import { median, type Pace } from './figures.js';
import type { Rescore } from './growth.js';
import type { Latency } from './latency.js';
import type { Usage } from './process-figures.js';
import type { Site } from './site.js';
import type { Form } from './sizes.js';

export const contenderNames = {
  product: 'whole path',
  clickhouse_kafka: "ClickHouse's Kafka engine",
  minimal_sink: 'minimal sink by hand',
} as const;

export type ContenderName = keyof typeof contenderNames;

export interface ContenderResult {
  /** Medians over the repetitions. */
  events_per_second: number;
  total_seconds: number;
  repetitions: Pace[];
  /** Of the repetition in the middle: seconds of processor time per million events, peak memory in MiB. */
  processes: Record<string, { processor_seconds_per_million: number; peak_mebibytes: number }>;
}

/** One passage of so many events: with another number of them, of partitions, of aggregators, or into a full store. */
export interface Step {
  what: number;
  events: number;
  microseconds_per_event: number;
  total_seconds: number;
  /** Highest resident memory of the ingestor, and of all aggregators together. */
  ingestor_mebibytes: number;
  aggregators_mebibytes: number;
}

export interface Results {
  form: Form;
  at: string;
  machine: { processor: string; cores: number; memory_gibibytes: number };
  versions: { node: string; clickhouse: string; kafka: string; redis: string };
  seed: number;
  events: number;
  bytes_per_event: number;
  townships: number;
  months: { from: string; count: number };
  partitions: number;
  aggregators: number;
  /** Events per second. */
  fill: number;
  bounds: { consume_only: number; queue_hop_only: number; insert_only: number };
  contenders: Record<ContenderName, ContenderResult>;
  latency: Latency[];
  backlog: Step[];
  full_store: Step[];
  partition_counts: Step[];
  aggregator_counts: Step[];
  rescore: Rescore[];
  township_counts: Rescore[];
  ratios: Record<string, number>;
}

export async function surroundings(site: Site): Promise<Pick<Results, 'machine' | 'versions'>> {
  const [clickhouse] = await site.rows<{ version: string }>('SELECT version() AS version');
  return {
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory_gibibytes: Math.round(totalmem() / 2 ** 30),
    },
    versions: {
      node: process.version,
      clickhouse: clickhouse?.version ?? 'unknown',
      kafka: KAFKA_VERSION,
      redis: /redis_version:(\S+)/.exec(await site.redis.info('server'))?.[1] ?? 'unknown',
    },
  };
}

export function contenderResult(
  passages: ReadonlyArray<Pace & { usage: Record<string, Usage> }>,
  events: number,
): ContenderResult {
  const sorted = [...passages].sort((a, b) => a.events_per_second - b.events_per_second);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return {
    events_per_second: Math.round(median(passages.map((p) => p.events_per_second))),
    total_seconds: median(passages.map((p) => p.total_seconds)),
    repetitions: passages.map(({ usage: _, ...pace }) => pace),
    processes: Object.fromEntries(
      Object.entries(middle.usage).map(([name, { processor_seconds, peak_mebibytes }]) => [
        name,
        { processor_seconds_per_million: (processor_seconds / events) * 1e6, peak_mebibytes },
      ]),
    ),
  };
}

/** `test/bench/results.json`, beside the source. */
const file = new URL('../../bench/results.json', import.meta.url);

export const readResults = (): Results => JSON.parse(readFileSync(file, 'utf8')) as Results;

const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);

export const writeResults = (results: Results): void => writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`);
