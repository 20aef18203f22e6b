import { MessagePack, type RawMessage } from './pack.js';

export interface MessageWindow {
  topic: string;
  partition: number;
  first: string;
  last: string;
  /** See `StoreJob`. */
  again?: string | undefined;
  /** How many messages. */
  count: number;
  /** When the oldest of them was written to the log, milliseconds; at most one fetch too early. */
  since: number;
  /** The messages, as `unpackMessages` reads them. */
  packed: Buffer;
  /** To be called once, when nobody needs `packed` any more: its memory then serves the next window. */
  release: () => void;
}

export interface WindowLimits {
  /** Windows end where (offset + 1) is a multiple of this, so that a retry is the same window. */
  messages: number;
  /** A window also ends when its values reach this many bytes: memory stays bounded whatever the messages. */
  bytes: number;
}

/**
 * Cuts the messages of one partition into windows with fixed boundaries. What is left at the end of the log is taken by
 * `flush`, so that nothing waits for a window to fill.
 */
export class WindowCutter {
  private held:
    | { pack: MessagePack; first: number; last: number; count: number; since: number; valueBytes: number }
    | undefined;
  /** `spare`: memory of released windows; shared by all cutters of a consumer, it is as much as was ever in use at once. */
  constructor(
    private readonly place: { topic: string; partition: number },
    private readonly limits: WindowLimits,
    private readonly spare: MessagePack[] = [],
  ) {}

  /** Takes the next message, written at about `since`; returns the window that it completes. */
  add(message: RawMessage, since: number): MessageWindow | undefined {
    const { offset, value } = message;
    this.held ??= {
      pack: this.spare.pop() ?? new MessagePack(),
      first: offset,
      last: offset,
      count: 0,
      since,
      valueBytes: 0,
    };
    const { held } = this;
    held.pack.add(message);
    held.last = offset;
    held.count += 1;
    held.valueBytes += value?.length ?? 0;
    const full = (offset + 1) % this.limits.messages === 0 || held.valueBytes >= this.limits.bytes;
    return full ? this.flush() : undefined;
  }

  get isEmpty(): boolean {
    return this.held === undefined;
  }

  flush(): MessageWindow | undefined {
    const { held } = this;
    if (!held) return undefined;
    this.held = undefined;
    const { pack, first, last, count, since } = held;
    const release = () => {
      pack.clear();
      this.spare.push(pack);
    };
    return { ...this.place, first: String(first), last: String(last), count, since, packed: pack.bytes(), release };
  }
}

/** Follows which windows of a partition are stored and yields the offset that may be committed: a finished prefix. */
export class CommitPrefix {
  private readonly open: { next: bigint; done: boolean }[] = [];

  /** Registers a taken window; windows must be registered in log order. Returns the mark to finish it. */
  begin(lastOffset: bigint): { next: bigint; done: boolean } {
    const mark = { next: lastOffset + 1n, done: false };
    this.open.push(mark);
    return mark;
  }

  /**
   * Passes over offsets without a message, up to `next`. Returns it if it may be committed at once, or undefined while a
   * window before it is unfinished: then it is committed with that.
   */
  skip(next: bigint): bigint | undefined {
    if (this.open.length === 0) return next;
    this.open.push({ next, done: true });
    return undefined;
  }

  /** Marks a window as stored. Returns the new offset to commit, or undefined while an earlier window is unfinished. */
  finish(mark: { next: bigint; done: boolean }): bigint | undefined {
    mark.done = true;
    let next: bigint | undefined;
    while (this.open[0]?.done) next = this.open.shift()?.next;
    return next;
  }
}
