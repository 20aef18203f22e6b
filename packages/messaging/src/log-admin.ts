import { deadLetterTopic, eventTopics } from '@pingan/contracts';
import type { Admin } from 'kafkajs';

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

export interface PartitionLag {
  topic: string;
  partition: number;
  /** Next offset the group will read; everything below is in ClickHouse. */
  committed: bigint;
  /** First offset that the log still has. */
  low: bigint;
  end: bigint;
  lag: bigint;
}

export interface GroupMove {
  topic: string;
  partitions: readonly { partition: number; offset: bigint }[];
}

export interface Retention {
  topic: string;
  /** A setting by which Kafka deletes messages, and its value. */
  name: string;
  value: string;
}

const ours = [...eventTopics, deadLetterTopic];

/** kafkajs' ConfigResourceTypes.TOPIC, a value that its module system does not export by name. */
const TOPIC_RESOURCE = 2;

/** Values by which a topic keeps everything. */
const keeping: Record<string, string> = { 'retention.ms': '-1', 'retention.bytes': '-1', 'cleanup.policy': 'delete' };

type Offsets = Awaited<ReturnType<Admin['fetchOffsets']>>;

/** Committed offsets of one topic by partition; absent where the group has none. */
function committedOf(offsets: Offsets, topic: string): Map<number, bigint> {
  const partitions = offsets.find((entry) => entry.topic === topic)?.partitions ?? [];
  return new Map(partitions.map((p) => [p.partition, BigInt(p.offset)] as const).filter(([, offset]) => offset >= 0n));
}

/** What may be asked of the log, and done to it, beside reading and writing messages. All verbs throw while Kafka is away. */
export class LogAdmin {
  constructor(private readonly admin: Admin) {}

  connect(): Promise<void> {
    return this.admin.connect();
  }

  disconnect(): Promise<void> {
    return this.admin.disconnect();
  }

  /** All five topics as they are now. A topic that does not exist is absent. */
  async state(groupId: string): Promise<LogState> {
    const { clusterId, topics: named } = await this.admin.fetchTopicIds({ topics: ours });
    const existing = named
      .filter(({ errorCode }) => errorCode === 0)
      .sort((a, b) => ours.indexOf(a.name) - ours.indexOf(b.name));
    const names = existing.map(({ name }) => name);
    // Ends last: what is committed in between may not look as if it lay beyond them.
    const offsets = names.length === 0 ? [] : await this.admin.fetchOffsets({ groupId, topics: names });
    const ends = await Promise.all(names.map((topic) => this.admin.fetchTopicOffsets(topic)));
    return {
      clusterId: clusterId ?? '',
      topics: existing.map(({ name: topic, id }, i) => {
        const committed = committedOf(offsets, topic);
        const partitions = (ends[i] ?? []).map(({ partition, low, high }) => ({
          partition,
          low: BigInt(low),
          end: BigInt(high),
          committed: committed.get(partition),
        }));
        return { topic, id, partitions: partitions.sort((a, b) => a.partition - b.partition) };
      }),
    };
  }

  /** How far the group has read each partition of the five topics. @throws when one of them does not exist. */
  async lags(groupId: string): Promise<PartitionLag[]> {
    const [offsets, ...ends] = await Promise.all([
      this.admin.fetchOffsets({ groupId, topics: ours }),
      ...ours.map((topic) => this.admin.fetchTopicOffsets(topic)),
    ]);
    return ours.flatMap((topic, i) => {
      const committed = committedOf(offsets, topic);
      return (ends[i] ?? [])
        .map(({ partition, ...reach }) => {
          const [low, end] = [BigInt(reach.low), BigInt(reach.high)];
          const next = committed.get(partition) ?? low;
          return { topic, partition, committed: next, low, end, lag: end - next };
        })
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** Sets where the group goes on reading. Nobody may be in the group. */
  async moveGroup(groupId: string, moves: readonly GroupMove[]): Promise<void> {
    for (const { topic, partitions } of moves) {
      await this.admin.setOffsets({
        groupId,
        topic,
        partitions: partitions.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
      });
    }
  }

  /** Who is in the groups. */
  async describeGroups(groupIds: string[]): Promise<{ groups: { groupId: string; members: readonly unknown[] }[] }> {
    return this.admin.describeGroups(groupIds);
  }

  /** Settings of the topics by which Kafka throws away messages: the log is the source of truth and must keep all. */
  async forgettingTopics(): Promise<Retention[]> {
    const existing = new Set(await this.admin.listTopics());
    const topics = ours.filter((topic) => existing.has(topic));
    if (topics.length === 0) return [];
    const { resources } = await this.admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((name) => ({ type: TOPIC_RESOURCE, name, configNames: Object.keys(keeping) })),
    });
    return resources.flatMap(({ resourceName, configEntries }) =>
      configEntries
        .filter(({ configName, configValue }) => keeping[configName] !== configValue)
        .map(({ configName, configValue }) => ({ topic: resourceName, name: configName, value: configValue })),
    );
  }
}
