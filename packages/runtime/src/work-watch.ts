import { within } from './within.js';

/** What there is to do in one part of a service, and how much of it was done. */
export interface WorkReport {
  pending: boolean;
  /** Grows with every piece that is finished. */
  finished: number;
  /** Changes with every step of the piece at hand; absent where a piece is one step. */
  progress?: number;
}

export interface Work {
  /** As an operator would call it. */
  name: string;
  /** Cheap; asked every few seconds. A rejection counts as pending work of which nothing was finished. */
  look: () => WorkReport | Promise<WorkReport>;
  /** Asked when nothing was finished for a while: who does not answer on a new connection; undefined when all do. */
  waitingFor: () => Promise<string | undefined>;
  /** How many times longer than other work one piece may take; 1 when absent. */
  patience?: number;
}

export type WorkState =
  /** Something was finished, or got further, since the last look, or there is nothing to do. */
  | { state: 'moving' }
  /** An engine or a later stage holds it up: starting this process again would not help. */
  | { state: 'waiting'; for: string }
  /** Nothing was finished for a while; may still be a long piece. */
  | { state: 'slow'; ms: number }
  /** Everything it needs answers, and still nothing was finished for too long. */
  | { state: 'stuck'; ms: number };

/** From this share of the limit on the engines are asked. */
const ASK_SHARE = 1 / 3;

/** Between two ticks of the clock; a longer pause is one in which the process did not run. */
export const TICK_MS = 250;

/** Milliseconds in which this process ran: one that was frozen is not to be blamed for that time. */
export class RunClock {
  ranMs = 0;
  private tickedAt: number | undefined;

  /** To be called every `TICK_MS`; `now` is of a clock that never jumps. */
  tick(now: number): void {
    this.ranMs += Math.min(now - (this.tickedAt ?? now), 4 * TICK_MS);
    this.tickedAt = now;
  }
}

/** Follows whether the work of one part moves. Time in which it waits for an engine does not count. */
export class WorkWatch {
  private known: Pick<WorkReport, 'finished' | 'progress'> | undefined;
  private stillMs = 0;
  private waiting = false;
  private lookedAt: number | undefined;

  constructor(
    readonly work: Work,
    private readonly options: { stuckMs: number; answerMs: number },
  ) {}

  /** `now`: milliseconds of a clock that counts while the process runs. */
  async look(now: number): Promise<WorkState> {
    const { answerMs } = this.options;
    const stuckMs = this.options.stuckMs * (this.work.patience ?? 1);
    const passed = now - (this.lookedAt ?? now);
    this.lookedAt = now;
    const report = await within(answerMs, async () => this.work.look()).catch(() => undefined);
    if (report && (!report.pending || this.hasMoved(report))) {
      this.known = report;
      this.stillMs = 0;
      this.waiting = false;
      return { state: 'moving' };
    }
    this.stillMs += passed;
    if (!this.waiting && this.stillMs < stuckMs * ASK_SHARE) return { state: 'slow', ms: this.stillMs };
    const who = await within(3 * answerMs, this.work.waitingFor).catch((error: Error) => error.message);
    this.waiting = who !== undefined;
    if (who !== undefined) {
      // Whoever comes back is given the whole limit: an engine answers before all of it is up again.
      this.stillMs = 0;
      return { state: 'waiting', for: who };
    }
    return { state: this.stillMs >= stuckMs ? 'stuck' : 'slow', ms: this.stillMs };
  }

  private hasMoved({ finished, progress }: WorkReport): boolean {
    return finished !== this.known?.finished || progress !== this.known.progress;
  }
}
