import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type BodyField,
  bodyFields,
  countyCode,
  decodeText,
  plainText,
  type SchemaId,
  schemaIds,
  sourceName,
} from '@pingan/contracts';
import { isTimeZone } from '@pingan/regions';
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { cellText, convert } from './convert.js';
import { LedgerError } from './ledger-error.js';
import { compilePattern } from './pattern.js';
import { ledgerRuleText } from './rules.js';
import { encodings } from './text-file.js';
import { createTimeReader } from './time-text.js';

/** A group of keys that knows no others: a misspelt key must not be taken for an absent one. */
function group<T extends z.ZodRawShape>(shape: T) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `未知的项 ${issue.keys?.map((key) => `“${key}”`).join('、')}；此处可用：${Object.keys(shape).join('、')}`
        : undefined,
  });
}

const scalar = z.union([z.string(), z.number(), z.boolean()]);
/** YAML reads an unquoted 610222 as a number; where a text is meant, it is one. */
const text = scalar.transform(String);
const column = text.transform(plainText).pipe(z.string().min(1));
/** Ledger value → the product's value; null leaves the field out. */
const values = z.record(z.string(), scalar.nullable());
const capture = z.string().superRefine((source, ctx) => {
  const compiled = compilePattern(source);
  if (!compiled.ok) ctx.addIssue({ code: 'custom', message: compiled.problem });
  else if (compiled.pattern.groups !== 1) {
    ctx.addIssue({ code: 'custom', message: '正则表达式须有且只有一个括号组' });
  }
});
/** luxon formats; one without a year would take the year of the day it is read. */
const formats = z.array(z.string().refine((f) => f === 'excel' || /y/.test(f), '格式须含年份 yyyy，或为 excel')).min(1);

const timeColumn = group({ column, formats: formats.optional() });
const bodyEntry = group({
  column: column.optional(),
  value: scalar.optional(),
  values: values.optional(),
  formats: formats.optional(),
}).refine((entry) => (entry.column === undefined) !== (entry.value === undefined), 'column 与 value 须写且只写一个');

/** Lines in which a header is looked for. */
export const HEADER_ROWS = 20;

/** A time zone changes no verdict on a time that stands in a mapping. */
const times = createTimeReader('UTC');

/**
 * What the right side of a mapping says that no event may hold. Found here, it is one line about the mapping; left to the rows,
 * it would be a rejection of each of them that seems to blame the ledger.
 */
function* wordFaults(
  body: Readonly<Record<string, z.infer<typeof bodyEntry>>>,
  fields: ReadonlyMap<string, BodyField>,
): Generator<{ path: string[]; message: string }> {
  for (const [name, entry] of Object.entries(body)) {
    const field = fields.get(name);
    if (field === undefined) continue;
    const targets = Object.entries(entry.values ?? {}).map(([cell, word]) => ({ path: ['values', cell], word }));
    if (entry.value !== undefined) targets.push({ path: ['value'], word: entry.value });
    for (const { path, word } of targets) {
      const message = word === null ? undefined : wordFault(cellText(word), field, entry.formats);
      if (message !== undefined) yield { path: ['body', name, ...path], message };
    }
  }
}

function wordFault(word: string, { kind, words }: BodyField, formats?: readonly string[]): string | undefined {
  if (word === '') return undefined;
  if (kind === 'choice') {
    return words.includes(word) ? undefined : `“${word}”不是这一栏的词，右边只能写 ${words.join('、')}`;
  }
  const converted = convert(word, kind, times, formats);
  return converted.ok ? undefined : `“${word}”${ledgerRuleText(converted.rule)}`;
}

const mappingSchema = group({
  county: text.pipe(countyCode).optional(),
  files: text.pipe(z.string().min(1)).optional(),
  schema: z.enum(schemaIds as [SchemaId, ...SchemaId[]]),
  source: text.pipe(sourceName),
  format: z.enum(['csv', 'jsonl']).optional(),
  /** Line of the header, where a title stands above it. */
  header_row: z.int().min(1).max(HEADER_ROWS).optional(),
  encoding: z.enum(encodings).default('utf-8'),
  time_zone: z.string().refine(isTimeZone, '未知的时区').optional(),
  delivered_at: text.optional(),
  delivered_from_name: capture.optional(),
  case_id: group({ column, serial: z.literal(true).optional() }),
  version: timeColumn.optional(),
  region: group({
    column,
    pattern: capture.optional(),
    within: column.optional(),
    values: values.optional(),
  }),
  occurred_at: group({
    column,
    precision: z.enum(['time', 'day', 'month']).default('time'),
    formats: formats.optional(),
  }),
  recorded_at: timeColumn.optional(),
  op: group({ column, retract: z.array(text).min(1) }).optional(),
  body: z.record(z.string(), bodyEntry),
  skip: z
    .array(
      group({ column, values: z.array(text).min(1).optional(), empty: z.literal(true).optional() }).refine(
        (rule) => (rule.values === undefined) !== (rule.empty === undefined),
        'values 与 empty: true 须写且只写一个',
      ),
    )
    .default([]),
}).superRefine((mapping, ctx) => {
  const fields = bodyFields[mapping.schema];
  for (const name of Object.keys(mapping.body)) {
    if (fields.has(name)) continue;
    ctx.addIssue({
      code: 'custom',
      path: ['body', name],
      message: `${mapping.schema} 没有此字段；可用：${[...fields.keys()].join('、')}`,
    });
  }
  for (const fault of wordFaults(mapping.body, fields)) ctx.addIssue({ code: 'custom', ...fault });
  for (const [name, field] of fields) {
    if (field.required && mapping.body[name] === undefined) {
      ctx.addIssue({ code: 'custom', path: ['body', name], message: '必填字段没有映射' });
    }
  }
  if (mapping.delivered_at !== undefined && mapping.delivered_from_name !== undefined) {
    ctx.addIssue({
      code: 'custom',
      path: ['delivered_at'],
      message: 'delivered_at 与 delivered_from_name 只能写一个',
    });
  }
});

/** How the columns of a ledger become events; the YAML document's checked content. */
export type Mapping = z.infer<typeof mappingSchema>;

/** What is wrong with the aliases (`*name`) of a document whose values could not be expanded. */
function aliasProblems(document: Document, lines: LineCounter): string[] {
  const problems: string[] = [];
  let last: number | undefined;
  visit(document, {
    Alias: (_, node) => {
      last = lines.linePos(node.range?.[0] ?? 0).line;
      if (node.resolve(document) !== undefined) return;
      problems.push(
        `第 ${last} 行：*${node.source} 被 YAML 当作引用，但没有 &${node.source}；文字请加引号，如 '*.csv'`,
      );
    },
  });
  if (problems.length > 0) return problems;
  const place = last === undefined ? '' : `第 ${last} 行：`;
  return [`${place}YAML 引用（*别名）展开后过大或循环，无法读取`];
}

/** @throws LedgerError with the lines of what is no YAML or cannot be expanded. */
function readYaml(yaml: string, name: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new LedgerError(
      name,
      document.errors.map((error) => `第 ${lines.linePos(error.pos[0]).line} 行 YAML 格式有误（${error.message}）`),
    );
  }
  try {
    return document.toJS();
  } catch {
    // An alias without its anchor, or one that multiplies beyond any use.
    throw new LedgerError(name, aliasProblems(document, lines));
  }
}

/** @throws LedgerError naming path and rule of everything that is wrong. */
export function parseMapping(yaml: string, name: string): Mapping {
  const { localeError } = z.locales.zhCN();
  const result = mappingSchema.safeParse(readYaml(yaml, name), { error: localeError });
  if (result.success) return result.data;
  throw new LedgerError(
    name,
    result.error.issues.map((issue) => `${issue.path.join('.') || '映射'}：${issue.message}`),
  );
}

/** A mapping is a page; whatever is larger was put there by mistake. */
const MAX_MAPPING_BYTES = 1_048_576;

/** @throws LedgerError when the file is too large; what the file system says otherwise. */
export async function readMappingText(file: string): Promise<string> {
  const { size } = await stat(file);
  if (size > MAX_MAPPING_BYTES) throw new LedgerError(basename(file), ['映射文件超过上限 1 MB']);
  const text = decodeText(await readFile(file));
  if (text === undefined) throw new LedgerError(basename(file), ['映射文件不是 UTF-8 或 GB18030 文本，请另存为 UTF-8']);
  return text;
}

/** @throws LedgerError, also when the file cannot be read or is too large. */
export async function loadMapping(file: string): Promise<Mapping> {
  let yaml: string;
  try {
    yaml = await readMappingText(file);
  } catch (error) {
    if (error instanceof LedgerError) throw error;
    throw new LedgerError(basename(file), [`无法读取映射文件（${(error as NodeJS.ErrnoException).code ?? error}）`]);
  }
  return parseMapping(yaml, basename(file));
}

/** Every ledger column a mapping names, with the path that names it. */
export function mappedColumns(mapping: Mapping): { path: string; column: string }[] {
  const found: { path: string; column: string | undefined }[] = [
    { path: 'case_id.column', column: mapping.case_id.column },
    { path: 'version.column', column: mapping.version?.column },
    { path: 'region.column', column: mapping.region.column },
    { path: 'region.within', column: mapping.region.within },
    { path: 'occurred_at.column', column: mapping.occurred_at.column },
    { path: 'recorded_at.column', column: mapping.recorded_at?.column },
    { path: 'op.column', column: mapping.op?.column },
    ...Object.entries(mapping.body).map(([name, entry]) => ({ path: `body.${name}.column`, column: entry.column })),
    ...mapping.skip.map((rule, i) => ({ path: `skip.${i}.column`, column: rule.column })),
  ];
  return found.filter((entry): entry is { path: string; column: string } => entry.column !== undefined);
}
