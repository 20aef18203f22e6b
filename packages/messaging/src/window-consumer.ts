import { setTimeout as sleep } from 'node:timers/promises';
import { deadLetterTopic, eventTopics } from '@pingan/contracts';
import type { Logger } from '@pingan/runtime';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { MessagePack } from './pack.js';
import { CommitPrefix, type MessageWindow, WindowCutter, type WindowLimits } from './windows.js';

export interface WindowConsumerOptions {
  kafka: Kafka;
  groupId: string;
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
  log: Logger;
  /** kafkajs has given up: the process should end and be started again. */
  onCrash: (error: Error) => void;
}

interface PartitionState {
  cutter: WindowCutter;
  /** Last offset the cutter was given: a fetch that was broken off brings messages again. */
  taken: number;
  /** A window that is cut and not handed over, because the wait for its turn was broken off. */
  waiting: MessageWindow | undefined;
  prefix: CommitPrefix;
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
    this.consumer = options.kafka.consumer({
      groupId: options.groupId,
      sessionTimeout: options.sessionMs,
      heartbeatInterval: Math.min(HEARTBEAT_MS, options.sessionMs / 4),
      rebalanceTimeout: REBALANCE_MS,
      minBytes: 256 * 1024,
      maxWaitTimeInMs: 300,
      maxBytesPerPartition: 512 * 1024,
      maxBytes: 4 * 1024 * 1024,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 300, maxRetryTime: 5_000, retries: 10 },
    });
  }

  async start(): Promise<void> {
    const { GROUP_JOIN, REBALANCING, CRASH, FETCH, HEARTBEAT } = this.consumer.events;
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
      this.heardFromKafka();
      this.watch ??= setInterval(() => this.noticeSilence(), 1_000).unref();
      this.flushing ??= setInterval(() => this.flushAtRest(), FLUSH_CHECK_MS).unref();
    });
    this.consumer.on(FETCH, () => this.heardFromKafka());
    this.consumer.on(HEARTBEAT, () => this.heardFromKafka());
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

  /** kafkajs repeats failed requests by itself and says nothing an operator would see. */
  private noticeSilence(): void {
    if (this.silent || performance.now() - this.aliveAt < SILENT_MS) return;
    this.silent = true;
    this.options.log.warn('Kafka 不可用,等待恢复');
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
    if (!(await hand())) return;
    const since = Number(batch.messages[0]?.timestamp ?? Date.now());
    for (const { offset, timestamp, key, value } of batch.messages) {
      const at = Number(offset);
      if (at <= state.taken) continue;
      state.taken = at;
      state.waiting = state.cutter.add({ offset: at, timestamp: Number(timestamp), key, value }, since);
      if (state.waiting && !(await hand())) return;
    }
    const caughtUp = BigInt(batch.lastOffset()) + 1n >= BigInt(batch.highWatermark);
    if (caughtUp) state.waiting = this.flush(state);
    if (!(await hand())) return;
    state.atRest = caughtUp;
    resolveOffset(batch.lastOffset());
    await heartbeat();
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
        this.options.log.warn({ detail: (error as Error).message, topic: window.topic }, '窗口未能提交,将重新读取');
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
    { topic, partition }: MessageWindow,
    next: bigint,
    generation: number,
  ): Promise<void> {
    state.committing = next;
    while (generation === this.generation && state.committing === next) {
      try {
        return await this.consumer.commitOffsets([{ topic, partition, offset: String(next) }]);
      } catch (error) {
        if (this.stopping) throw error;
        await sleep(COMMIT_AGAIN_MS, undefined, { ref: false });
      }
    }
  }
}
