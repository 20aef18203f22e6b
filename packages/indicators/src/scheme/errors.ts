/** One fault of a scheme document; `message` is Chinese and says what exists. */
export interface SchemeIssue {
  /** `dimensions[0].indicators[2].weight`, for programs; empty for the document itself. */
  path: string;
  /** The same in Chinese. */
  place: string;
  message: string;
  /** 1-based; null when the place is not in the text. */
  line: number | null;
}

/** Thrown by `parseScheme` with all faults found; its message is the Chinese list of them. */
export class SchemeError extends Error {
  override readonly name = 'SchemeError';
  readonly file: string;
  readonly issues: readonly SchemeIssue[];

  constructor(file: string, issues: readonly SchemeIssue[]) {
    const lines = issues.map(issueLine);
    super(`方案文件 ${file} 有 ${issues.length} 处错误：\n${lines.map((text) => `  - ${text}`).join('\n')}`);
    this.file = file;
    this.issues = issues;
  }
}

/** A fault in one line: line of the file, place, what is wrong. */
export function issueLine({ place, message, line }: SchemeIssue): string {
  const where = [line === null ? '' : `第 ${line} 行`, place].filter((part) => part !== '').join('，');
  return where === '' ? message : `${where}：${message}`;
}

export function pathText(path: ReadonlyArray<PropertyKey>): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
