import { stepLine } from '../clock.mjs';

/** Prints each step with the time of day and, where it is known, how long it took. */
export class Steps {
  constructor(private readonly write: (text: string) => void) {}

  say(text: string, elapsedMs?: number): void {
    this.write(stepLine(text, elapsedMs));
  }

  async timed<T>(text: string, step: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    const value = await step();
    this.say(text, Date.now() - startedAt);
    return value;
  }

  /** Since the process began: installing and building are part of a start. */
  get totalSeconds(): number {
    return process.uptime();
  }
}
