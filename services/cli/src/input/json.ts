import { InputFaults } from '@pingan/contracts';
import { readInput } from './text.js';

/** A JSON file. @throws InputFaults naming the line where it stops being JSON */
export async function readJson(file: string, what: string): Promise<unknown> {
  const text = (await readInput(file, what)).replace(/^\uFEFF/, '');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const line = text.slice(0, faultAt(text)).split('\n').length;
    throw new InputFaults([`${what} ${file} 第 ${line} 行：不是有效的 JSON。请核对逗号、引号和括号。`]);
  }
}

const SPACE = /\s*/y;
const TOKEN =
  /"(?:[^"\\\n\r\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\]:,]/y;

type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | 'next';

/** Where the first token stands that cannot follow what is before it; the parser itself does not always say. */
function faultAt(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    SPACE.lastIndex = at;
    const start = at + SPACE.exec(text)![0].length;
    TOKEN.lastIndex = start;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return start === text.length ? text.trimEnd().length : start;
    const following = follow(expected, token, open);
    if (following === null) return start;
    expected = following;
    at = start + token.length;
  }
}

/** What may come after `token`; null when it may not stand where it does. */
function follow(expected: Expected, token: string, open: string[]): Expected | null {
  if (expected === ':') return token === ':' ? 'value' : null;
  if (token === '}' || token === ']') {
    const closes = expected === 'next' || expected.endsWith(token);
    return closes && open.pop() === (token === '}' ? '{' : '[') ? 'next' : null;
  }
  if (expected === 'next') {
    if (token !== ',' || open.length === 0) return null;
    return open.at(-1) === '{' ? 'name' : 'value';
  }
  if (expected.startsWith('name')) return token.startsWith('"') ? ':' : null;
  if (token === ':' || token === ',') return null;
  if (token !== '{' && token !== '[') return 'next';
  open.push(token);
  return token === '{' ? 'name or }' : 'value or ]';
}
