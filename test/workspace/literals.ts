/** A string literal of TypeScript source. Parts of a template stand together, NUL for each expression between them. */
export interface Literal {
  text: string;
  line: number;
}

const startsRegex = (before: string) => /(?:^|[(=,:[!&|?{};]|=>)\s*$/.test(before);

/** Reads literals without a parser: comments and regular expressions are passed over, templates may nest. */
class LiteralReader {
  readonly found: Literal[] = [];
  private at = 0;

  constructor(private readonly source: string) {}

  /** Up to the bracket that closes a template's expression, or the end. */
  readCode(end?: '}'): this {
    let depth = 0;
    while (this.at < this.source.length) {
      const sign = this.source[this.at]!;
      if (sign === end && depth === 0) return this;
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      if (sign === "'" || sign === '"') this.readString(sign);
      else if (sign === '`') this.readTemplate();
      else if (this.source.startsWith('//', this.at)) this.skipTo('\n');
      else if (this.source.startsWith('/*', this.at)) this.skipTo('*/');
      else if (sign === '/' && startsRegex(this.source.slice(Math.max(0, this.at - 40), this.at))) this.readString('/');
      else this.at += 1;
    }
    return this;
  }

  private skipTo(mark: string): void {
    const found = this.source.indexOf(mark, this.at + 2);
    this.at = found < 0 ? this.source.length : found + mark.length;
  }

  private add(text: string, from: number): void {
    this.found.push({ text, line: this.source.slice(0, from).split('\n').length });
  }

  private readString(quote: string): void {
    const from = this.at;
    this.at += 1;
    while (this.at < this.source.length && this.source[this.at] !== quote) {
      this.at += this.source[this.at] === '\\' ? 2 : 1;
    }
    if (quote !== '/') this.add(this.source.slice(from + 1, this.at), from);
    this.at += 1;
  }

  private readTemplate(): void {
    const from = this.at;
    let text = '';
    this.at += 1;
    while (this.at < this.source.length && this.source[this.at] !== '`') {
      if (this.source.startsWith('${', this.at)) {
        this.at += 2;
        this.readCode('}');
        text += '\0';
        this.at += 1;
        continue;
      }
      const length = this.source[this.at] === '\\' ? 2 : 1;
      text += this.source.slice(this.at, this.at + length);
      this.at += length;
    }
    this.add(text, from);
    this.at += 1;
  }
}

export const literalsOf = (source: string): Literal[] => new LiteralReader(source).readCode().found;
