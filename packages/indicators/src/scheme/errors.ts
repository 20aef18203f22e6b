/** One fault of a scheme document; `message` is Chinese and says what exists. */
export interface SchemeIssue {
  /** `dimensions[0].indicators[2].weight`; empty for the document itself. */
  path: string;
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
    const lines = issues.map(({ path, message, line }) => {
      const place = [line === null ? '' : `第 ${line} 行`, path].filter((part) => part !== '').join(' ');
      return place === '' ? message : `${place}：${message}`;
    });
    super(`方案文件 ${file} 有 ${issues.length} 处错误：\n${lines.map((text) => `  - ${text}`).join('\n')}`);
    this.file = file;
    this.issues = issues;
  }
}

export function pathText(path: ReadonlyArray<PropertyKey>): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
