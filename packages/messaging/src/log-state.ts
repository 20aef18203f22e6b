import { deadLetterTopic, eventTopics } from '@pingan/contracts';
import type { Admin } from 'kafkajs';

/** Kafka's admin client, for those who may not import kafkajs. */
export type LogAdmin = Admin;

export interface PartitionState {
  partition: number;
  /** First offset that Kafka still has, and the next one it will give. */
  low: bigint;
  end: bigint;
  /** Next offset of the group; undefined where it has none. */
  committed: bigint | undefined;
}

/** What Kafka says of one topic. */
export interface TopicState {
  topic: string;
  /** Kafka's own id: a topic that was deleted and made again has another. */
  id: string;
  partitions: PartitionState[];
}

export interface LogState {
  clusterId: string;
  topics: TopicState[];
}

/** All five topics as they are now. A topic that does not exist is absent. @throws when Kafka does not answer. */
export async function readLogState(admin: Admin, groupId: string): Promise<LogState> {
  const wanted = [...eventTopics, deadLetterTopic];
  const { clusterId, topics: named } = await admin.fetchTopicIds({ topics: wanted });
  const existing = named
    .filter(({ errorCode }) => errorCode === 0)
    .sort((a, b) => wanted.indexOf(a.name) - wanted.indexOf(b.name));
  const names = existing.map(({ name }) => name);
  // Ends last: what is committed in between may not look as if it lay beyond them.
  const committed = names.length === 0 ? [] : await admin.fetchOffsets({ groupId, topics: names });
  const ends = await Promise.all(names.map((topic) => admin.fetchTopicOffsets(topic)));
  return {
    clusterId: clusterId ?? '',
    topics: existing.map(({ name: topic, id }, i) => {
      const offsets = new Map(
        committed.find((entry) => entry.topic === topic)?.partitions.map((p) => [p.partition, BigInt(p.offset)]),
      );
      const partitions = (ends[i] ?? []).map(({ partition, low, high }) => {
        const next = offsets.get(partition) ?? -1n;
        return { partition, low: BigInt(low), end: BigInt(high), committed: next < 0n ? undefined : next };
      });
      return { topic, id, partitions: partitions.sort((a, b) => a.partition - b.partition) };
    }),
  };
}

/** Sets where the group goes on reading. Nobody may be in the group. */
export async function moveGroup(
  admin: Admin,
  groupId: string,
  moves: readonly { topic: string; partitions: readonly { partition: number; offset: bigint }[] }[],
): Promise<void> {
  for (const { topic, partitions } of moves) {
    await admin.setOffsets({
      groupId,
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    });
  }
}

export interface Retention {
  topic: string;
  /** A setting by which Kafka deletes messages, and its value. */
  name: string;
  value: string;
}

/** Settings of the topics by which Kafka throws away messages: the log is the source of truth and must keep all. */
export async function forgettingTopics(admin: Admin): Promise<Retention[]> {
  const existing = new Set(await admin.listTopics());
  const topics = [...eventTopics, deadLetterTopic].filter((topic) => existing.has(topic));
  if (topics.length === 0) return [];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map((name) => ({
      type: TOPIC_RESOURCE,
      name,
      configNames: ['retention.ms', 'retention.bytes', 'cleanup.policy'],
    })),
  });
  const keeps: Record<string, string> = { 'retention.ms': '-1', 'retention.bytes': '-1', 'cleanup.policy': 'delete' };
  return resources.flatMap(({ resourceName, configEntries }) =>
    configEntries
      .filter(({ configName, configValue }) => keeps[configName] !== configValue)
      .map(({ configName, configValue }) => ({ topic: resourceName, name: configName, value: configValue })),
  );
}

/** kafkajs' ConfigResourceTypes.TOPIC, a value that its module system does not export by name. */
const TOPIC_RESOURCE = 2;
