import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scoreCounty } from '@pingan/appraisal';
import { addMonths, eventTopics, ingestorGroup } from '@pingan/contracts';
import { defaultScheme, type Scheme, schemeHash } from '@pingan/indicators';
import { serviceEnv } from '@pingan/launcher';
import { type SupervisedProcess, startEngines, superviseProcess } from '@pingan/local-engines';
import { createKafka, createRedis, ensureTopics, listServices, partitionLags, watermarkOf } from '@pingan/messaging';
import { builtinCounty, type County } from '@pingan/regions';
import { createLogger } from '@pingan/runtime';
import { createStore } from '@pingan/store';
import { fillTopics } from './fill.js';
import { peakMemory, processorSeconds } from './process-figures.js';

const PARTITIONS = 4;
const MONTHS = { from: '2025-01', count: 12 };
const POLL_MS = 100;

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1500000' }, aggregators: { type: 'string', default: '2' } },
});
const count = Number(values.events);
const aggregators = Number(values.aggregators);

const say = (text: string) => void process.stdout.write(`${text}\n`);
const per = (events: number, ms: number) => Math.round((events / ms) * 1000).toLocaleString('en');
const log = createLogger('bench', 'silent');

/** The largest built-in county: 26 townships. */
function benchCounty(): County {
  const county = builtinCounty('411081');
  if (!county) throw new Error('no built-in county 411081');
  return { ...county, startMonth: MONTHS.from };
}

/** The indicators that every ledger can fill, on plain rates: a county that is just beginning. */
const FEW = 'P01 P03 P04 P09 P12 X01 X02 X04 X08 S01 S02 S05 S07 O01 O02 O04'.split(' ');

function few(scheme: Scheme): Scheme {
  const dimensions = scheme.dimensions.map((dimension) => ({
    ...dimension,
    indicators: dimension.indicators.filter(({ code }) => FEW.includes(code)),
  }));
  return {
    ...scheme,
    name: 'few',
    dimensions,
    shrinkage: { ...scheme.shrinkage, method: 'none' },
    trend: { share: 0 },
  };
}

const home = mkdtempSync(join(tmpdir(), 'pingan-bench-'));
const engines = await startEngines({ home });
const children: SupervisedProcess[] = [];
try {
  const { endpoints } = engines;
  const kafka = createKafka({ brokers: endpoints.kafkaBrokers, clientId: 'bench', log });
  await ensureTopics(kafka, { partitions: PARTITIONS, replicas: 1 });
  const store = createStore({ url: endpoints.clickhouseUrl, database: 'pingan' });
  await store.migrate();
  const county = benchCounty();
  await store.counties.save(county);

  const fillAt = performance.now();
  const { events, bytes } = await fillTopics({ brokers: endpoints.kafkaBrokers, county, count, months: MONTHS });
  const fillMs = performance.now() - fillAt;

  const start = (service: string, instance = '') => {
    const child = superviseProcess({
      name: `${service}${instance}`,
      modulePath: fileURLToPath(new URL(`../../../services/${service}/dist/main.js`, import.meta.url)),
      env: serviceEnv(home, endpoints),
      logFile: join(home, `${service}${instance}.log`),
    });
    children.push(child);
    return child;
  };
  const redis = createRedis(endpoints.redisUrl, 'work', log);
  for (let i = 0; i < aggregators; i += 1) start('aggregator', String(i));
  while ((await listServices(redis)).length < aggregators) await sleep(POLL_MS);
  redis.disconnect();

  const admin = kafka.admin();
  await admin.connect();
  const stored = async () => {
    const lags = await partitionLags(admin, ingestorGroup);
    const own = lags.filter(({ topic }) => eventTopics.includes(topic));
    return { done: own.reduce((sum, { committed }) => sum + Number(committed), 0), watermark: watermarkOf(lags) };
  };
  const enginesBefore = Object.entries(engines.pids).map(([name, pid]) => ({
    name,
    pid,
    seconds: processorSeconds(pid),
  }));
  const startedAt = performance.now();
  start('ingestor');
  const samples: { at: number; done: number }[] = [];
  for (;;) {
    const { done } = await stored();
    samples.push({ at: performance.now() - startedAt, done });
    if (done >= events) break;
    await sleep(POLL_MS);
  }
  const totalMs = samples.at(-1)!.at;
  const first = samples.find(({ done }) => done > 0)!;
  const last = samples.at(-1)!;
  const { watermark } = await stored();

  say(
    `machine   ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}`,
  );
  say(
    `events    ${events.toLocaleString('en')} of ${Math.round(bytes / events)} bytes, ${PARTITIONS} partitions a topic, ${aggregators} aggregator(s)`,
  );
  say(`fill      ${per(events, fillMs)} events/s (generated and acknowledged)`);
  say(
    `whole     ${per(events, totalMs)} events/s from the start of the ingestor to the last commit (${(totalMs / 1000).toFixed(1)} s)`,
  );
  say(`steady    ${per(last.done - first.done, last.at - first.at)} events/s between the first commit and the last`);
  const cost = (seconds: number) => `${((seconds / events) * 1e6).toFixed(1)} µs`;
  const costs = [
    ...children.map(({ name, pid }) => `${name} ${cost(processorSeconds(pid))}`),
    ...enginesBefore.map(({ name, pid, seconds }) => `${name} ${cost(processorSeconds(pid) - seconds)}`),
  ];
  say(`processor ${costs.join(', ')} per event`);
  for (const child of children)
    say(`memory    ${child.name}: ${(peakMemory(child.pid) / 2 ** 20).toFixed(0)} MiB at its highest`);

  const componentsAt = performance.now();
  await store.components.compute({ county, watermark });
  say(
    `months    ${((performance.now() - componentsAt) / 1000).toFixed(2)} s to compute every monthly component from ${events.toLocaleString('en')} versions`,
  );
  await store.components.refresh({ county, watermark });
  const months = Array.from({ length: MONTHS.count }, (_, i) => addMonths(MONTHS.from, i));
  for (const scheme of [few(defaultScheme), defaultScheme]) {
    const document = JSON.stringify(scheme);
    await store.schemes.activate(county.code, { fromMonth: '1970-01', hash: schemeHash(scheme), document });
    const scoreAt = performance.now();
    const results = await scoreCounty(store, county, { months, nowMs: Date.now() });
    const seconds = ((performance.now() - scoreAt) / 1000).toFixed(2);
    const indicators = scheme.dimensions.flatMap((dimension) => dimension.indicators).length;
    const how = scheme.shrinkage.method === 'none' ? 'on plain rates' : 'with rank intervals';
    say(
      `score     ${seconds} s for ${results.length} months × 26 townships × ${indicators} indicators ${how}, read, scored, written`,
    );
  }
  await admin.disconnect();
  await store.close();
} finally {
  await Promise.all(children.map((child) => child.stop(10_000)));
  await engines.stop();
  rmSync(home, { recursive: true, force: true });
}
