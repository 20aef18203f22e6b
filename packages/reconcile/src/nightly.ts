import { eventTopics, offsetOf, positionOf, type Stream, streamOfTopic, streams, topicOf } from '@pingan/contracts';
import { type CountyRegistry, type LogVerdict, watermarkOf } from '@pingan/intake';
import { type KafkaClient, type LogRange, readLog } from '@pingan/messaging';
import type { BlockMark, NotedBlock, Store, Watermark } from '@pingan/store';
import { PartitionCheck } from './check-messages.js';

/** Places per block: what is noted together, and what is held in memory of each partition while it is read. */
const BLOCK = 16_384;

const keyOf = (stream: Stream, partition: number, block: number) => `${stream}/${partition}/${block}`;
const placeOf = (stream: Stream, partition: number) => `${stream}/${partition}`;

export interface NightlyOptions {
  store: Store;
  registry: CountyRegistry;
  kafka: KafkaClient;
  /** A log that fits what is stored, all letters of which are stored. */
  verdict: LogVerdict;
  /** Ends the pass between two batches; what was found good until then is not noted. */
  signal: AbortSignal;
}

export interface NightlyResult {
  watermark: Watermark;
  /** Messages that were read from the log. */
  read: number;
  /** Stored versions and dead letters that were compared, noted ones by their sums alone. */
  messages: number;
  differences: number;
}

/** One pass; see the README of this package. Records nothing but the blocks that are good. */
export async function compareNightly(options: NightlyOptions): Promise<NightlyResult> {
  const { store, verdict } = options;
  const events = partitionsOf(verdict);
  const lowest = new Map(events.map(({ topic, partition, low }) => [placeOf(streamOfTopic(topic)!, partition), low]));
  const watermark = watermarkOf(verdict);
  const noted = new Map(
    (await store.blocks.noted()).map((block) => [keyOf(block.stream, block.partition, block.block), block]),
  );
  const verified = verifiedOf([...noted.values()]);
  const findings = new Map<string, number>();
  const note = (stream: Stream, partition: number) => (block: number, count: number) => {
    const key = keyOf(stream, partition, block);
    findings.set(key, (findings.get(key) ?? 0) + count);
  };

  const changed = new Map<string, Set<number>>();
  for (const [key, { stream, partition, block, count }] of await changedBlocks(store, noted, verified)) {
    const place = placeOf(stream, partition);
    // The log does not have it any more: nothing tells what is missing but the number.
    if ((block + 1) * BLOCK <= (lowest.get(place) ?? 0)) {
      const lost = Math.max(1, (noted.get(key)?.count ?? 0) - count);
      note(stream, partition)(block, lost);
    } else changed.set(place, (changed.get(place) ?? new Set()).add(block));
  }

  let read = 0;
  const check = async (ranges: readonly LogRange[], only?: ReadonlyMap<string, ReadonlySet<number>>): Promise<void> => {
    const checks = new Map(
      ranges.map(({ topic, partition, from }) => {
        const stream = streamOfTopic(topic)!;
        const place = placeOf(stream, partition);
        return [
          place,
          new PartitionCheck({
            ...options,
            stream,
            partition,
            blockSize: BLOCK,
            from: Number(from),
            only: only?.get(place),
            onDifferences: note(stream, partition),
            onMessages: (count) => {
              read += count;
            },
          }),
        ] as const;
      }),
    );
    await readLog({
      kafka: options.kafka,
      // Kafka knows offsets; everything else here is a position.
      ranges: ranges.map((range) => ({
        ...range,
        from: BigInt(offsetOf(range.from)),
        to: BigInt(offsetOf(range.to)),
      })),
      onMessages: async ({ topic, partition }, messages) => {
        options.signal.throwIfAborted();
        const epoch = verdict.epochs.get(topic) ?? 0;
        const placed = messages.map((message) => ({ ...message, offset: positionOf(epoch, message.offset) }));
        await checks.get(placeOf(streamOfTopic(topic)!, partition))?.take(placed);
      },
    });
    for (const { topic, partition, to } of ranges)
      await checks.get(placeOf(streamOfTopic(topic)!, partition))?.settle(Number(to));
  };

  const since: LogRange[] = [];
  const again: LogRange[] = [];
  for (const { topic, partition, committed } of events) {
    const place = placeOf(streamOfTopic(topic)!, partition);
    const low = lowest.get(place) ?? 0;
    const known = Math.max(low, verified.get(place) ?? 0);
    since.push({ topic, partition, from: BigInt(known), to: BigInt(committed) });
    const blocks = [...(changed.get(place) ?? [])];
    if (blocks.length === 0) continue;
    const from = Math.max(low, Math.min(...blocks) * BLOCK);
    const to = Math.min(known, (Math.max(...blocks) + 1) * BLOCK);
    again.push({ topic, partition, from: BigInt(from), to: BigInt(to) });
  }
  await check(since.filter(({ from, to }) => from < to));
  await check(
    again.filter(({ from, to }) => from < to),
    changed,
  );

  const messages = await noteBlocks(store, { watermark, events, findings });
  const differences = [...findings.values()].reduce((sum, count) => sum + count, 0);
  return { watermark, read, messages, differences };
}

interface EventPartition {
  topic: string;
  partition: number;
  /** First position that the log has, and next one that is not stored. */
  low: number;
  committed: number;
}

const partitionsOf = ({ state, epochs }: LogVerdict): EventPartition[] =>
  state.topics
    .filter(({ topic }) => eventTopics.includes(topic))
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, committed }) => {
        const epoch = epochs.get(topic) ?? 0;
        return { topic, partition, low: positionOf(epoch, low), committed: positionOf(epoch, committed ?? low) };
      }),
    );

/** Next place after the noted ones, by partition. */
function verifiedOf(noted: readonly NotedBlock[]): Map<string, number> {
  const verified = new Map<string, number>();
  for (const { stream, partition, covered_to } of noted) {
    const place = placeOf(stream, partition);
    verified.set(place, Math.max(verified.get(place) ?? 0, covered_to));
  }
  return verified;
}

const isSame = (a: BlockMark | undefined, b: BlockMark | undefined): boolean =>
  (a?.count ?? 0) === (b?.count ?? 0) && (a?.sum ?? 0n) === (b?.sum ?? 0n);

/** Blocks below what is verified whose count or sum is not the noted one, or which were not good then; as they are now. */
async function changedBlocks(
  store: Store,
  noted: ReadonlyMap<string, NotedBlock>,
  verified: ReadonlyMap<string, number>,
): Promise<Map<string, BlockMark & { stream: Stream }>> {
  const watermark: Watermark = {};
  for (const [place, next] of verified) {
    const [stream, partition] = place.split('/') as [Stream, string];
    watermark[topicOf(stream)] ??= [];
    watermark[topicOf(stream)]![Number(partition)] = String(next);
  }
  const changed = new Map<string, BlockMark & { stream: Stream }>();
  for (const stream of streams) {
    const now = new Map(
      (await store.blocks.marks(stream, { watermark, blockSize: BLOCK })).map((mark) => [
        keyOf(stream, mark.partition, mark.block),
        mark,
      ]),
    );
    const keys = new Set([...now.keys(), ...[...noted.keys()].filter((key) => key.startsWith(`${stream}/`))]);
    for (const key of keys) {
      const before = noted.get(key);
      const mark = now.get(key);
      if (before?.good !== false && isSame(before, mark)) continue;
      const { partition, block } = mark ?? before!;
      changed.set(key, { stream, partition, block, count: mark?.count ?? 0, sum: mark?.sum ?? 0n });
    }
  }
  return changed;
}

/** Notes how all blocks stand below the watermark; returns how much was counted. */
async function noteBlocks(
  store: Store,
  {
    watermark,
    events,
    findings,
  }: { watermark: Watermark; events: readonly EventPartition[]; findings: ReadonlyMap<string, number> },
): Promise<number> {
  let messages = 0;
  const blocks = new Map<string, NotedBlock>();
  const add = (stream: Stream, mark: BlockMark, end: number) => {
    const key = keyOf(stream, mark.partition, mark.block);
    const covered_to = Math.min(end, (mark.block + 1) * BLOCK);
    blocks.set(key, { ...mark, stream, covered_to, good: !findings.has(key) });
  };
  for (const { topic, partition, committed } of events) {
    // The last block of each partition says how far the log was read, even with nothing of it stored.
    if (offsetOf(committed) === 0) continue;
    add(streamOfTopic(topic)!, { partition, block: Math.floor((committed - 1) / BLOCK), count: 0, sum: 0n }, committed);
  }
  for (const key of findings.keys()) {
    const [stream, partition, block] = key.split('/') as [Stream, string, string];
    const end = Number(watermark[topicOf(stream)]?.[Number(partition)] ?? 0);
    add(stream, { partition: Number(partition), block: Number(block), count: 0, sum: 0n }, end);
  }
  for (const stream of streams) {
    for (const mark of await store.blocks.marks(stream, { watermark, blockSize: BLOCK })) {
      messages += mark.count;
      add(stream, mark, Number(watermark[topicOf(stream)]?.[mark.partition] ?? 0));
    }
  }
  await store.blocks.note([...blocks.values()]);
  return messages;
}
