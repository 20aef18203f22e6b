import type { Rescore } from './growth.js';
import { type ContenderName, contenderNames, type Results, type Step } from './results.js';

/** What the benchmark is held to: a ratio of two figures of one run, or a time. */
const marks: ReadonlyArray<{
  name: string;
  what: string;
  least: number;
  aim: number;
  better: 'more' | 'less';
  unit?: string;
}> = [
  {
    name: 'path_to_clickhouse_kafka',
    what: 'whole path ÷ ClickHouse Kafka engine',
    least: 0.5,
    aim: 1,
    better: 'more',
  },
  { name: 'path_to_minimal_sink', what: 'whole path ÷ minimal hand-written sink', least: 0.7, aim: 1, better: 'more' },
  {
    name: 'memory_at_ten_times_backlog',
    what: 'peak memory at 10× backlog ÷ at 1×',
    least: 1.1,
    aim: 1,
    better: 'less',
  },
  {
    name: 'latency_p95_at_1000',
    what: 'event → ranking p95 at 1,000 events/s',
    least: 5,
    aim: 2,
    better: 'less',
    unit: ' s',
  },
  {
    name: 'time_per_event_in_full_store',
    what: 'time per event into the large store ÷ into the small one (10^7, 10^5 versions)',
    least: 1.15,
    aim: 1,
    better: 'less',
  },
  {
    name: 'time_per_event_at_large_backlog',
    what: 'time per event of the largest backlog ÷ of 10^5 events',
    least: 1.15,
    aim: 1,
    better: 'less',
  },
  {
    name: 'rescore_in_full_store',
    what: 're-score after one late event in the large store ÷ in the small one',
    least: 3,
    aim: 1.5,
    better: 'less',
  },
];

const whole = (value: number) => Math.round(value).toLocaleString('en');
const short = (value: number) => (value >= 100 ? whole(value) : value.toPrecision(3));

type Row = readonly string[];

function markdown(head: Row, rows: readonly Row[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (row: Row) => `| ${widths.map((width, i) => (row[i] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

function stepRows(steps: readonly Step[], what: (step: Step) => string): Row[] {
  return steps.map((step) => [
    what(step),
    step.microseconds_per_event.toFixed(1),
    step.total_seconds.toFixed(1),
    whole(step.ingestor_mebibytes),
    whole(step.aggregators_mebibytes),
  ]);
}

const stepHead = ['', 'µs per event', 's in all', 'Peak MiB: ingestor', 'all aggregators'];

function rescoreRow(r: Rescore): Row {
  return [
    `${whole(r.versions)} versions, ${whole(r.townships)} townships`,
    r.all_components.toFixed(1),
    r.all_months.toFixed(1),
    whole(r.late_refresh),
    whole(r.late_score),
  ];
}

/** The tables of the README, from one run's figures. */
export function readmeTables(results: Results): string {
  const { machine, versions, bounds, contenders } = results;
  const names = Object.keys(contenders) as ContenderName[];
  const processes = names.flatMap((name) =>
    Object.entries(contenders[name].processes).map(
      ([process, used]): Row => [
        `${contenderNames[name]}: ${process}`,
        used.processor_seconds_per_million.toFixed(1),
        whole(used.peak_mebibytes),
      ],
    ),
  );
  return [
    `${results.at.slice(0, 10)}: ${machine.cores} × ${machine.processor}, ${machine.memory_gibibytes} GiB, Node ${versions.node}, ` +
      `ClickHouse ${versions.clickhouse}, Kafka ${versions.kafka}, Redis ${versions.redis}, all on this machine. ` +
      `${whole(results.events)} events of ${whole(results.bytes_per_event)} bytes (seed ${results.seed}), four topics of ` +
      `${results.partitions} partitions, ${results.aggregators} aggregators; medians of ${contenders.product.repetitions.length}.`,
    markdown(
      ['Mark', 'At least', 'Aim', 'Measured', ''],
      marks
        .filter(({ name }) => results.ratios[name] !== undefined)
        .map(({ name, what, least, aim, better, unit = '' }) => {
          const value = results.ratios[name]!;
          const reaches = (limit: number) => (better === 'more' ? value >= limit : value <= limit);
          const verdict = reaches(aim) ? 'aim met' : reaches(least) ? 'met' : 'missed';
          return [what, `${least}${unit}`, `${aim}${unit}`, `${value.toFixed(2)}${unit}`, verdict];
        }),
    ),
    markdown(
      ['', 'Events/s'],
      [
        ['bound: read the topics, nothing else', whole(bounds.consume_only)],
        ['bound: windows through the queue, nothing else', whole(bounds.queue_hop_only)],
        ['bound: blocks into the case tables, nothing else', whole(bounds.insert_only)],
        ...names.map(
          (name): Row => [`**${contenderNames[name]}**`, `**${whole(contenders[name].events_per_second)}**`],
        ),
      ],
    ),
    markdown(['Process', 'CPU s per million events', 'Peak MiB'], processes),
    markdown(
      ['Event sent → ranking changed', 'p50 s', 'p95 s', 'p99 s', 'Rankings/min'],
      results.latency.map((l) => [
        `${whole(l.events_per_second)} events/s`,
        ...[l.p50, l.p95, l.p99].map((ms) => (ms / 1000).toFixed(2)),
        whole((l.rankings / l.seconds) * 60),
      ]),
    ),
    markdown(stepHead, [
      ...stepRows(results.backlog, ({ what }) => `backlog of ${whole(what)} events`),
      ...stepRows(results.full_store, ({ what, events }) => `${whole(events)} events into a store of ${whole(what)}`),
      ...stepRows(results.partition_counts, ({ what }) => `${what} partition(s) a topic`),
      ...stepRows(results.aggregator_counts, ({ what }) => `${what} aggregator(s)`),
    ]),
    markdown(
      ['Store', 'All components s', 'All months scored s', 'Late event: components ms', 'Late event: scores ms'],
      [...results.rescore, ...results.township_counts].map(rescoreRow),
    ),
  ].join('\n\n');
}

/** For machines: one line for each mark. */
export function ratioLines(results: Results): string {
  return Object.entries(results.ratios)
    .map(([name, value]) => `RATIO ${name} ${short(value)}`)
    .join('\n');
}
