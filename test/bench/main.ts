import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addMonths } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { consumeOnly, hopOnly, insertOnly } from './bounds.js';
import { clickhouseKafka, minimalSink, type Passage, product } from './contenders.js';
import { benchCounty, benchMonths, countyOf } from './county.js';
import { inTurn } from './figures.js';
import { fillTopics } from './fill.js';
import { copyOf, type Loaded, loadStore, multiply, rescore } from './growth.js';
import { latencies } from './latency.js';
import { ratioLines, readmeTables } from './report.js';
import {
  type ContenderName,
  contenderResult,
  type Results,
  readResults,
  type Step,
  surroundings,
  writeResults,
} from './results.js';
import { openSite, type Site } from './site.js';
import { type Form, type Sizes, sizesOf } from './sizes.js';

/**
 * The benchmark of the path of an event: README.md beside this file says what is measured and how. One run, in one of
 * two sizes; `--save` keeps its figures and puts them into that README, `--table` prints the kept ones.
 */

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
  },
});

const form: Form = values.quick ? 'quick' : 'normal';

const SEED = 1;
const LATE_SEED = 2;
const PARTITIONS = 4;
const AGGREGATORS = 2;
/** The backlogs that the largest is compared with: its time per event with a small one, its memory with a tenth of it. */
const SMALL_BACKLOG = 100_000;
const LARGE_BACKLOG = 1_000_000;
const LATE_EVENTS = 7;

const startedAt = performance.now();
const say = (text: string) =>
  void process.stderr.write(`[${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s] ${text}\n`);
const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en')} events/s`;

function stepOf(what: number, events: number, { events_per_second, total_seconds, usage }: Passage): Step {
  const mebibytes = (service: string) =>
    Object.entries(usage).reduce((sum, [name, used]) => sum + (name.startsWith(service) ? used.peak_mebibytes : 0), 0);
  const step = {
    what,
    events,
    microseconds_per_event: 1e6 / events_per_second,
    total_seconds,
    ingestor_mebibytes: mebibytes('ingestor'),
    aggregators_mebibytes: mebibytes('aggregator'),
  };
  say(
    `  ${what.toLocaleString('en')}: ${step.microseconds_per_event.toFixed(1)} µs per event, ` +
      `${step.ingestor_mebibytes} + ${step.aggregators_mebibytes} MiB`,
  );
  return step;
}

const servicesMemory = (step: Step) => step.ingestor_mebibytes + step.aggregators_mebibytes;

/** The step in the middle of several alike. */
const middleOf = (steps: readonly Step[]): Step =>
  [...steps].sort((a, b) => a.microseconds_per_event - b.microseconds_per_event)[Math.floor(steps.length / 2)]!;

async function contend(site: Site, options: { county: County; events: number; repetitions: number }) {
  const { county, events } = options;
  const runs: Record<ContenderName, () => Promise<Passage>> = {
    product: () => product(site, { county, events, aggregators: AGGREGATORS, partitions: PARTITIONS }),
    clickhouse_kafka: () => clickhouseKafka(site, { county, events }),
    minimal_sink: () => minimalSink(site, { county, events }),
  };
  const names = Object.keys(runs) as ContenderName[];
  const passages = await inTurn(options.repetitions, names, async (name) => {
    const passage = await runs[name]();
    say(`  ${name}: ${perSecond(passage.events_per_second)}, ${passage.total_seconds.toFixed(1)} s in all`);
    return passage;
  });
  const result = (name: ContenderName) => contenderResult(passages[names.indexOf(name)]!, events);
  return {
    product: result('product'),
    clickhouse_kafka: result('clickhouse_kafka'),
    minimal_sink: result('minimal_sink'),
  };
}

async function measure(site: Site, sizes: Sizes): Promise<Results> {
  const months = benchMonths(Date.now());
  const month = addMonths(months.from, months.count - 1);
  const county = benchCounty(months.from);
  const fill = async (count: number, partitions: number) => {
    await site.topics(partitions);
    const at = performance.now();
    const filled = await fillTopics(site.connection, { county, count, months, seed: SEED });
    return { ...filled, rate: (filled.events / (performance.now() - at)) * 1000 };
  };
  const passage = (events: number, aggregators = AGGREGATORS, partitions = PARTITIONS) =>
    product(site, { county, events, aggregators, partitions });

  const { events, bytes, rate } = await fill(sizes.events, PARTITIONS);
  say(`topics filled with ${events.toLocaleString('en')} events, ${perSecond(rate)}`);
  const load = { county, months, seed: SEED, count: Math.min(events, 400_000) };
  const bounds = {
    consume_only: await consumeOnly(site, events),
    queue_hop_only: await hopOnly(site, load),
    insert_only: await insertOnly(site, load),
  };
  for (const [name, bound] of Object.entries(bounds)) say(`bound, ${name}: ${perSecond(bound)}`);

  say('whole path beside its rivals');
  const contenders = await contend(site, { county, events, repetitions: sizes.repetitions });

  say('event sent → ranking changed');
  const live = await site.database(county);
  await product(site, { county, events, aggregators: AGGREGATORS, partitions: PARTITIONS, into: live });
  const latency = await latencies(site, {
    county,
    database: live,
    aggregators: AGGREGATORS,
    partitions: PARTITIONS,
    month,
    rates: sizes.rates,
    seconds: sizes.seconds,
    seed: LATE_SEED,
  });
  for (const l of latency)
    say(`  ${perSecond(l.events_per_second)}: p50 ${l.p50} ms, p95 ${l.p95} ms, p99 ${l.p99} ms`);
  await site.drop(live);

  say(`partitions of a topic, ${sizes.stepEvents.toLocaleString('en')} events`);
  const partitionCounts: Step[] = [];
  for (const partitions of sizes.partitions) {
    await fill(sizes.stepEvents, partitions);
    partitionCounts.push(
      stepOf(partitions, sizes.stepEvents, await passage(sizes.stepEvents, AGGREGATORS, partitions)),
    );
  }

  say(`aggregators, ${sizes.stepEvents.toLocaleString('en')} events`);
  await fill(sizes.stepEvents, PARTITIONS);
  const aggregatorCounts: Step[] = [];
  for (const n of sizes.aggregators) {
    aggregatorCounts.push(stepOf(n, sizes.stepEvents, await passage(sizes.stepEvents, n)));
  }

  say('late event, and more events, in stores of two sizes');
  const rescores: Results['rescore'] = [];
  const stores: Loaded[] = [];
  for (const copies of sizes.copies) {
    const loaded = await loadStore(site, { county, count: sizes.versions, months, seed: LATE_SEED });
    await multiply(site, loaded, copies);
    const found = await rescore(loaded, { county, month, events: LATE_EVENTS, seed: SEED });
    say(
      `  ${loaded.versions.toLocaleString('en')} versions: ${found.late_refresh.toFixed(0)} + ${found.late_score.toFixed(0)} ms`,
    );
    rescores.push(found);
    stores.push(loaded);
  }
  const intoStores = await inTurn(sizes.passages, stores, async (loaded) => {
    const into = await copyOf(site, loaded, county);
    const options = { county, events: sizes.stepEvents, aggregators: AGGREGATORS, partitions: PARTITIONS, into };
    const step = stepOf(loaded.versions, sizes.stepEvents, await product(site, options));
    await site.drop(into);
    return step;
  });
  const fullStore = intoStores.map(middleOf);
  for (const { database } of stores) await site.drop(database);

  say('townships');
  const townshipCounts: Results['township_counts'] = [];
  for (const townships of sizes.townships) {
    const other = countyOf(townships, months.from);
    const loaded = await loadStore(site, { county: other, count: sizes.versions, months, seed: LATE_SEED });
    const found = await rescore(loaded, { county: other, month, events: 3, seed: SEED });
    say(`  ${townships}: ${found.late_refresh.toFixed(0)} + ${found.late_score.toFixed(0)} ms`);
    townshipCounts.push(found);
    await site.drop(loaded.database);
  }

  if (sizes.backlogs.length > 0) say('backlog');
  const backlog: Step[] = [];
  for (const count of sizes.backlogs) {
    await fill(count, PARTITIONS);
    backlog.push(stepOf(count, count, await passage(count)));
  }

  const at = <T extends object, K extends keyof T>(list: readonly T[], key: K, value: T[K]) =>
    list.find((one) => one[key] === value);
  const largest = backlog.at(-1);
  const small = at(backlog, 'what', SMALL_BACKLOG);
  const thousand = latency.find(({ events_per_second }) => Math.round(events_per_second / 1_000) === 1);
  const [few, many] = [rescores[0]!, rescores.at(-1)!];
  const once = at(backlog, 'what', LARGE_BACKLOG);
  const tenTimes = at(backlog, 'what', 10 * LARGE_BACKLOG);
  const ratios: Record<string, number> = {
    path_to_clickhouse_kafka: contenders.product.events_per_second / contenders.clickhouse_kafka.events_per_second,
    path_to_minimal_sink: contenders.product.events_per_second / contenders.minimal_sink.events_per_second,
    time_per_event_in_full_store: fullStore.at(-1)!.microseconds_per_event / fullStore[0]!.microseconds_per_event,
    rescore_in_full_store: (many.late_refresh + many.late_score) / (few.late_refresh + few.late_score),
  };
  if (thousand) ratios.latency_p95_at_1000 = thousand.p95 / 1000;
  if (once && tenTimes) ratios.memory_at_ten_times_backlog = servicesMemory(tenTimes) / servicesMemory(once);
  if (small && largest) {
    ratios.time_per_event_at_large_backlog = largest.microseconds_per_event / small.microseconds_per_event;
  }
  return {
    form,
    at: new Date().toISOString(),
    ...(await surroundings(site)),
    seed: SEED,
    events,
    bytes_per_event: bytes / events,
    townships: county.regions.regions.filter(({ ranked }) => ranked).length,
    months,
    partitions: PARTITIONS,
    aggregators: AGGREGATORS,
    fill: rate,
    bounds,
    contenders,
    latency,
    backlog,
    full_store: fullStore,
    partition_counts: partitionCounts,
    aggregator_counts: aggregatorCounts,
    rescore: rescores,
    township_counts: townshipCounts,
    ratios,
  };
}

/** Between these two lines of the README beside this file stand the figures of the kept run. */
const BEGIN = '<!-- benchmark: npm run bench -- --save -->';
const END = '<!-- end of benchmark -->';

function intoReadme(tables: string): void {
  const file = new URL('../../bench/README.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`test/bench/README.md has no lines ${BEGIN} and ${END}`);
  writeFileSync(file, `${text.slice(0, from)}${BEGIN}\n\n${tables}\n\n${text.slice(to)}`);
}

if (values.table) {
  process.stdout.write(`${readmeTables(readResults())}\n`);
} else {
  const site = await openSite();
  try {
    const results = await measure(site, sizesOf[form]);
    if (values.save) {
      writeResults(results);
      intoReadme(readmeTables(results));
    }
    process.stdout.write(`${readmeTables(results)}\n\n${ratioLines(results)}\n`);
  } finally {
    await site.close();
  }
}
