import { positionOf, type Stream, streamOfTopic, topicOf } from '@pingan/contracts';
import type { CountyRegistry, Epochs } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import type { Installation } from '../installation.js';
import { BlockCheck } from './block-check.js';
import { type CompareOptions, type LogFact, readFacts } from './log-facts.js';

/** Positions per block: what is summed together, and what is held in memory when the sums differ. */
export const BLOCK = 16_384;

export const blockKey = (stream: Stream, partition: number, block: number) => `${stream}/${partition}/${block}`;

interface LookInto extends CompareOptions {
  registry: CountyRegistry;
  epochs: Epochs;
  ranges: readonly LogRange[];
  /** Block keys whose sums differ. */
  differing: ReadonlySet<string>;
  isOurs: (fact: LogFact) => boolean;
}

/** Reads the blocks that differ once more and names every message and every row that has no counterpart. */
export async function lookInto(installation: Installation, options: LookInto): Promise<void> {
  const { differing, epochs, ranges, registry, isOurs } = options;
  const left = new Set(differing);
  /** The block being read, by partition; a partition is read in order. */
  const current = new Map<string, { key: string; check: BlockCheck }>();
  const open = (stream: Stream, partition: number, block: number): Promise<BlockCheck> => {
    const topic = topicOf(stream);
    const held = ranges.find((range) => range.topic === topic && range.partition === partition);
    const at = (offset: bigint | undefined) => positionOf(epochs.get(topic) ?? 0, offset ?? 0n);
    const range = {
      partition,
      from: Math.max(block * BLOCK, at(held?.from)),
      to: Math.min((block + 1) * BLOCK, at(held?.to)),
    };
    left.delete(blockKey(stream, partition, block));
    return BlockCheck.open(installation, { ...options, stream, range });
  };
  await readFacts(installation, {
    registry,
    epochs,
    ranges: ranges.map((range) => narrowed(range, differing, epochs)),
    onFacts: async ({ stream, partition }, facts) => {
      const place = `${stream}/${partition}`;
      for (const fact of facts) {
        const block = Math.floor(fact.message.offset / BLOCK);
        const key = blockKey(stream, partition, block);
        if (!differing.has(key)) continue;
        let own = current.get(place);
        if (own?.key !== key) {
          await own?.check.settle();
          own = { key, check: await open(stream, partition, block) };
          current.set(place, own);
        }
        if (isOurs(fact)) await own.check.take(fact);
      }
    },
  });
  for (const { check } of current.values()) await check.settle();
  // Blocks of which the log has nothing.
  for (const key of [...left]) {
    const [stream, partition, block] = key.split('/') as [Stream, string, string];
    await (await open(stream, Number(partition), Number(block))).settle();
  }
}

/** The part of a range from its first block that differs to its last. */
function narrowed(range: LogRange, differing: ReadonlySet<string>, epochs: Epochs): LogRange {
  const prefix = `${streamOfTopic(range.topic)}/${range.partition}/`;
  const blocks = [...differing].filter((key) => key.startsWith(prefix)).map((key) => Number(key.slice(prefix.length)));
  if (blocks.length === 0) return { ...range, to: range.from };
  const base = positionOf(epochs.get(range.topic) ?? 0, 0);
  const first = BigInt(Math.max(0, Math.min(...blocks) * BLOCK - base));
  const next = BigInt((Math.max(...blocks) + 1) * BLOCK - base);
  return { ...range, from: first > range.from ? first : range.from, to: next < range.to ? next : range.to };
}
