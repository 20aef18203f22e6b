import { ingestorGroup } from '@pingan/contracts';
import { type PartitionLag, partitionLags } from '@pingan/messaging';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import type { Manifest } from './manifest.js';

export type Offsets = Record<string, string[]>;

export interface Continuation {
  /** Topics that are those of the backup: read again from its watermark. Others begin a log of their own. */
  kept: string[];
  fresh: string[];
  /** Messages between the watermark and the first one that Kafka still has. */
  missing: bigint;
}

/** Next offset per partition, by topic, of what the group has read. */
export async function committedNow(context: Context): Promise<Offsets> {
  const lags = await withAdmin(context, (admin) => partitionLags(admin, ingestorGroup));
  const offsets: Offsets = {};
  for (const { topic, partition, committed } of lags) {
    offsets[topic] ??= [];
    offsets[topic][partition] = String(committed);
  }
  return offsets;
}

/** A log that ends before the watermark is another one. */
function isKept(lags: readonly PartitionLag[], watermark: readonly string[]): boolean {
  return watermark.every((next, partition) => (lags.find((l) => l.partition === partition)?.end ?? 0n) >= BigInt(next));
}

/**
 * Sets where the group goes on reading, before the tables are emptied: a log that is kept is read again from the watermark of the
 * backup, another one from where the group stood when the restore began. Nobody may be in the group.
 */
export async function continueLog(context: Context, manifest: Manifest, standing: Offsets): Promise<Continuation> {
  return withAdmin(context, async (admin) => {
    const lags = await partitionLags(admin, ingestorGroup);
    const result: Continuation = { kept: [], fresh: [], missing: 0n };
    for (const topic of new Set(lags.map((lag) => lag.topic))) {
      const own = lags.filter((lag) => lag.topic === topic);
      const watermark = manifest.log.watermark[topic] ?? [];
      const kept = isKept(own, watermark);
      result[kept ? 'kept' : 'fresh'].push(topic);
      const partitions = own.map(({ partition, committed, end }) => {
        const wanted = BigInt((kept ? watermark : (standing[topic] ?? []))[partition] ?? committed);
        const next = wanted > end ? committed : wanted;
        return { partition, offset: String(next) };
      });
      await admin.setOffsets({ groupId: ingestorGroup, topic, partitions });
    }
    return result;
  });
}
