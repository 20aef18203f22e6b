import { RE2JS, RE2JSException } from 're2js';

/**
 * A pattern somebody else wrote. It runs on RE2, whose time grows with the text alone: a backtracking engine needs minutes
 * for one address of 30 characters and a pattern like `^((?:[^县]+)+)镇$`, and no other ledger is read meanwhile.
 */
export interface Pattern {
  groups: number;
  test: (text: string) => boolean;
  /** What the first group holds in the first match; empty when it took no part, undefined without a match. */
  first: (text: string) => string | undefined;
}

/** What JavaScript calls white space; in RE2 `\s` is ASCII only, and addresses hold full-width blanks. */
const SPACE = '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';

/** The spelling of a JavaScript pattern (flag `u`) in RE2. */
function translated(source: string): string {
  let inClass = false;
  let text = '';
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!;
    if (char === '\\') {
      const escaped = source[at + 1] ?? '';
      const script = /^\\([pP])\{(?:Script|sc|Script_Extensions|scx|General_Category|gc)=(\w+)\}/.exec(
        source.slice(at),
      );
      if (script) {
        text += `\\${script[1]}{${script[2]}}`;
        at += script[0].length - 1;
        continue;
      }
      at += 1;
      if (escaped === 's') text += inClass ? SPACE : `[${SPACE}]`;
      else if (escaped === 'S' && !inClass) text += `[^${SPACE}]`;
      else text += char + escaped;
      continue;
    }
    if (char === '[' && !inClass) inClass = true;
    else if (char === ']') inClass = false;
    text += char;
  }
  return RE2JS.translateRegExp(text);
}

function unsupported(source: string): string | undefined {
  if (/\(\?<?[=!]/.test(source)) return '不支持前后查找（(?=…)、(?!…)、(?<=…)、(?<!…)），请改用一个括号组截取所需部分';
  if (/\\[1-9]|\\k</.test(source)) return '不支持反向引用（\\1、\\k<名称>）';
  return undefined;
}

/** Compiles a pattern, or says in Chinese why it cannot be used. */
export function compilePattern(source: string): { ok: true; pattern: Pattern } | { ok: false; problem: string } {
  let compiled: RE2JS;
  try {
    new RegExp(source, 'u');
    compiled = RE2JS.compile(translated(source));
  } catch (error) {
    const problem = unsupported(source);
    if (problem !== undefined && error instanceof RE2JSException) return { ok: false, problem };
    if (error instanceof RE2JSException)
      return { ok: false, problem: `正则表达式用了不支持的写法（${error.message}）` };
    return { ok: false, problem: '不是有效的正则表达式' };
  }
  return {
    ok: true,
    pattern: {
      groups: compiled.groupCount(),
      test: (text) => compiled.test(text),
      first: (text) => {
        const matcher = compiled.matcher(text);
        return matcher.find() ? (matcher.group(1) ?? '') : undefined;
      },
    },
  };
}

/** @throws when the pattern was not checked before. */
export function patternOf(source: string): Pattern {
  const result = compilePattern(source);
  if (!result.ok) throw new Error(result.problem);
  return result.pattern;
}

/** `*` and `?` inside one file name. */
export function namePattern(wildcards: string): (name: string) => boolean {
  const source = RE2JS.quote(wildcards).replaceAll('\\*', '.*').replaceAll('\\?', '.');
  const compiled = RE2JS.compile(`^(?:${source})$`, RE2JS.DOTALL);
  return (name) => compiled.test(name);
}
