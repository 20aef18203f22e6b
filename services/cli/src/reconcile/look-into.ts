import { type Stream, streamOfTopic, streams, topicOf } from '@pingan/contracts';
import type { CountyRegistry } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import { versionText } from '@pingan/store';
import { type Context, withAdmin } from '../context.js';
import type { CompareOptions } from './compare-log.js';
import type { Differences } from './differences.js';
import { dayIn, type LogFact, type LogPlace, readFacts } from './log-facts.js';

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

interface Block extends LogPlace {
  block: number;
  facts: LogFact[];
}

/** Reads the blocks that differ once more and names every message and every row that has no counterpart. */
export async function lookInto(context: Context, options: LookInto): Promise<void> {
  const { differing, ranges, registry, isOurs } = options;
  const left = new Set(differing);
  /** The block being gathered, by partition; a partition is read in order. */
  const gathering = new Map<string, Block>();
  const settle = async (block: Block): Promise<void> => {
    left.delete(blockKey(block.stream, block.partition, block.block));
    await settleBlock(context, options, block);
  };
  await readFacts(context, {
    registry,
    ranges: ranges.map((range) => narrowed(range, differing)),
    onFacts: async ({ stream, partition }, facts) => {
      const place = `${stream}/${partition}`;
      for (const fact of facts) {
        const block = Math.floor(fact.message.offset / BLOCK);
        if (!differing.has(blockKey(stream, partition, block))) continue;
        let current = gathering.get(place);
        if (current?.block !== block) {
          if (current) await settle(current);
          current = { stream, partition, block, facts: [] };
          gathering.set(place, current);
        }
        if (isOurs(fact)) current.facts.push(fact);
      }
    },
  });
  for (const block of gathering.values()) await settle(block);
  // Blocks of which the log has nothing.
  for (const key of [...left]) {
    const [stream, partition, block] = key.split('/') as [Stream, string, string];
    await settle({ stream, partition: Number(partition), block: Number(block), facts: [] });
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

async function settleBlock(context: Context, options: LookInto, { stream, partition, block, facts }: Block) {
  const { differences, county, registry, ranges, onMissing } = options;
  const { logAccount } = context.store;
  const topic = topicOf(stream);
  const end = ranges.find((range) => range.topic === topic && range.partition === partition)?.to ?? 0n;
  const range = { partition, from: block * BLOCK, to: Math.min((block + 1) * BLOCK, Number(end)) };
  const rows = await logAccount.storedPlaces(stream, range, county);
  const letters = await logAccount.letterPlaces(topic, range);
  const placeOf = (fact: LogFact & { kind: 'store' }) => ({
    county: fact.key.county,
    stream,
    source: fact.key.source,
    day: fact.day,
    region: fact.region,
  });

  const absent: (LogFact & { kind: 'store' })[] = [];
  const toStore: LogFact[] = [];
  for (const fact of facts) {
    const { offset } = fact.message;
    const row = rows.get(offset);
    rows.delete(offset);
    if (row) {
      // A message that would be refused today was stored when the registry still knew its region.
      if (fact.kind === 'dead' || row.fingerprint === fact.fingerprint) continue;
      differences.add({ kind: 'altered', ...placeOf(fact) }, fact.key.case_id);
      toStore.push(fact);
    } else if (letters.has(offset)) {
      // Set aside when it arrived, whatever would become of it today.
    } else if (fact.kind === 'store') absent.push(fact);
    else {
      const nowhere = { county: '', stream, source: '', day: '', region: '' };
      differences.add({ kind: 'unlisted', ...nowhere }, `${topic}-${partition}-${offset}`);
      toStore.push(fact);
    }
  }
  const known = await logAccount.storedVersions(
    stream,
    absent.map(({ key }) => key),
  );
  for (const fact of absent) {
    if (known.has(versionText(fact.key))) continue;
    differences.add({ kind: 'missing', ...placeOf(fact) }, fact.key.case_id);
    toStore.push(fact);
  }
  for (const { county: code, source, case_id, region_code: region, occurred_ms } of rows.values()) {
    const day = dayIn(occurred_ms, registry.get(code)?.county.timeZone ?? 'UTC');
    differences.add({ kind: 'extra', county: code, stream, source, day, region }, case_id);
  }
  if (toStore.length > 0) {
    const messages = toStore.map(({ message }) => message).sort((a, b) => a.offset - b.offset);
    await onMissing?.({ stream, partition }, messages);
  }
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
