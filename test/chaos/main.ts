/**
 * Load while any process is killed or frozen, then a comparison with an undisturbed calculation. Last line and status:
 * `lost 0 doubled 0 dead-letters 1234/1234 index equal true events 1000000 kills 200 seconds N`, 0; else what differs, 1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { adoptLogCommand, closeContext, openContext } from '@pingan/cli';
import { addMonths } from '@pingan/contracts';
import { Steps, startPipeline } from '@pingan/launcher';
import { endpointsToEnv } from '@pingan/local-engines';
import { coreServices, scoreMonthNow } from '@pingan/operations';
import { builtinCounty, type County } from '@pingan/regions';
import { createStore } from '@pingan/store';
import { openKafka } from '../harness/kafka.js';
import { bringAboutFaults } from './faults.js';
import { Load } from './load.js';
import { months, writeMessages } from './messages.js';
import { calculateUndisturbed } from './reference.js';
import { lookAtWork } from './targets.js';
import { badInLog, judgeCases, judgeDeadLetters, judgeIndex, openQuery } from './verdict.js';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '7' },
    'new-log': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const [events, kills, seed] = [Number(values.events), Number(values.kills), Number(values.seed)];
if (![events, kills, seed].every((n) => Number.isSafeInteger(n) && n > 0))
  throw new Error('--events, --kills and --seed are numbers above 0');

/** Faults later than the load by at most this many of their shares: the backlog stays one that is worked at. */
const SHARES_BEHIND = 2;

/**
 * Below the 45 of the product, so that recovery is quick; no less: beside 30 other things the scorer needs more than 12
 * seconds for a month, and one that was killed for it began it again and again.
 */
const WATCHDOG_SECONDS = 30;

/** What stands still this long has stopped; what gets on may take as long as the machine needs. */
const STANDSTILL_MS = 600_000;

const begunAt = performance.now();
const seconds = () => Math.round((performance.now() - begunAt) / 1000);
const say = (text: string) => void process.stderr.write(`[${String(seconds()).padStart(5)} s] ${text}\n`);

/** Short lives and small windows, so that every fault meets something half done and recovery takes seconds. */
Object.assign(process.env, {
  WINDOW_MESSAGES: String(Math.max(100, Math.min(500, Math.round(events / kills / 10)))),
  KAFKA_SESSION_MS: '6000',
  JOB_LOCK_MS: '3000',
  CLICKHOUSE_TIMEOUT_MS: '10000',
  WATCHDOG_SECONDS: String(WATCHDOG_SECONDS),
  KAFKA_BROKERS: '',
  REDIS_URL: '',
  CLICKHOUSE_URL: '',
  CLICKHOUSE_DATABASE: 'pingan',
});

function chaosCounty(): County {
  const county = builtinCounty('610222');
  if (!county) throw new Error('no built-in county 610222');
  return { ...county, startMonth: months.from };
}

const home = mkdtempSync(join(tmpdir(), 'pingan-chaos-'));
process.env.PINGAN_HOME = home;
const file = join(home, 'messages.jsonl');
const county = chaosCounty();
const expected = await writeMessages({ file, county, count: events, seed });
say(`${events} messages written, ${expected.bad.size} of them bad`);

const broken = new AbortController();
const pipeline = await startPipeline({
  home,
  services: coreServices,
  steps: new Steps((text) => say(text)),
  signal: broken.signal,
  onBroken: (text) => {
    say(text);
    broken.abort(new Error(text));
  },
});
const { endpoints } = pipeline;
const store = createStore({ url: endpoints.clickhouseUrl, database: 'pingan' });
const reference = createStore({ url: endpoints.clickhouseUrl, database: 'reference' });
const kafka = openKafka(endpoints.kafkaBrokers.join(','), endpointsToEnv(endpoints));
await store.counties.save(county);
const load = new Load({
  endpoints,
  file,
  count: events,
  logFile: join(home, 'logs', 'loader.log'),
});
const scored = Array.from({ length: months.count }, (_, i) => addMonths(months.from, i));

/** Waits until nothing is left. @throws when what is left has not become less for too long. */
async function worksOff(what: string, left: () => Promise<number> | number): Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  for (let since = performance.now(); performance.now() - since < STANDSTILL_MS; await sleep(500)) {
    const now = await left();
    if (now <= 0) return;
    if (now < least) {
      least = now;
      since = performance.now();
    }
  }
  throw new Error(`${what} stands still with ${least} left`);
}

const lagOfLog = () => kafka.withAdmin((admin) => kafka.lag(admin)).catch(() => Number.POSITIVE_INFINITY);

/** Of the messages of a log that is there no more. */
const badInOldLog = new Map<string, string>();

/** Part of the first half comes once more after the log was made again, as from sources that do not know how far it had got. */
const SENT_AGAIN = 0.1;

/** What was sent is stored; then the topics are deleted and made again under the running services, and the new log is adopted. */
async function beginNewLog(sent: number): Promise<void> {
  await worksOff('sending the first half', () => sent - load.sent);
  await worksOff('storing the first half', lagOfLog);
  for (const [place, key] of await badInLog(endpoints, expected.bad, 0)) badInOldLog.set(place, key);
  await kafka.reset();
  await kafka.make({ partitions: 4 });
  say('the log was deleted and made again');
  const context = await openContext({ out: say, note: say }, ['kafka', 'redis', 'clickhouse']);
  try {
    await adoptLogCommand(context, { yes: true, lose: 0n });
  } finally {
    await closeContext(context);
  }
  load.sendAgain(Math.round(events * SENT_AGAIN));
}

async function run(): Promise<string[]> {
  const share = events / kills;
  const half = Math.floor(kills / 2);
  const counts = await bringAboutFaults({
    seed,
    kills,
    watchdogMs: WATCHDOG_SECONDS * 1000,
    advance: async (done) => {
      if (values['new-log'] && done === half) await beginNewLog(Math.ceil(share * half));
      load.allow(Math.ceil(share * (done + 1)));
    },
    caughtUpWith: async (done) => {
      broken.signal.throwIfAborted();
      if (load.sent < share * (done + 1) - share * 0.8) return false;
      return (await lagOfLog()) < share * SHARES_BEHIND;
    },
    look: () => lookAtWork({ pipeline, kafka, load }),
    pid: (target) => (target === 'loader' ? load.pid : pipeline.pid(target)),
    say,
  });
  say(
    `faults: ${Object.entries(counts)
      .sort()
      .map(([what, count]) => `${what} ${count}`)
      .join(', ')}`,
  );

  load.allow(events);
  await worksOff('sending', () => events - load.sent);
  await worksOff('storing', lagOfLog);
  say('settled');
  const nowMs = Date.now();
  const context = await openContext({ out: say, note: say }, ['kafka', 'redis', 'clickhouse']);
  try {
    for (const month of scored) await scoreMonthNow(context, county, month);
  } finally {
    await closeContext(context);
  }
  say('scored; now the undisturbed calculation');
  await calculateUndisturbed({ file, county, store: reference, bad: expected.bad, months: scored, nowMs });

  const query = openQuery(endpoints.clickhouseUrl, 'pingan');
  const cases = await judgeCases(query, expected);
  const inLog = await badInLog(endpoints, expected.bad, values['new-log'] ? 1 : 0);
  const letters = await judgeDeadLetters(query, new Map([...badInOldLog, ...inLog]), expected);
  const index = await judgeIndex({ disturbed: store, reference, county, months: scored });
  const line = [
    `lost ${cases.lost} doubled ${cases.doubled}`,
    `dead-letters ${letters.right}/${letters.wanted}`,
    `index equal ${index.length === 0}`,
    `events ${events} kills ${kills} seconds ${seconds()}`,
  ].join(' ');
  const differences = [...cases.differences, ...letters.differences, ...index];
  if (letters.right !== letters.wanted && letters.differences.length === 0) differences.push('dead letters differ');
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  process.stdout.write(`${line}\n`);
  return differences;
}

let differences: string[] = ['not finished'];
try {
  differences = await run();
} catch (error) {
  process.stdout.write(`${(error as Error).stack}\n`);
} finally {
  load.stop();
  await Promise.allSettled([store.close(), reference.close()]);
  await pipeline.stop();
  if (values.keep || differences.length > 0) say(`kept: ${home}`);
  else rmSync(home, { recursive: true, force: true });
}
process.exit(differences.length === 0 ? 0 : 1);
