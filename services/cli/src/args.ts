import { type ParseArgsConfig, parseArgs } from 'node:util';
import { badRequest, plainId, plainText, Refusal } from '@pingan/contracts';
import type { Output } from './context.js';

export type Values = Record<string, string | undefined>;
export type Command = (args: string[], output: Output) => Promise<void>;

export interface Parsed {
  values: Values;
  /** Options without a value that were given. */
  flags: ReadonlySet<string>;
  positionals: string[];
}

/** Options that name something of the index: copied from a page or chat they may carry what nobody sees. */
const identities = new Set(['county', 'code', 'region', 'case', 'source', 'month', 'period', 'start', 'from']);
const names = new Set(['name']);

function plainOption(option: string, value: string): string {
  if (identities.has(option)) return plainId(value);
  return names.has(option) ? plainText(value) : value;
}

/** Options given twice: which of two values is meant, nobody can know. */
function repeated(args: readonly string[], config: NonNullable<ParseArgsConfig['options']>): string[] {
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
  return [...new Set(names.filter((name, i) => names.indexOf(name) < i))];
}

const listed = (names: readonly string[]) => names.map((name) => `--${name}`).join('、');

/** What is wrong with options, from the words of Node's parser. */
function faultOf(error: Error, known: readonly string[]): string {
  const word = /^Unexpected argument '([^']*)'/.exec(error.message)?.[1];
  if (word !== undefined) return `多余的内容“${word}”。`;
  const option = /'(-[^' ]*)/.exec(error.message)?.[1];
  if (option !== undefined && known.includes(option.replace(/^--/, ''))) {
    return error.message.includes('does not take') ? `${option} 后面不写内容。` : `${option} 后面没有写内容。`;
  }
  return `选项有误${option ? `：${option}` : ''}。`;
}

/** `--draws -3` as `--draws=-3`: a number below 0 is a value that its own rule refuses, not an unknown option. */
function withNegatives(args: readonly string[], options: readonly string[]): string[] {
  const isValue = (i: number) => /^-[\d.]/.test(args[i] ?? '') && options.includes(args[i - 1]?.slice(2) ?? '');
  return args.flatMap((arg, i) => (isValue(i) ? [] : isValue(i + 1) ? [`${arg}=${args[i + 1]}`] : [arg]));
}

/**
 * Options are texts, those with `!` behind must be given; or flags. The error for an unknown one, or one without a value, lists
 * those that exist; that for missing ones names them all.
 */
export function parse(
  args: string[],
  options: readonly string[],
  positionals: boolean,
  flags: readonly string[] = [],
): Parsed {
  const texts = options.map((name) => name.replace('!', ''));
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of texts) config[name] = { type: 'string' };
  for (const name of flags) config[name] = { type: 'boolean' };
  const twice = repeated(args, config);
  if (twice.length > 0) throw badRequest(`${listed(twice)} 写了不止一次，只能写一次。`);
  const values: Values = {};
  try {
    const parsed = parseArgs({
      args: withNegatives(args, texts),
      options: config,
      allowPositionals: positionals,
      strict: true,
    });
    const given = new Set(flags.filter((name) => parsed.values[name] === true));
    for (const name of texts) {
      const value = parsed.values[name];
      if (typeof value === 'string') values[name] = plainOption(name, value);
    }
    const missing = options.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1));
    requireAll(values, missing);
    return { values, flags: given, positionals: parsed.positionals };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const known = [...texts, ...flags];
    throw badRequest(
      `${faultOf(error as Error, known)}可用：${known.map((name) => `--${name}`).join(' ') || '（没有）'}`,
    );
  }
}

function requireAll(values: Values, names: readonly string[]): void {
  const missing = names.filter((name) => values[name] === undefined || values[name] === '');
  if (missing.length > 0) throw badRequest(`缺少 ${listed(missing)}`);
}

export function required(values: Values, name: string): string {
  requireAll(values, [name]);
  return values[name]!;
}

export function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T {
  const value = values[name] ?? allowed[0]!;
  if (!(allowed as readonly string[]).includes(value)) {
    throw badRequest(`--${name} ${value} 不对，可选：${allowed.join('、')}`);
  }
  return value as T;
}

export interface NumberRange {
  otherwise: number;
  min: number;
  max: number;
}

function within(values: Values, name: string, { otherwise, min, max }: NumberRange, kind: string): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (number >= min && number <= max) return number;
  throw badRequest(`--${name} ${text} 不对，应为 ${min} 至 ${max} 的${kind}`);
}

export function numberIn(values: Values, name: string, range: NumberRange): number {
  return within(values, name, range, '数');
}

export function wholeNumberIn(values: Values, name: string, range: NumberRange): number {
  const number = within(values, name, range, '整数');
  if (Number.isInteger(number)) return number;
  throw badRequest(`--${name} ${values[name]} 不对，应为 ${range.min} 至 ${range.max} 的整数`);
}
