import { deadLetterTopic, eventTopics, ingestorGroup, streams } from '@pingan/contracts';
import { CountyRegistry } from '@pingan/intake';
import { type LogRange, partitionLags, type RawMessage, watermarkOf } from '@pingan/messaging';
import type { BlockSum, Watermark } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { logEnd, waitUntilStored } from '../operations.js';
import type { Differences } from './differences.js';
import { type LogFact, type LogPlace, readFacts } from './log-facts.js';
import { BLOCK, blockKey, lookBeyond, lookInto } from './look-into.js';

export interface LogComparison {
  watermark: Watermark;
  messages: number;
  /** Of these, events that should be stored and messages that should be set aside. */
  stored: number;
  dead: number;
  /** Messages after the watermark, which are not stored yet. */
  waiting: number;
}

export interface CompareOptions {
  county?: string | undefined;
  differences: Differences;
  /** Is given the messages of one block that should be stored, or set aside, and are not. */
  onMissing?: ((place: LogPlace, messages: RawMessage[]) => Promise<void>) | undefined;
}

interface Sums {
  stored: { count: number; sum: bigint };
  dead: { count: number; sum: bigint };
}

const emptySums = (): Sums => ({ stored: { count: 0, sum: 0n }, dead: { count: 0, sum: 0n } });

const add = (into: { count: number; sum: bigint }, value: bigint): void => {
  into.count += 1;
  into.sum = BigInt.asUintN(64, into.sum + value);
};

/** The log below the ingestor's committed offsets, and what lies beyond it. */
async function readRanges(context: Context): Promise<{ ranges: LogRange[]; watermark: Watermark; waiting: number }> {
  return withAdmin(context, async (admin) => {
    const lags = (await partitionLags(admin, ingestorGroup)).filter(({ topic }) => eventTopics.includes(topic));
    const lows = new Map<string, bigint>();
    for (const topic of eventTopics) {
      for (const { partition, low } of await admin.fetchTopicOffsets(topic))
        lows.set(`${topic}/${partition}`, BigInt(low));
    }
    return {
      ranges: lags.map(({ topic, partition, committed }) => ({
        topic,
        partition,
        from: lows.get(`${topic}/${partition}`) ?? 0n,
        to: committed,
      })),
      watermark: watermarkOf(lags),
      waiting: lags.reduce((sum, { lag }) => sum + Number(lag), 0),
    };
  });
}

/**
 * Compares the log with what is stored, block of offsets by block: counts and sums first, then the blocks that differ
 * message by message. Every message must be stored at its offset, be a dead letter, or repeat a stored version.
 */
export async function compareLog(context: Context, options: CompareOptions): Promise<LogComparison> {
  const { county } = options;
  const registry = new CountyRegistry(context.store);
  await registry.load();
  const { ranges, watermark, waiting } = await readRanges(context);
  // A letter is in its topic before the offset of its message is committed, but perhaps not yet in its table.
  await waitUntilStored(context, await logEnd(context, deadLetterTopic), () => undefined);
  const result: LogComparison = { watermark, messages: 0, stored: 0, dead: 0, waiting };
  const isOurs = (fact: LogFact) => fact.kind === 'dead' || county === undefined || fact.key.county === county;

  const log = new Map<string, Sums>();
  await readFacts(context, {
    registry,
    ranges,
    onFacts: ({ stream, partition }, facts) => {
      for (const fact of facts) {
        result.messages += 1;
        const key = blockKey(stream, partition, Math.floor(fact.message.offset / BLOCK));
        const sums = log.get(key) ?? emptySums();
        log.set(key, sums);
        if (!isOurs(fact)) continue;
        if (fact.kind === 'store') {
          add(sums.stored, fact.fingerprint);
          result.stored += 1;
        } else {
          add(sums.dead, BigInt(fact.message.offset));
          result.dead += 1;
        }
      }
    },
  });

  const held = await readHeld(context, watermark, county);
  const differing = new Set<string>();
  for (const key of new Set([...log.keys(), ...held.keys()])) {
    const [a, b] = [log.get(key) ?? emptySums(), held.get(key) ?? emptySums()];
    const same = (['stored', 'dead'] as const).every((k) => a[k].count === b[k].count && a[k].sum === b[k].sum);
    if (!same) differing.add(key);
  }
  if (differing.size > 0) await lookInto(context, { ...options, registry, ranges, differing, isOurs });
  await lookBeyond(context, options.differences);
  return result;
}

async function readHeld(
  context: Context,
  watermark: Watermark,
  county: string | undefined,
): Promise<Map<string, Sums>> {
  const { logAccount } = context.store;
  const held = new Map<string, Sums>();
  const scope = { watermark, blockSize: BLOCK, county };
  for (const stream of streams) {
    const take = (kind: keyof Sums, blocks: readonly BlockSum[]) => {
      for (const { partition, block, count, sum } of blocks) {
        const key = blockKey(stream, partition, block);
        const sums = held.get(key) ?? emptySums();
        sums[kind] = { count, sum };
        held.set(key, sums);
      }
    };
    take('stored', await logAccount.storedBlocks(stream, scope));
    take('dead', await logAccount.letterBlocks(stream, scope));
  }
  return held;
}
