import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Stream, topicOf } from '@pingan/contracts';
import {
  createEventProducer,
  createKafka,
  createRedis,
  type EventProducer,
  eventCounter,
  kafkaAnswers,
  startHeartbeat,
} from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { engineConfig, firstSilent, kafkaAccess, type Logger, runService, storeAccess, untilUp } from '@pingan/runtime';
import { createStore, type Store } from '@pingan/store';
import { z } from 'zod';
import { runDemoStream } from './demo-stream.js';
import { homeGauges } from './home-gauges.js';
import { openInboxMemory } from './inbox-memory.js';
import { noteUnplaced } from './note-unplaced.js';
import { watchFolder } from './watch-folder.js';

const RELOAD_MS = 5_000;

/** What the process of a stream is told. */
export const producerConfig = engineConfig.extend({
  /** Folder for what this installation remembers. */
  PINGAN_HOME: z.string().min(1).default('.pingan'),
  /** Folder ledgers are put into; `<PINGAN_HOME>/inbox` unless said otherwise. */
  INBOX_DIR: z.string().min(1).optional(),
});

interface Demos {
  /** Starts the streams of counties that have become made-up ones and stops those that are none any more. */
  follow: (counties: readonly County[]) => void;
  done: () => Promise<void>;
}

function createDemos(run: (county: County, signal: AbortSignal) => Promise<void>, signal: AbortSignal): Demos {
  const running = new Map<string, { same: string; abort: AbortController; done: Promise<void> }>();
  return {
    follow: (counties) => {
      const wanted = new Map(counties.filter(({ demo }) => demo !== null).map((county) => [county.code, county]));
      for (const [code, { same, abort, done }] of running) {
        const county = wanted.get(code);
        if (county !== undefined && JSON.stringify(county) === same) continue;
        abort.abort();
        // Started again by a later look, when the old one has finished its batch.
        void done.then(() => running.delete(code));
      }
      for (const [code, county] of wanted) {
        if (running.has(code)) continue;
        const abort = new AbortController();
        const done = run(county, AbortSignal.any([signal, abort.signal]));
        running.set(code, { same: JSON.stringify(county), abort, done });
      }
    },
    done: async () => {
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

/** Keeps a list of counties fresh; an outage is told once and the last list stays in use. */
async function followCounties(options: {
  store: Store;
  log: Logger;
  signal: AbortSignal;
  onCounties: (counties: County[]) => void;
}): Promise<void> {
  const { store, log, signal, onCounties } = options;
  try {
    for (;;) {
      const counties = await untilUp(() => store.counties.list(), {
        signal,
        engine: 'ClickHouse',
        log,
      });
      onCounties(counties);
      await sleep(RELOAD_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The process of one stream: ledgers put into its folder, and the made-up stream of demo counties. */
export async function runProducer({ stream }: { stream: Stream }): Promise<void> {
  const name = `producer-${stream}`;
  await runService({
    name,
    config: producerConfig,
    start: async ({ config, log, health, signal, crash }) => {
      const store = createStore(storeAccess(config));
      const access = kafkaAccess(config);
      const connection = { brokers: config.KAFKA_BROKERS, access, clientId: `pingan-${name}`, log };
      const producer: EventProducer = await createEventProducer({ ...connection, signal });
      health.watch({
        name: '事件发送',
        look: producer.look,
        waitingFor: () => firstSilent({ Kafka: () => kafkaAnswers(createKafka(connection)) }),
      });
      const passed = eventCounter(health.metrics);
      const redis = createRedis(config.REDIS_URL, 'enqueue', log);
      const memories = join(config.PINGAN_HOME, 'sources');
      const sent = { counties: 0, ledger_events: 0, demo_events: 0 };
      /** Demo counties whose stream has reached the present. */
      const current = new Set<string>();
      let counties: readonly County[] = [];
      const inbox = config.INBOX_DIR ?? join(config.PINGAN_HOME, 'inbox');
      homeGauges(health.metrics, {
        stream,
        home: config.PINGAN_HOME,
        place: () => ({ inbox, memories, counties: new Set(counties.map(({ code }) => code)) }),
      });
      /** A ledger of the inbox waits for an engine; whether versions of its time are stored cannot be guessed. */
      const patient: Store['deliveries']['countVersions'] = (key, range) =>
        untilUp(() => store.deliveries.countVersions(key, range), { signal, engine: 'ClickHouse', log });

      const demos = createDemos(
        (county, ended) =>
          runDemoStream({
            county,
            stream,
            producer,
            stateFile: join(memories, `demo-${stream}-${county.code}.json`),
            log,
            signal: ended,
            onSent: (count) => {
              sent.demo_events += count;
              passed('sent', topicOf(stream), count);
            },
            onCurrent: () => current.add(county.code),
          }).catch(crash),
        signal,
      );
      const tasks = [
        followCounties({
          store,
          log,
          signal,
          onCounties: (list) => {
            counties = list;
            sent.counties = list.length;
            demos.follow(list);
          },
        }),
        watchFolder({
          folder: join(inbox, stream),
          inbox,
          stream,
          counties: () => counties,
          producer,
          store: { deliveries: { ...store.deliveries, countVersions: patient } },
          memory: await openInboxMemory(join(memories, `inbox-${stream}.json`)),
          log,
          signal,
          onDelivered: async ({ report, mapping, county }) => {
            sent.ledger_events += report.sent;
            passed('sent', topicOf(stream), report.sent);
            const delivery = { county: county.code, mapping, report };
            await untilUp(() => noteUnplaced(store, delivery), { signal, engine: 'ClickHouse', log });
          },
        }),
      ].map((task) => task.catch(crash));
      const heartbeat = startHeartbeat(redis, {
        service: name,
        health,
        details: () => ({ ...sent, demo_current: [...current] }),
      });
      return {
        stop: async () => {
          await Promise.all(tasks);
          await demos.done();
          await producer.close();
          await heartbeat.stop();
          redis.disconnect();
          await store.close();
        },
      };
    },
  });
}
