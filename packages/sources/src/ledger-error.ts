/**
 * A ledger or mapping that cannot be used at all. Thrown before anything of it is sent; the message is Chinese and names
 * the file, the place and the rule, so it may be shown as it is.
 */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(problems.length === 1 ? `${file}：${problems[0]}` : `${file}：\n  ${problems.join('\n  ')}`);
  }
}
