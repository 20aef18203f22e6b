import { setTimeout as sleep } from 'node:timers/promises';
import { type Stream, topicOf } from '@pingan/contracts';
import type { Emission } from '@pingan/demo-county';
import type { EventProducer } from '@pingan/messaging';
import { type County, monthOfInstant } from '@pingan/regions';
import type { Logger } from '@pingan/runtime';
import { advance, type DemoPosition, demoPosition, remaining } from './demo-position.js';
import { readJson, writeWhole } from './json-file.js';

const BATCH_SIZE = 1_000;
const WAKE_MS = 1_000;

export interface DemoOptions {
  county: County;
  stream: Stream;
  producer: Pick<EventProducer, 'send'>;
  /** Where the position is kept. */
  stateFile: string;
  log: Logger;
  signal: AbortSignal;
  onSent?: (count: number) => void;
  /** Everything due by now has been sent. */
  onCurrent?: () => void;
  now?: () => number;
}

async function startPosition(county: County, stateFile: string, now: number): Promise<DemoPosition> {
  const from = county.startMonth ?? monthOfInstant(now, county.timeZone);
  const seed = county.demo?.seed ?? 0;
  const saved = demoPosition.safeParse(await readJson(stateFile));
  // Another seed makes other cases, an earlier first month earlier ones: begin anew. Versions make that harmless.
  const usable =
    saved.success && saved.data.seed === seed && (county.startMonth ?? saved.data.from) === saved.data.from;
  return usable ? saved.data : { seed, from, at: 0, same: 0 };
}

/**
 * Sends what a made-up county's source systems have sent so far and then goes on with the clock, until the signal. The
 * position is saved after Kafka has acknowledged a batch, so a restart sends at most one batch again.
 */
export async function runDemoStream(options: DemoOptions): Promise<void> {
  const { county, stream, producer, stateFile, log, signal, now = Date.now } = options;
  const topic = topicOf(stream);
  let position = await startPosition(county, stateFile, now());

  const send = async (batch: Emission[]): Promise<void> => {
    if (batch.length === 0) return;
    await producer.send(
      topic,
      batch.map(({ key, value }) => ({ key, value })),
    );
    for (const emission of batch) position = advance(position, emission);
    await writeWhole(stateFile, `${JSON.stringify(position)}\n`);
    options.onSent?.(batch.length);
  };

  /** Sends everything due in the months known at its start; returns when a new month has begun. */
  const sendMonths = async (): Promise<void> => {
    const { end, emissions } = remaining({ county, stream, position, now: now() });
    let next = emissions.next();
    let batch: Emission[] = [];
    let caughtUp = 0;
    for (;;) {
      signal.throwIfAborted();
      while (!next.done && next.value.at <= now() && batch.length < BATCH_SIZE) {
        batch.push(next.value);
        next = emissions.next();
      }
      await send(batch);
      caughtUp += batch.length;
      if (batch.length < BATCH_SIZE) {
        if (caughtUp > BATCH_SIZE)
          log.info({ county: county.code, stream, sent: caughtUp }, '示例数据已补发到当前时间');
        caughtUp = 0;
        options.onCurrent?.();
        if (now() >= end) return;
        await sleep(WAKE_MS, undefined, { signal });
      }
      batch = [];
    }
  };

  while (!signal.aborted) {
    try {
      await sendMonths();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
