import { ingestorGroup, offsetOf } from '@pingan/contracts';
import type { PartitionState, TopicState } from '@pingan/messaging';
import { withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';
import type { Manifest } from './manifest.js';

export interface Continuation {
  /** Topics that are those of the backup: read again from its watermark. */
  kept: TopicState[];
  /** Others: they begin logs of their own. */
  fresh: TopicState[];
  clusterId: string;
  /** Messages between the watermark and the first one that Kafka still has. */
  missing: bigint;
}

function withinLog({ low, end }: PartitionState, offset: bigint): bigint {
  if (offset < low) return low;
  return offset > end ? end : offset;
}

/** Of a topic that was copied back older than the backup, the end is below the watermark: it is another log from there on. */
function isKept({ log }: Manifest, { topic, id, partitions }: TopicState): boolean {
  const watermark = log.watermark[topic];
  if (!watermark || !log.topics.some((known) => known.topic === topic && known.id === id)) return false;
  return watermark.every((next, i) => (partitions[i]?.end ?? -1n) >= BigInt(offsetOf(next)));
}

/**
 * Sets where the group goes on reading: a log that is kept is read again from the watermark of the backup, another one from its
 * beginning. Before the tables are emptied, with nobody in the group.
 */
export async function continueLog(installation: Installation, manifest: Manifest): Promise<Continuation> {
  return withAdmin(installation, async (admin) => {
    const { clusterId, topics } = await admin.state(ingestorGroup);
    const kept = topics.filter((topic) => isKept(manifest, topic));
    const fresh = topics.filter((topic) => !kept.includes(topic));
    const rawWatermark = (topic: string) => manifest.log.watermark[topic]!.map((next) => BigInt(offsetOf(next)));
    const keptMoves = kept.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((part) => ({
        partition: part.partition,
        offset: withinLog(part, rawWatermark(topic)[part.partition] ?? part.low),
      })),
    }));
    const freshMoves = fresh.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition, low }) => ({ partition, offset: low })),
    }));
    await admin.moveGroup(ingestorGroup, [...keptMoves, ...freshMoves]);
    const missing = kept
      .flatMap(({ topic, partitions }) =>
        partitions.map(({ low, partition }) => low - (rawWatermark(topic)[partition] ?? low)),
      )
      .reduce((sum, gap) => (gap > 0n ? sum + gap : sum), 0n);
    return { kept, fresh, clusterId, missing };
  });
}

/** Notes the logs that follow those of the backup, once its tables are there: positions in them are later than all before. */
export async function noteFreshLogs(installation: Installation, { fresh, clusterId }: Continuation): Promise<void> {
  const known = new Map((await installation.store.logs.known()).map((log) => [log.topic, log]));
  await installation.store.logs.note(
    fresh.map(({ topic, id, partitions }) => {
      const before = known.get(topic);
      const epoch = before === undefined ? 0 : before.epoch + 1;
      return { topic, epoch, topic_id: id, cluster_id: clusterId, partitions: partitions.length };
    }),
  );
}
