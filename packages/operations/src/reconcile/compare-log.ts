import { deadLetterTopic, eventTopics, positionOf, streams } from '@pingan/contracts';
import { CountyRegistry, type Epochs, type LogVerdict, watermarkOf } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import type { BlockSum, LogExtent, Watermark } from '@pingan/store';
import type { Installation } from '../installation.js';
import { logVerdict, notFitting } from '../log/fit.js';
import { logEnd, waitUntilStored } from '../waiting.js';
import { type StreamVersionsBefore, versionsBefore } from './before-log.js';
import { type CompareOptions, type LogFact, readFacts } from './log-facts.js';
import { BLOCK, blockKey, lookInto } from './look-into.js';

export interface LogComparison {
  watermark: Watermark;
  messages: number;
  /** Of these, events that should be stored and messages that should be set aside. */
  stored: number;
  dead: number;
  /** Messages after the watermark, which are not stored yet. */
  waiting: number;
  /** Partitions with stored versions that the log does not hold any more. */
  before: StreamVersionsBefore[];
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

/** The part of the log that is stored, in offsets to read and in positions to compare. */
export interface Extent {
  ranges: LogRange[];
  epochs: Epochs;
  /** From the first position that the log still has up to the next one that is not stored. */
  stored: LogExtent;
  waiting: number;
}

/** @throws Refusal (failed) when the log is not the one the store was filled from. */
async function readExtent(installation: Installation): Promise<Extent> {
  const verdict = await logVerdict(installation);
  if (verdict.problems.length > 0) throw notFitting(verdict.problems);
  return extentOf(verdict);
}

export function extentOf(verdict: LogVerdict): Extent {
  const { state, epochs } = verdict;
  const from: Watermark = {};
  let waiting = 0n;
  const ranges: LogRange[] = [];
  for (const { topic, partitions } of state.topics) {
    const epoch = epochs.get(topic) ?? 0;
    const lows: string[] = [];
    for (const { partition, low, end, committed } of partitions) {
      const next = committed ?? low;
      waiting += end - next;
      lows[partition] = String(positionOf(epoch, low));
      if (eventTopics.includes(topic)) ranges.push({ topic, partition, from: low, to: next });
    }
    from[topic] = lows;
  }
  return { ranges, epochs, stored: { from, to: watermarkOf(verdict) }, waiting: Number(waiting) };
}

/**
 * Compares the log with what is stored, block of offsets by block: counts and sums first, then the blocks that differ
 * message by message. Every message must be stored at its offset, be a dead letter, or repeat a stored version.
 */
export async function compareLog(installation: Installation, options: CompareOptions): Promise<LogComparison> {
  const { county } = options;
  const registry = new CountyRegistry(installation.store);
  await registry.load();
  const { ranges, epochs, stored, waiting } = await readExtent(installation);
  const watermark = stored.to;
  // A letter is in its topic before the offset of its message is committed, but perhaps not yet in its table.
  await waitUntilStored(installation, await logEnd(installation, deadLetterTopic), () => undefined);
  const result: LogComparison = { watermark, messages: 0, stored: 0, dead: 0, waiting, before: [] };
  const isOurs = (fact: LogFact) => fact.kind === 'dead' || county === undefined || fact.key.county === county;

  const log = new Map<string, Sums>();
  await readFacts(installation, {
    registry,
    epochs,
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

  const held = await readHeld(installation, stored, county);
  const differing = new Set<string>();
  for (const key of new Set([...log.keys(), ...held.keys()])) {
    const [a, b] = [log.get(key) ?? emptySums(), held.get(key) ?? emptySums()];
    const same = (['stored', 'dead'] as const).every((k) => a[k].count === b[k].count && a[k].sum === b[k].sum);
    if (!same) differing.add(key);
  }
  if (differing.size > 0) await lookInto(installation, { ...options, registry, epochs, ranges, differing, isOurs });
  result.before = await versionsBefore(installation, stored.from, county);
  return result;
}

async function readHeld(
  installation: Installation,
  { from, to: watermark }: LogExtent,
  county: string | undefined,
): Promise<Map<string, Sums>> {
  const { logAccount } = installation.store;
  const held = new Map<string, Sums>();
  const scope = { from, watermark, blockSize: BLOCK, county };
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
