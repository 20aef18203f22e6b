/** Who can do something about it: who asked; the operator, since an engine or service is away; or it needs to be looked into. */
export type RefusalKind = 'request' | 'unavailable' | 'failed';

/**
 * Something that is not done, for a reason a person can be told. A face makes an exit or HTTP status of the kind, and a sentence of
 * code and facts. Where there is no code, the message is the sentence, in Chinese.
 */
export class Refusal extends Error {
  override readonly name: string = 'Refusal';

  constructor(
    readonly kind: RefusalKind,
    message: string,
    /** Stable name for programs; null where only the sentence is known. */
    readonly code: string | null = null,
    readonly facts: object = {},
  ) {
    super(message);
  }
}

export const badRequest = (sentence: string) => new Refusal('request', sentence);
export const unavailable = (sentence: string) => new Refusal('unavailable', sentence);
export const failed = (sentence: string) => new Refusal('failed', sentence);

const SHOWN = 200;

/** One fault as it is; several one line each, and how many more there are. */
export function faultsText(faults: readonly string[]): string {
  if (faults.length === 1) return faults[0]!;
  const rest = faults.length > SHOWN ? [`另有 ${faults.length - SHOWN} 处，改正以上再看`] : [];
  const lines = [...faults.slice(0, SHOWN), ...rest].map((line) => `\n  - ${line}`).join('');
  return `有 ${faults.length} 处问题：${lines}`;
}

/** Everything wrong with the input, one line each; `message` where the list has its own form. */
export class InputFaults extends Refusal {
  override readonly name = 'InputFaults';

  constructor(
    readonly faults: readonly string[],
    message?: string,
  ) {
    super('request', message ?? faultsText(faults), 'input_faults', { faults });
  }
}
