import { type ParseArgsConfig, parseArgs } from 'node:util';
import { badRequest, plainId, plainText } from '@pingan/contracts';
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

/** `--draws -3` as `--draws=-3`: a number below 0 is a value that its own rule refuses, not an unknown option. */
function withNegatives(args: readonly string[], options: readonly string[]): string[] {
  const isValue = (i: number) => /^-[\d.]/.test(args[i] ?? '') && options.includes(args[i - 1]?.slice(2) ?? '');
  return args.flatMap((arg, i) => (isValue(i) ? [] : isValue(i + 1) ? [`${arg}=${args[i + 1]}`] : [arg]));
}

/** Options are texts, or flags. The error for an unknown one, or one without a value, lists those that exist. */
export function parse(
  args: string[],
  options: readonly string[],
  positionals: boolean,
  flags: readonly string[] = [],
): Parsed {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of options) config[name] = { type: 'string' };
  for (const name of flags) config[name] = { type: 'boolean' };
  try {
    const parsed = parseArgs({
      args: withNegatives(args, options),
      options: config,
      allowPositionals: positionals,
      strict: true,
    });
    const given = new Set(flags.filter((name) => parsed.values[name] === true));
    const values: Values = {};
    for (const name of options) {
      const value = parsed.values[name];
      if (typeof value === 'string') values[name] = plainOption(name, value);
    }
    return { values, flags: given, positionals: parsed.positionals };
  } catch (error) {
    const unknown = /'(-[^' ]*)/.exec((error as Error).message)?.[1];
    const known = [...options, ...flags].map((name) => `--${name}`).join(' ') || '(没有)';
    throw badRequest(`选项有误${unknown ? `:${unknown}` : ''}。可用:${known}`);
  }
}

export function required(values: Values, name: string): string {
  const value = values[name];
  if (value === undefined || value === '') throw badRequest(`缺少 --${name}`);
  return value;
}

export function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T {
  const value = values[name] ?? allowed[0]!;
  if (!(allowed as readonly string[]).includes(value)) {
    throw badRequest(`--${name} ${value} 不对,可选:${allowed.join('、')}`);
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
  throw badRequest(`--${name} ${text} 不对,应为 ${min} 至 ${max} 的${kind}`);
}

export function numberIn(values: Values, name: string, range: NumberRange): number {
  return within(values, name, range, '数');
}

export function wholeNumberIn(values: Values, name: string, range: NumberRange): number {
  const number = within(values, name, range, '整数');
  if (Number.isInteger(number)) return number;
  throw badRequest(`--${name} ${values[name]} 不对,应为 ${range.min} 至 ${range.max} 的整数`);
}
