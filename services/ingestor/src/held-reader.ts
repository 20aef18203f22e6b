import { setTimeout as sleep } from 'node:timers/promises';
import type { WindowConsumer } from '@pingan/messaging';
import type { Logger } from '@pingan/runtime';

export interface HeldReaderOptions {
  make: () => WindowConsumer;
  /** Whether somebody (`pingan rebuild`) wants the log not to be read for a while. */
  isHeld: () => Promise<boolean>;
  /** Whether the log is the one the store was filled from; `reading`: whether it is being read now. */
  mayRead: (now: { reading: boolean }) => Promise<boolean>;
  log: Logger;
  onCrash: (error: unknown) => void;
}

const LOOK_MS = 1_000;

/**
 * A consumer that leaves its group while intake is held or the log does not fit, and joins again, where the group's offsets are
 * then, afterwards.
 */
export class HeldReader {
  private current: WindowConsumer | undefined;
  private readonly stopping = new AbortController();
  private watching: Promise<void> | undefined;

  constructor(private readonly options: HeldReaderOptions) {}

  async start(): Promise<void> {
    await this.follow();
    this.watching = this.watch().catch((error: unknown) => {
      if (!this.stopping.signal.aborted) this.options.onCrash(error);
    });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
    await this.current?.stop();
  }

  /** Undefined while intake is held. */
  get consumer(): WindowConsumer | undefined {
    return this.current;
  }

  private async watch(): Promise<void> {
    for (;;) {
      await sleep(LOOK_MS, undefined, { signal: this.stopping.signal });
      await this.follow();
    }
  }

  private async follow(): Promise<void> {
    // With Redis away nothing can be handed on, and nobody can be rebuilding: the state stays as it is.
    const held = await this.options.isHeld().catch(() => this.current === undefined);
    const may = !held && (await this.options.mayRead({ reading: this.current !== undefined }));
    if (!may && this.current) {
      await this.current.stop();
      this.current = undefined;
      if (held) this.options.log.info('应 rebuild 的要求暂停读取日志');
    } else if (may && !this.current) {
      const fresh = this.options.make();
      await fresh.start();
      this.current = fresh;
    }
  }
}
