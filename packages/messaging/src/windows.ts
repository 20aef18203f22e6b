import type { RawMessage } from './pack.js';

export interface MessageWindow {
  topic: string;
  partition: number;
  first: string;
  last: string;
  messages: RawMessage[];
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
  private held: RawMessage[] = [];
  private heldBytes = 0;
  private readonly every: bigint;

  constructor(
    private readonly place: { topic: string; partition: number },
    private readonly limits: WindowLimits,
  ) {
    this.every = BigInt(limits.messages);
  }

  add(messages: readonly RawMessage[]): MessageWindow[] {
    const windows: MessageWindow[] = [];
    for (const message of messages) {
      this.held.push(message);
      this.heldBytes += message.value?.length ?? 0;
      const full = (message.offset + 1n) % this.every === 0n || this.heldBytes >= this.limits.bytes;
      if (full) windows.push(...this.flush());
    }
    return windows;
  }

  flush(): MessageWindow[] {
    const first = this.held[0];
    const last = this.held.at(-1);
    if (!first || !last) return [];
    const window = { ...this.place, first: String(first.offset), last: String(last.offset), messages: this.held };
    this.held = [];
    this.heldBytes = 0;
    return [window];
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

  /** Marks a window as stored. Returns the new offset to commit, or undefined while an earlier window is unfinished. */
  finish(mark: { next: bigint; done: boolean }): bigint | undefined {
    mark.done = true;
    let next: bigint | undefined;
    while (this.open[0]?.done) next = this.open.shift()?.next;
    return next;
  }
}
