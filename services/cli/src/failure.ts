/** 2: the request is wrong; 3: an engine or service is away; 1: anything else. */
export type ExitStatus = 1 | 2 | 3;

/** Ends a command with a message for the user and a status; never with a stack trace. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    message: string,
    readonly status: ExitStatus,
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new CommandFailure(message, 2);
export const unavailable = (message: string) => new CommandFailure(message, 3);

const SHOWN = 200;

/** Everything wrong with the input, one line each; `message` where the list has its own form. */
export class InputFaults extends CommandFailure {
  constructor(
    readonly faults: readonly string[],
    message?: string,
  ) {
    const rest = faults.length > SHOWN ? [`另有 ${faults.length - SHOWN} 处,改正以上再看`] : [];
    const lines = [...faults.slice(0, SHOWN), ...rest].map((line) => `\n  - ${line}`).join('');
    super(message ?? (faults.length === 1 ? faults[0]! : `有 ${faults.length} 处问题:${lines}`), 2);
  }
}

type Results<T extends readonly unknown[]> = { [K in keyof T]: Awaited<T[K]> };

/** All results, or the faults of all that failed together. */
export async function together<T extends readonly Promise<unknown>[]>(...work: T): Promise<Results<T>> {
  const settled = await Promise.allSettled(work);
  const faults: string[] = [];
  for (const result of settled) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof InputFaults)) throw result.reason;
    faults.push(...result.reason.faults);
  }
  if (faults.length > 0) throw new InputFaults(faults);
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as Results<T>;
}
