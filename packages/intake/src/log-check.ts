import { eventTopics, ingestorGroup, positionOf, streamNames, streamOfTopic } from '@pingan/contracts';
import type { LogAdmin, LogState, PartitionState, TopicState, Watermark } from '@pingan/messaging';
import type { KnownLog, Reach, Store } from '@pingan/store';

/** Why the log must not be read on as if nothing had happened. */
export type LogProblem =
  /** Kafka's topic is another one than the store was filled from. */
  | { kind: 'replaced'; topic: string; messages: bigint }
  /** The topic ends before what is stored or committed: it came back from an older copy. */
  | { kind: 'shorter'; topic: string; partition: number; end: bigint; reached: bigint }
  /** Kafka has deleted messages before they were stored. */
  | { kind: 'deleted'; topic: string; partition: number; next: bigint; low: bigint }
  /** Messages were committed and nothing of them is stored. */
  | { kind: 'store_lost'; messages: bigint }
  /** A topic that was read before does not exist. */
  | { kind: 'topic_missing'; topic: string };

/** Epoch by topic. */
export type Epochs = ReadonlyMap<string, number>;

export interface LogVerdict {
  state: LogState;
  /** Of topics whose log is known. */
  epochs: Epochs;
  problems: LogProblem[];
  /** Topics that fit and are not noted yet, or have more partitions than noted. */
  toNote: KnownLog[];
}

export interface LogEvidence {
  state: LogState;
  known: readonly KnownLog[];
  /** How far the store goes; absent where only ids and ends are to be compared. */
  reach?: readonly Reach[] | undefined;
}

const nextOf = (partition: PartitionState): bigint => partition.committed ?? partition.low;

/** The first offset that is not known to be stored. */
function reachedOf(evidence: LogEvidence, topic: string, epoch: number, partition: number): bigint {
  const found = evidence.reach?.find((r) => r.topic === topic && r.partition === partition && r.epoch === epoch);
  return found === undefined ? 0n : found.last + 1n;
}

function problemsOfTopic(evidence: LogEvidence, topic: TopicState, known: KnownLog | undefined): LogProblem[] {
  const { topic: name, id, partitions } = topic;
  if (known && known.topic_id !== id) {
    const messages = partitions.reduce((sum, { low, end }) => sum + end - low, 0n);
    return [{ kind: 'replaced', topic: name, messages }];
  }
  const epoch = known?.epoch ?? 0;
  return partitions.flatMap((part): LogProblem[] => {
    const { partition, low, end, committed } = part;
    const stored = reachedOf(evidence, name, epoch, partition);
    const reached = committed !== undefined && committed > stored ? committed : stored;
    if (reached > end) return [{ kind: 'shorter', topic: name, partition, end, reached }];
    // A group that lost its offsets reads from the beginning again; only what was never stored is missing then.
    const next = committed ?? stored;
    if (known && next < low) return [{ kind: 'deleted', topic: name, partition, next, low }];
    return [];
  });
}

/** Compares what Kafka has with what the store was filled from. Pure. */
export function compareLogs(evidence: LogEvidence): LogVerdict {
  const { state, known, reach } = evidence;
  const knownOf = new Map(known.map((log) => [log.topic, log]));
  const existing = new Set(state.topics.map(({ topic }) => topic));
  const committed = state.topics
    .filter(({ topic }) => eventTopics.includes(topic))
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, part) => sum + (part.committed ?? 0n), 0n);
  const problems: LogProblem[] = state.topics.flatMap((topic) =>
    problemsOfTopic(evidence, topic, knownOf.get(topic.topic)),
  );
  for (const { topic } of known) if (!existing.has(topic)) problems.push({ kind: 'topic_missing', topic });
  if (problems.length === 0 && reach?.length === 0 && committed > 0n) {
    problems.push({ kind: 'store_lost', messages: committed });
  }
  const toNote = state.topics.flatMap(({ topic, id, partitions }): KnownLog[] => {
    const before = knownOf.get(topic);
    if (before && (before.topic_id !== id || before.partitions >= partitions.length)) return [];
    const epoch = before?.epoch ?? 0;
    return [{ topic, epoch, topic_id: id, cluster_id: state.clusterId, partitions: partitions.length }];
  });
  return { state, epochs: new Map(known.map(({ topic, epoch }) => [topic, epoch])), problems, toNote };
}

/**
 * Looks at both sides; `readState` asks Kafka. Thorough: also at what the tables hold, which reads a column of each.
 * @throws when an engine is away.
 */
export async function checkLog(
  readState: () => Promise<LogState>,
  store: Pick<Store, 'logs'>,
  { thorough }: { thorough: boolean },
): Promise<LogVerdict> {
  // The store first, since it only grows with the log; known logs last, since a group is moved before its log is noted.
  const reach = thorough ? await store.logs.reach() : undefined;
  const state = await readState();
  return compareLogs({ state, known: await store.logs.known(), reach });
}

/** The same over one connected admin. */
export const checkLogBy = (admin: LogAdmin, store: Pick<Store, 'logs'>, how: { thorough: boolean }) =>
  checkLog(() => admin.state(ingestorGroup), store, how);

/** The log does not fit what is stored: no watermark may be taken from it. */
export class UnfitLog extends Error {
  override readonly name = 'UnfitLog';

  constructor(readonly problems: readonly LogProblem[]) {
    super(problemTexts(problems).join(' '));
  }
}

/** Next position per partition, of the committed offsets. */
export function watermarkOf({ state, epochs }: Pick<LogVerdict, 'state' | 'epochs'>): Watermark {
  const watermark: Watermark = {};
  for (const { topic, partitions } of state.topics) {
    const positions: string[] = [];
    for (const part of partitions) {
      positions[part.partition] = String(positionOf(epochs.get(topic) ?? 0, nextOf(part)));
    }
    watermark[topic] = positions;
  }
  return watermark;
}

/**
 * The watermark now: everything below is stored.
 * @throws UnfitLog when Kafka's topics are not those the store knows: offsets of one log mean nothing in another.
 */
export async function readWatermark(
  admin: LogAdmin,
  store: Pick<Store, 'logs'>,
): Promise<{ watermark: Watermark; behind: number }> {
  const verdict = await checkLogBy(admin, store, { thorough: false });
  const unknown = verdict.state.topics.some(({ topic }) => !verdict.epochs.has(topic));
  if (unknown && verdict.problems.length === 0) throw new UnfitLog([]);
  if (verdict.problems.length > 0) throw new UnfitLog(verdict.problems);
  const behind = verdict.state.topics
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, part) => sum + Number(part.end - nextOf(part)), 0);
  return { watermark: watermarkOf(verdict), behind };
}

/** Topics with what people call them, ready for the word that follows. */
function namesOf(topics: readonly string[]): string {
  const text = topics
    .map((topic) => {
      const stream = streamOfTopic(topic);
      return stream === undefined ? topic : `${topic}（${streamNames[stream]}）`;
    })
    .join('、');
  return text.endsWith('）') ? text : `${text} `;
}

function problemText(problem: LogProblem): string {
  switch (problem.kind) {
    case 'replaced':
      return replacedText([problem.topic], problem.messages);
    case 'shorter':
      return `主题 ${namesOf([problem.topic])}分区 ${problem.partition} 只到偏移 ${problem.end}，而已入库至 ${problem.reached}：Kafka 可能恢复自较早的副本。已停止读取，核实后用 pingan adopt-log 接续。`;
    case 'deleted':
      return `主题 ${namesOf([problem.topic])}分区 ${problem.partition} 的消息 ${problem.next} 至 ${problem.low - 1n} 还没有入库就已被 Kafka 删除（共 ${problem.low - problem.next} 条）。已停止读取；请先由来源系统补报，再用 pingan adopt-log 说明缺失条数后接续。`;
    case 'store_lost':
      return `日志中有 ${problem.messages} 条消息已确认入库，而库是空的：ClickHouse 的数据丢失。已停止读取。有备份用 pingan restore --from 目录 恢复；没有备份则重新登记各县，再用 pingan rebuild --yes 从日志重建。`;
    case 'topic_missing':
      return `Kafka 中没有主题 ${namesOf([problem.topic]).trimEnd()}，它以前有过。请检查 KAFKA_BROKERS 是否指向原来的集群。`;
  }
}

const replacedText = (topics: readonly string[], messages: bigint): string =>
  `主题 ${namesOf(topics)}已不是原来入库的那一个：被删除重建，或换了 Kafka 集群；新日志有 ${messages} 条消息，未入库。已停止读取，核实后用 pingan adopt-log 接续。`;

/** What is wrong and what to do, in Chinese sentences; topics that were all made again share one. */
export function problemTexts(problems: readonly LogProblem[]): string[] {
  const replaced = problems.filter((one) => one.kind === 'replaced');
  const others = problems.filter(({ kind }) => kind !== 'replaced').map(problemText);
  if (replaced.length === 0) return others;
  const messages = replaced.reduce((sum, one) => sum + one.messages, 0n);
  return [
    replacedText(
      replaced.map(({ topic }) => topic),
      messages,
    ),
    ...others,
  ];
}
