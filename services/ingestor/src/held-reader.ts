import { setTimeout as sleep } from 'node:timers/promises';
import type { WindowConsumer } from '@pingan/messaging';
import type { Logger } from '@pingan/runtime';

export interface HeldReaderOptions {
  make: () => WindowConsumer;
  /** Why the log must not be read now, in Chinese; undefined when it may. `reading`: whether it is being read. */
  whyHeld: (now: { reading: boolean }) => Promise<string | undefined>;
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
    const reading = this.current !== undefined;
    const why = await this.options.whyHeld({ reading }).catch(() => (reading ? undefined : 'Redis 不可用'));
    if (why !== undefined && this.current) {
      await this.current.stop();
      this.current = undefined;
      this.options.log.info(`暂停读取日志：${why}`);
    } else if (why === undefined && !this.current) {
      const fresh = this.options.make();
      await fresh.start();
      this.current = fresh;
    }
  }
}
