/**
 * A process of its own that sends a file of messages with the product's producer, batch by batch, as far as it is allowed,
 * and tells how far Kafka has acknowledged. Started again after a kill it sends its last batch a second time.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventProducer, type OutgoingMessage } from '@pingan/messaging';
import { createLogger, engineConfig, kafkaAccess, readConfig } from '@pingan/runtime';
import type { Line } from './messages.js';

export interface LoaderJob {
  file: string;
  /** Byte and line at which to go on. */
  at: Position;
}

export interface Position {
  byte: number;
  line: number;
}

const BATCH = 250;

const job = JSON.parse(process.argv[2]!) as LoaderJob;
let allowed = 0;
process.on('message', (message) => {
  allowed = (message as { allowed: number }).allowed;
});
process.on('disconnect', () => process.exit(1));

const config = readConfig(engineConfig, process.env);
const producer = await createEventProducer({
  brokers: config.KAFKA_BROKERS,
  access: kafkaAccess(config),
  clientId: 'chaos-loader',
  log: createLogger('chaos-loader', 'warn'),
});
const { at } = job;
let batch: Line[] = [];
let bytes = 0;

async function flush(): Promise<void> {
  const byTopic = new Map<string, OutgoingMessage[]>();
  for (const { topic, key, value } of batch) {
    if (!byTopic.has(topic)) byTopic.set(topic, []);
    byTopic.get(topic)?.push({ key, value });
  }
  for (const [topic, messages] of byTopic) await producer.send(topic, messages);
  at.byte += bytes;
  at.line += batch.length;
  batch = [];
  bytes = 0;
  process.send?.({ at });
}

for await (const line of createInterface({ input: createReadStream(job.file, { start: at.byte }) })) {
  while (at.line + batch.length >= allowed) {
    if (batch.length > 0) await flush();
    await sleep(20);
  }
  batch.push(JSON.parse(line) as Line);
  bytes += Buffer.byteLength(line) + 1;
  if (batch.length === BATCH) await flush();
}
if (batch.length > 0) await flush();
await producer.close();
process.disconnect();
