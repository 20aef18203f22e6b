import { type Stream, streamOfTopic, streams, topicOf } from '@pingan/contracts';
import type { CountyRegistry } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { BlockCheck } from './block-check.js';
import type { CompareOptions } from './compare-log.js';
import type { Differences } from './differences.js';
import { type LogFact, readFacts } from './log-facts.js';

/** Offsets per block: what is summed together, and what is held in memory when the sums differ. */
export const BLOCK = 16_384;

export const blockKey = (stream: Stream, partition: number, block: number) => `${stream}/${partition}/${block}`;

interface LookInto extends CompareOptions {
  registry: CountyRegistry;
  ranges: readonly LogRange[];
  /** Block keys whose sums differ. */
  differing: ReadonlySet<string>;
  isOurs: (fact: LogFact) => boolean;
}

/** Reads the blocks that differ once more and names every message and every row that has no counterpart. */
export async function lookInto(context: Context, options: LookInto): Promise<void> {
  const { differing, ranges, registry, isOurs } = options;
  const left = new Set(differing);
  /** The block being read, by partition; a partition is read in order. */
  const current = new Map<string, { key: string; check: BlockCheck }>();
  const open = (stream: Stream, partition: number, block: number): Promise<BlockCheck> => {
    const end = ranges.find((range) => range.topic === topicOf(stream) && range.partition === partition)?.to ?? 0n;
    const range = { partition, from: block * BLOCK, to: Math.min((block + 1) * BLOCK, Number(end)) };
    left.delete(blockKey(stream, partition, block));
    return BlockCheck.open(context, { ...options, stream, range });
  };
  await readFacts(context, {
    registry,
    ranges: ranges.map((range) => narrowed(range, differing)),
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
function narrowed(range: LogRange, differing: ReadonlySet<string>): LogRange {
  const prefix = `${streamOfTopic(range.topic)}/${range.partition}/`;
  const blocks = [...differing].filter((key) => key.startsWith(prefix)).map((key) => Number(key.slice(prefix.length)));
  if (blocks.length === 0) return { ...range, to: range.from };
  const first = BigInt(Math.min(...blocks) * BLOCK);
  const next = BigInt((Math.max(...blocks) + 1) * BLOCK);
  return { ...range, from: first > range.from ? first : range.from, to: next < range.to ? next : range.to };
}

/** Rows at offsets the log has not reached: it was made anew, or they come from another one. */
export async function lookBeyond(context: Context, differences: Differences): Promise<void> {
  for (const stream of streams) {
    const topic = topicOf(stream);
    const last = await context.store.logAccount.lastOffsets(stream);
    // The log is asked afterwards: it only grows, so that a row stored meanwhile is not taken for one too many.
    const ends = await withAdmin(context, (admin) => admin.fetchTopicOffsets(topic));
    for (const [partition, offset] of last) {
      const high = BigInt(ends.find((end) => end.partition === partition)?.high ?? '0');
      if (offset < high) continue;
      const place = { county: '', stream, source: '', day: '', region: '' };
      differences.add({ kind: 'extra', ...place }, `${topic}-${partition}-${offset}`);
    }
  }
}
