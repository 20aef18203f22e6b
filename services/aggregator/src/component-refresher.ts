import type { ComponentScope, Watermark } from '@pingan/store';

/** New rows wait at least this long for their components: a burst of windows is one refresh. */
const COMPONENTS_DELAY_MS = 250;

/** A pause is this share of what the last refresh took, within bounds: intake has its turn, and the index does not fall behind. */
const PAUSE_SHARE = 0.5;
const LONGEST_PAUSE_MS = 5_000;

/** A refresh waits for the windows that are just being stored, but no longer than this: each it misses asks for another. */
const WINDOWS_WAIT_MS = 1_000;
const WINDOWS_CHECK_MS = 50;

/** With more events than this waiting in the log intake goes first: a second or so of it at full speed. */
const BEHIND_EVENTS = 50_000;

/** Then components are refreshed at most this often, and in at most about this share of the time. */
const BUSY_INTERVAL_MS = 30_000;
const BUSY_SHARE = 0.03;

export interface RefresherOptions {
  /** Milliseconds of a clock that never jumps. */
  now: () => number;
  sleep: (ms: number) => Promise<unknown>;
  /** Windows that are being stored or wait for it. */
  openWindows: () => Promise<number>;
  /** How far the log is stored and how many events it is ahead; undefined while its offsets say nothing. */
  stored: () => Promise<{ watermark: Watermark; behind: number } | undefined>;
  /** Computes the components of a county; returns the months that changed. */
  refresh: (scope: ComponentScope, onAnswer: () => void) => Promise<string[]>;
}

export interface Refreshed {
  months: string[];
  tookMs: number;
}

/** When the components of a county are brought up to date: soon, but not at the expense of intake. */
export class ComponentRefresher {
  private readonly last = new Map<string, { finishedAt: number; tookMs: number }>();
  private readonly startedAt: number;
  /** Statements answered since the last refresh that ended; one that fails at the same place does not get further. */
  private furthest = 0;

  constructor(private readonly options: RefresherOptions) {
    this.startedAt = options.now();
  }

  /** Grows while a refresh gets further than those that failed before it. */
  get progress(): number {
    return this.furthest;
  }

  /** How long a county that has new rows waits for its refresh. */
  delayOf(county: string): number {
    const pauseMs = Math.round((this.last.get(county)?.tookMs ?? 0) * PAUSE_SHARE);
    return Math.min(LONGEST_PAUSE_MS, Math.max(COMPONENTS_DELAY_MS, pauseMs));
  }

  /** Undefined when it is put off: every window asks again while intake is behind, and so does the next sweep. */
  async refresh(county: ComponentScope['county']): Promise<Refreshed | undefined> {
    const { now, stored, refresh } = this.options;
    const before = await stored();
    if (!before || this.mayWait(county.code, before.behind)) return undefined;
    await this.untilWindowsAreStored();
    const reached = await stored();
    if (!reached) return undefined;
    const begunAt = now();
    let answers = 0;
    const months = await refresh({ county, watermark: reached.watermark }, () => {
      answers += 1;
      this.furthest = Math.max(this.furthest, answers);
    });
    this.furthest = 0;
    const finishedAt = now();
    const tookMs = finishedAt - begunAt;
    this.last.set(county.code, { finishedAt, tookMs });
    return { months, tookMs };
  }

  private mayWait(county: string, behind: number): boolean {
    const { finishedAt, tookMs } = this.last.get(county) ?? { finishedAt: this.startedAt, tookMs: 0 };
    const pauseMs = Math.max(BUSY_INTERVAL_MS, tookMs / BUSY_SHARE);
    return behind > BEHIND_EVENTS && this.options.now() - finishedAt < pauseMs;
  }

  private async untilWindowsAreStored(): Promise<void> {
    const { openWindows, sleep } = this.options;
    let before = 0;
    for (let waitedMs = 0; waitedMs < WINDOWS_WAIT_MS; waitedMs += WINDOWS_CHECK_MS) {
      const open = await openWindows();
      // Once more after the last one: its offset is committed when it is stored.
      if (open + before === 0) return;
      before = open;
      await sleep(WINDOWS_CHECK_MS);
    }
  }
}
