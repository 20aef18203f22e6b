import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopic, eventTopics, offsetOf, positionOf } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import type { Consumer, ConsumerUnreadableBatchEvent, EachBatchPayload } from 'kafkajs';
import { compressionName } from './codecs.js';
import { KafkaClient, METADATA_MS } from './kafka.js';
import type { MessagePack } from './pack.js';
import { CommitPrefix, type MessageWindow, WindowCutter, type WindowLimits } from './windows.js';

export interface WindowConsumerOptions {
  kafka: KafkaClient;
  groupId: string;
  /** Of each topic's log: windows carry positions. */
  epochs: ReadonlyMap<string, number>;
  limits: WindowLimits;
  /** Windows taken but not yet stored, over all partitions: how many, and how many bytes they may have together. */
  maxInFlight: number;
  maxBytesInFlight: number;
  /** A member silent for this long is out of the group, and its partitions go to the others. */
  sessionMs: number;
  /** Resolves when the window is in ClickHouse; must itself wait out an engine that is down. */
  store: (window: MessageWindow) => Promise<void>;
  /** Told of every window that is taken and stored. */
  onTaken?: (window: MessageWindow) => void;
  onStored?: (window: MessageWindow, seconds: number) => void;
  /**
   * The log does not have the offset that is to be read next. The partition stands still from now on, its other messages
   * are not passed over.
   */
  onOutOfRange: (place: { topic: string; partition: number; wanted: bigint }) => void;
  log: Logger;
  /** kafkajs has given up: the process should end and be started again. */
  onCrash: (error: Error) => void;
}

/** A batch that cannot be decompressed; its partition waits. */
export interface UnreadableBatch {
  topic: string;
  partition: number;
  offset: string;
  compression: string;
}

interface PartitionState {
  cutter: WindowCutter;
  /** Last offset the cutter was given: a fetch that was broken off brings messages again. */
  taken: number;
  /** A window that is cut and not handed over, because the wait for its turn was broken off. */
  waiting: MessageWindow | undefined;
  prefix: CommitPrefix;
  /** Everything below was handed over, offsets without a message included. */
  read: bigint;
  /** Everything below is in a window, or without a message and known to `prefix`. */
  marked: bigint;
  /** The newest offset that was asked to be committed: an older one that is tried again must not undo it. */
  committing: bigint;
  /** The end of the log was reached, and no batch is being read. */
  atRest: boolean;
  /** The beat, by `performance.now()`, in which the end of the log was last taken as a window. */
  flushedAt: number;
}

const HEARTBEAT_MS = 3_000;

/**
 * At the end of the log a partition gives about one window in this time: each costs an insert, however few messages it has.
 * The first after a silence goes at once, the others with those of all partitions: what comes at the same time is in one
 * refresh and one ranking, which both stand idle when it comes.
 */
const FLUSH_MS = 2_000;

/** How often partitions are looked at whose last messages wait for that. */
const FLUSH_CHECK_MS = 200;

/** How long a group waits for its members when it is formed anew; one that died is given up when its session ends. */
const REBALANCE_MS = 60_000;

/** How often a batch that cannot be decompressed is fetched again. */
const UNREADABLE_AGAIN_MS = 5_000;

/** Before a commit is tried again. */
const COMMIT_AGAIN_MS = 500;

/** In a group fetches and heartbeats come at least every three seconds; without either for this long Kafka is away. */
const SILENT_MS = 10_000;

/**
 * Reads the event topics in windows and commits an offset only when every window below it is stored.
 *
 * Reading runs ahead of storing by at most `maxInFlight` windows and `maxBytesInFlight` bytes (one window is always taken);
 * then batches are held back, heartbeats go on. After a rebalance reading starts again from the committed offsets, and windows of the earlier generation no longer commit.
 */
export class WindowConsumer {
  private readonly consumer: Consumer;
  private readonly states = new Map<string, PartitionState>();
  private readonly inFlight = new Map<Promise<void>, MessageWindow>();
  private bytesInFlight = 0;
  private readonly unreadableBatches = new Map<string, UnreadableBatch>();
  private readonly spare: MessagePack[] = [];
  private done = 0;
  private assigned: ReadonlyMap<string, ReadonlySet<number>> | undefined;
  /** Since when the group is being formed, on a clock that never jumps; undefined while this member reads. */
  private joiningSince: number | undefined = performance.now();
  private generation = 0;
  private stopping = false;
  private crashed = false;
  private silent = false;
  private aliveAt = 0;
  private watch: NodeJS.Timeout | undefined;
  private flushing: NodeJS.Timeout | undefined;

  constructor(private readonly options: WindowConsumerOptions) {
    this.consumer = KafkaClient.kafkajs(options.kafka).consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionMs,
      heartbeatInterval: Math.min(HEARTBEAT_MS, options.sessionMs / 4),
      rebalanceTimeout: REBALANCE_MS,
      minBytes: 256 * 1024,
      maxWaitTimeInMs: 300,
      maxBytesPerPartition: 512 * 1024,
      maxBytes: 4 * 1024 * 1024,
      allowAutoTopicCreation: false,
      metadataMaxAge: METADATA_MS,
      retry: { initialRetryTime: 300, maxRetryTime: 5_000, retries: 10 },
    });
  }

  async start(): Promise<void> {
    const { GROUP_JOIN, REBALANCING, CRASH, FETCH, HEARTBEAT } = this.consumer.events;
    const { END_BATCH_PROCESS, OFFSET_OUT_OF_RANGE, UNREADABLE_BATCH } = this.consumer.events;
    this.consumer.on(REBALANCING, () => {
      this.joiningSince ??= performance.now();
    });
    this.consumer.on(GROUP_JOIN, ({ payload }) => {
      this.generation += 1;
      this.joiningSince = undefined;
      this.assigned = new Map(
        Object.entries(payload.memberAssignment).map(([topic, partitions]) => [topic, new Set(partitions)]),
      );
      this.states.clear();
      for (const [place, { topic, partition }] of this.unreadableBatches) {
        if (!this.reads(topic, partition)) this.unreadableBatches.delete(place);
      }
      this.heardFromKafka();
      this.watch ??= setInterval(() => this.noticeSilence(), 1_000).unref();
      this.flushing ??= setInterval(() => this.flushAtRest(), FLUSH_CHECK_MS).unref();
    });
    this.consumer.on(FETCH, () => this.heardFromKafka());
    this.consumer.on(HEARTBEAT, () => this.heardFromKafka());
    // kafkajs hands over no batch that has only markers of transactions and aborted messages.
    this.consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      if (batchSize === 0) this.passOver(topic, partition, BigInt(lastOffset) + 1n);
    });
    this.consumer.on(UNREADABLE_BATCH, ({ payload }) => this.waitForCodec(payload));
    this.consumer.on(OFFSET_OUT_OF_RANGE, ({ payload: { topic, partition, offset } }) =>
      this.options.onOutOfRange({ topic, partition, wanted: BigInt(offset) }),
    );
    this.consumer.on(CRASH, ({ payload }) => {
      // With restart kafkajs goes on by itself, unless it calls the error non-retriable.
      if (!payload.restart) {
        this.crashed = true;
        this.options.onCrash(payload.error);
      }
    });
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...eventTopics, deadLetterTopic], fromBeginning: true });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 8,
      eachBatch: (payload) => this.take(payload),
    });
  }

  /** Intake stops, windows in flight finish and commit, then the group is left. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.watch);
    clearInterval(this.flushing);
    await Promise.allSettled(this.inFlight.keys());
    if (!this.crashed) await this.consumer.disconnect();
  }

  get inFlightNow(): { windows: number; bytes: number } {
    return { windows: this.inFlight.size, bytes: this.bytesInFlight };
  }

  /** Windows stored and committed so far. */
  get finished(): number {
    return this.done;
  }

  /** When the oldest message in flight was written, milliseconds; undefined without any. */
  get oldestInFlight(): number | undefined {
    let oldest: number | undefined;
    for (const { since } of this.inFlight.values()) oldest = Math.min(oldest ?? since, since);
    return oldest;
  }

  get unreadable(): readonly UnreadableBatch[] {
    return [...this.unreadableBatches.values()];
  }

  get kafkaIsSilent(): boolean {
    return this.silent;
  }

  /** The group is being formed, and that may still take as long. */
  get isJoining(): boolean {
    return (
      this.joiningSince !== undefined && performance.now() - this.joiningSince < REBALANCE_MS + this.options.sessionMs
    );
  }

  /** Whether messages of a partition are this member's to read; before the first assignment any may be. */
  reads(topic: string, partition: number): boolean {
    return this.assigned === undefined || this.assigned.get(topic)?.has(partition) === true;
  }

  /** Whether this member gets on with the messages of a partition. */
  canRead(topic: string, partition: number): boolean {
    return this.reads(topic, partition) && !this.unreadableBatches.has(`${topic}-${partition}`);
  }

  /** kafkajs repeats failed requests by itself and says nothing an operator would see. */
  private noticeSilence(): void {
    if (this.silent || performance.now() - this.aliveAt < SILENT_MS) return;
    this.silent = true;
    this.options.log.warn('Kafka 不可用，等待恢复');
  }

  private heardFromKafka(): void {
    if (this.silent) this.options.log.info('Kafka 已恢复');
    this.silent = false;
    this.aliveAt = performance.now();
  }

  private async take({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const { topic, partition } = batch;
    const generation = this.generation;
    const state = this.stateOf(topic, partition);
    const current = () => isRunning() && !isStale() && !this.stopping && generation === this.generation;
    if (!current()) return;

    const hand = async (): Promise<boolean> => {
      const window = state.waiting;
      if (!window) return true;
      while (this.isFullFor(window)) {
        await heartbeat();
        if (!current()) return false;
        await Promise.race([...this.inFlight.keys(), sleep(HEARTBEAT_MS, undefined, { ref: false })]);
      }
      // A window begun after a stop would be stored and not committed.
      if (!current()) return false;
      state.waiting = undefined;
      this.begin(state, window, generation);
      return true;
    };
    state.atRest = false;
    this.readable(topic, partition);
    if (!(await hand())) return;
    const since = Number(batch.messages[0]?.timestamp ?? Date.now());
    const epoch = this.epochOf(topic);
    for (const { offset, timestamp, key, value } of batch.messages) {
      const at = positionOf(epoch, offset);
      if (at <= state.taken) continue;
      state.taken = at;
      state.waiting = state.cutter.add({ offset: at, timestamp: Number(timestamp), key, value }, since);
      if (state.waiting && !(await hand())) return;
    }
    const next = BigInt(batch.lastOffset()) + 1n;
    // Messages behind a transaction that is open are not given yet.
    const caughtUp = next >= BigInt(batch.lastStableOffset ?? batch.highWatermark);
    if (caughtUp) state.waiting = this.flush(state);
    if (!(await hand()) || !current()) return;
    state.atRest = caughtUp;
    state.read = BigInt(positionOf(epoch, next));
    this.passTail(state, { topic, partition });
    resolveOffset(batch.lastOffset());
    await heartbeat();
  }

  /** A batch without any message for us ends before the offset `next`. */
  private passOver(topic: string, partition: number, next: bigint): void {
    if (this.stopping) return;
    const state = this.stateOf(topic, partition);
    this.readable(topic, partition);
    state.atRest = true;
    state.read = BigInt(positionOf(this.epochOf(topic), next));
    this.passTail(state, { topic, partition });
  }

  /** Offsets without a message are committed as well, once every message before them is stored: otherwise lag stays. */
  private passTail(state: PartitionState, place: { topic: string; partition: number }): void {
    if (!state.cutter.isEmpty || state.waiting || state.read <= state.marked) return;
    state.marked = state.read;
    const next = state.prefix.skip(state.read);
    // When it is told to stop meanwhile, they are read once more.
    if (next !== undefined) void this.commit(state, place, next, this.generation).catch(() => undefined);
  }

  private waitForCodec(payload: ConsumerUnreadableBatchEvent['payload']): void {
    if (this.stopping) return;
    const { topic, partition, offset, error } = payload;
    const compression = compressionName(payload.compression);
    const key = `${topic}-${partition}`;
    const known = this.unreadableBatches.get(key);
    if (known?.offset !== offset || known.compression !== compression) {
      this.options.log.error(
        { topic, partition, offset, compression, detail: error.message },
        `${topic} 分区 ${partition} 位移 ${offset} 起的一批消息无法解压（压缩方式 ${compression}）：该分区等待，其他分区照常入库`,
      );
    }
    this.unreadableBatches.set(key, { topic, partition, offset, compression });
    // What was read before it need not wait with it.
    this.stateOf(topic, partition).atRest = true;
    const place = [{ topic, partitions: [partition] }];
    this.consumer.pause(place);
    setTimeout(() => {
      if (this.stopping) return;
      try {
        this.consumer.resume(place);
      } catch {
        // kafkajs is starting again by itself; then nothing is paused.
      }
    }, UNREADABLE_AGAIN_MS).unref();
  }

  private readable(topic: string, partition: number): void {
    if (!this.unreadableBatches.delete(`${topic}-${partition}`)) return;
    this.options.log.info({ topic, partition }, `${topic} 分区 ${partition} 又可以解压，继续读取`);
  }

  /** What the cutter holds, unless the partition gave its last messages a moment ago. */
  private flush(state: PartitionState): MessageWindow | undefined {
    const now = performance.now();
    if (now - state.flushedAt < FLUSH_MS) return undefined;
    const window = state.cutter.flush();
    if (window) state.flushedAt = now - (now % FLUSH_MS);
    return window;
  }

  /** kafkajs says nothing of a partition without new messages. */
  private flushAtRest(): void {
    if (this.stopping || this.joiningSince !== undefined) return;
    for (const state of this.states.values()) {
      if (!state.atRest) continue;
      state.waiting ??= this.flush(state);
      if (!state.waiting || this.isFullFor(state.waiting)) continue;
      const window = state.waiting;
      state.waiting = undefined;
      this.begin(state, window, this.generation);
    }
  }

  private isFullFor({ packed }: MessageWindow): boolean {
    const { maxInFlight, maxBytesInFlight } = this.options;
    if (this.inFlight.size === 0) return false;
    return this.inFlight.size >= maxInFlight || this.bytesInFlight + packed.length > maxBytesInFlight;
  }

  private epochOf(topic: string): number {
    const epoch = this.options.epochs.get(topic);
    if (epoch === undefined) throw new Error(`topic ${topic} has no known log`);
    return epoch;
  }

  private stateOf(topic: string, partition: number): PartitionState {
    const key = `${topic}-${partition}`;
    let state = this.states.get(key);
    if (!state) {
      const cutter = new WindowCutter({ topic, partition }, this.options.limits, this.spare);
      state = {
        cutter,
        taken: -1,
        waiting: undefined,
        prefix: new CommitPrefix(),
        read: 0n,
        marked: 0n,
        committing: -1n,
        atRest: false,
        flushedAt: Number.NEGATIVE_INFINITY,
      };
      this.states.set(key, state);
    }
    return state;
  }

  private begin(state: PartitionState, window: MessageWindow, generation: number): void {
    const mark = state.prefix.begin(BigInt(window.last));
    state.marked = mark.next;
    this.passTail(state, window);
    const bytes = window.packed.length;
    const takenAt = performance.now();
    this.bytesInFlight += bytes;
    this.options.onTaken?.(window);
    const task = this.options
      .store(window)
      .then(async () => {
        window.release();
        this.options.onStored?.(window, (performance.now() - takenAt) / 1000);
        const next = state.prefix.finish(mark);
        if (next !== undefined) await this.commit(state, window, next, generation);
        this.done += 1;
      })
      .catch((error: unknown) => {
        // An uncommitted window is read again after the next rebalance or restart: nothing is lost.
        this.options.log.warn({ detail: (error as Error).message, topic: window.topic }, '窗口未能提交，将重新读取');
        if (!this.stopping) this.options.onCrash(error as Error);
      })
      .finally(() => {
        this.inFlight.delete(task);
        this.bytesInFlight -= bytes;
        this.flushAtRest();
      });
    this.inFlight.set(task, window);
  }

  /**
   * Commits while this member is of the generation that read the windows; an outage of Kafka is waited for, the windows
   * remain in flight meanwhile. When the group is divided anew, whoever gets the partition reads them again.
   * @throws when told to stop while Kafka is away.
   */
  private async commit(
    state: PartitionState,
    { topic, partition }: { topic: string; partition: number },
    next: bigint,
    generation: number,
  ): Promise<void> {
    state.committing = next;
    while (generation === this.generation && state.committing === next) {
      try {
        return await this.consumer.commitOffsets([{ topic, partition, offset: String(offsetOf(next)) }]);
      } catch (error) {
        if (this.stopping) throw error;
        await sleep(COMMIT_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}
