import { DEADLINE_MS, until } from './poll.js';

/** What becomes of a held request: it goes on, or its connection is cut. */
type Outcome = 'release' | 'cut';

export interface Rule<R> {
  /** `before`: the engine has not seen the request. `after`: it has carried it out, the client has not heard so. */
  when: 'before' | 'after';
  match: (request: R) => boolean;
}

/** One request to be caught at one moment. */
export class Hold<R> {
  private found: R | undefined;
  private readonly decided: Promise<Outcome>;
  private decide!: (outcome: Outcome) => void;

  constructor() {
    this.decided = new Promise((resolve) => {
      this.decide = resolve;
    });
  }

  /** Waits until the request is caught, and says which it is. */
  hit(deadlineMs = DEADLINE_MS): Promise<R> {
    return until('a request is held', () => this.found, { deadlineMs, everyMs: 10 }) as Promise<R>;
  }

  get isHit(): boolean {
    return this.found !== undefined;
  }

  /** The proxy says that it has the request. Resolves when the test has decided about it. */
  caught(request: R): Promise<Outcome> {
    this.found = request;
    return this.decided;
  }

  release(): void {
    this.decide('release');
  }

  cut(): void {
    this.decide('cut');
  }
}

/** The holds a proxy looks for. Each catches the first request that fits, and no other. */
export class Holds<R> {
  private readonly waiting: { rule: Rule<R>; hold: Hold<R> }[] = [];
  private readonly all = new Set<Hold<R>>();

  add(rule: Rule<R>): Hold<R> {
    const hold = new Hold<R>();
    this.waiting.push({ rule, hold });
    this.all.add(hold);
    return hold;
  }

  take(request: R): { when: Rule<R>['when']; hold: Hold<R> } | undefined {
    const i = this.waiting.findIndex(({ rule }) => rule.match(request));
    if (i < 0) return undefined;
    const [{ rule, hold }] = this.waiting.splice(i, 1) as [(typeof this.waiting)[number]];
    return { when: rule.when, hold };
  }

  /** Nothing is looked for any more, and what is held goes on. */
  clear(): void {
    this.waiting.length = 0;
    for (const hold of this.all) hold.release();
    this.all.clear();
  }
}
