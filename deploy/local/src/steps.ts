/** Prints each step with the seconds since the beginning of the step. */
export class Steps {
  private readonly begunAt = Date.now();

  constructor(private readonly write: (text: string) => void) {}

  say(text: string, elapsedMs?: number): void {
    const time = elapsedMs === undefined ? '' : `${(elapsedMs / 1000).toFixed(1)} 秒`;
    this.write(`[${time.padStart(8 - (time === '' ? 0 : 1))}] ${text}`);
  }

  async timed<T>(text: string, step: () => Promise<T>): Promise<T> {
    const startedAt = Date.now();
    const value = await step();
    this.say(text, Date.now() - startedAt);
    return value;
  }

  get totalSeconds(): number {
    return (Date.now() - this.begunAt) / 1000;
  }
}
