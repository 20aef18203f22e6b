import { within } from './within.js';

/** What there is to do in one part of a service, and how much of it was done. */
export interface WorkReport {
  pending: boolean;
  /** Grows with every piece that is finished. */
  finished: number;
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
  /** Something was finished since the last look, or there is nothing to do. */
  | { state: 'moving' }
  /** An engine or a later stage holds it up: starting this process again would not help. */
  | { state: 'waiting'; for: string }
  /** Nothing was finished for a while; may still be a long piece. */
  | { state: 'slow'; ms: number }
  /** Everything it needs answers, and still nothing was finished for too long. */
  | { state: 'stuck'; ms: number };

/** From this share of the limit on the engines are asked. */
const ASK_SHARE = 1 / 3;

/**
 * Follows whether the work of one part moves. Time counts only while this process ran and what it needs answered: one that
 * was frozen, or waited for an engine, is not blamed for that.
 */
export class WorkWatch {
  private finished = -1;
  private stillMs = 0;
  private lookedAt: number | undefined;

  constructor(
    readonly work: Work,
    private readonly options: { stuckMs: number; everyMs: number },
  ) {}

  /** `now`: milliseconds of a clock that never jumps. */
  async look(now: number): Promise<WorkState> {
    const { everyMs } = this.options;
    const stuckMs = this.options.stuckMs * (this.work.patience ?? 1);
    const passed = Math.min(now - (this.lookedAt ?? now), 2 * everyMs);
    this.lookedAt = now;
    const report = await within(everyMs, async () => this.work.look()).catch(() => undefined);
    if (report && (!report.pending || report.finished !== this.finished)) {
      this.finished = report.finished;
      this.stillMs = 0;
      return { state: 'moving' };
    }
    this.stillMs += passed;
    if (this.stillMs < stuckMs * ASK_SHARE) return { state: 'slow', ms: this.stillMs };
    const who = await within(2 * everyMs, this.work.waitingFor).catch((error: Error) => error.message);
    if (who !== undefined) {
      this.stillMs = stuckMs * ASK_SHARE;
      return { state: 'waiting', for: who };
    }
    return { state: this.stillMs >= stuckMs ? 'stuck' : 'slow', ms: this.stillMs };
  }
}
