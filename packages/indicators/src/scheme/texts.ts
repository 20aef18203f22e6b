import type { z } from 'zod';
import { nearest } from './nearest.js';

/** Keys that exist at a place of the document, indices left out. */
const keysAt: Record<string, readonly string[]> = {
  '': [
    'name',
    'dimensions',
    'bands',
    'missing',
    'tie',
    'baseline',
    'shrinkage',
    'trend',
    'deductions',
    'hysteresis',
    'peer_ranks',
    'severity',
  ],
  dimensions: ['id', 'weight', 'indicators'],
  'dimensions.indicators': ['code', 'weight', 'window', 'goalposts'],
  'dimensions.indicators.goalposts': ['rule', 'g0', 'g60', 'g100', 'penalty'],
  bands: ['id', 'name', 'colour', 'min'],
  missing: ['max_share'],
  tie: ['decimals'],
  baseline: ['months', 'min_months'],
  shrinkage: ['method', 'min_class'],
  trend: ['share'],
  deductions: ['cap', 'rules'],
  'deductions.rules': ['id', 'name', 'kind', 'events', 'points', 'doubled_in', 'min', 'max', 'free'],
  'deductions.rules.doubled_in': ['from', 'to'],
  hysteresis: ['points', 'months'],
};

const typeNames: Record<string, string> = {
  string: '文字',
  number: '数字',
  int: '整数',
  array: '列表',
  object: '键值对',
  boolean: ' true 或 false',
};

const shown = (input: unknown): string =>
  typeof input === 'number' ? String(input) : (JSON.stringify(input) ?? String(input));

/** Of the two forms a window may have, the number of months is the one that was most likely meant. */
function windowText({ errors, input, path }: z.core.$ZodIssueInvalidUnion): string {
  const number = errors.flat().find(({ code }) => code !== 'invalid_value');
  return number
    ? `${issueText({ ...number, path, input } as z.core.$ZodIssue)}；也可写 ytd（本年累计）`
    : '须为月数或 ytd';
}

/** A key that does not exist, what was most likely meant, and what exists. */
export function keyText(key: string, path: ReadonlyArray<PropertyKey>): string {
  const known = keysAt[path.filter((part) => typeof part === 'string').join('.')] ?? [];
  const near = nearest(key, known);
  return `没有配置项 ${key}${near === undefined ? '' : `，是不是 ${near}？`}${near === undefined ? '；' : ''}可用的配置项有 ${known.join('、')}`;
}

/** What a structural fault means, in the words of the person who wrote the document. */
export function issueText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => keyText(key, issue.path)).join('；');
    case 'invalid_type': {
      if (issue.input === undefined) return '必填项缺失';
      return `须为${typeNames[issue.expected] ?? issue.expected}；现为 ${shown(issue.input)}`;
    }
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')}；现为 ${shown(issue.input)}`;
    case 'invalid_union':
      if (issue.path.at(-1) === 'window') return windowText(issue);
      return issue.path[0] === 'deductions'
        ? '没有这种扣分规则；kind 只能是 veto、deaths、count'
        : '没有这种目标值规则；rule 只能是 absolute、class_mean、per_unit';
    case 'too_small': {
      if (issue.origin === 'array') return '至少须有一项';
      if (issue.origin === 'string') return '不得为空';
      return `须${issue.inclusive === false ? '大于' : '不小于'} ${issue.minimum}；现为 ${shown(issue.input)}`;
    }
    case 'too_big':
      return `须不大于 ${issue.maximum}；现为 ${shown(issue.input)}`;
    case 'invalid_format':
      return issue.format === 'date'
        ? `日期须写成 "YYYY-MM-DD"；现为 ${shown(issue.input)}`
        : `颜色须写成 #RRGGBB；现为 ${shown(issue.input)}`;
    default:
      return issue.message;
  }
}

/** YAML faults that people really make; others keep the parser's own code. */
const syntaxTexts: Record<string, string> = {
  BAD_INDENT: '缩进不对',
  TAB_AS_INDENT: '缩进不能用制表符，须用空格',
  DUPLICATE_KEY: '同一配置项写了两次',
  MISSING_CHAR: '缺少符号（引号、括号、逗号或冒号）',
  BLOCK_AS_IMPLICIT_KEY: '冒号位置或缩进不对',
  MULTILINE_IMPLICIT_KEY: '这一行缺冒号，或引号、括号没有闭合',
  UNEXPECTED_TOKEN: '这里多了一个符号，或前面缺了什么',
  BAD_SCALAR_START: '这里的文字须加引号，开头的符号另有含义',
  BAD_DQ_ESCAPE: '双引号里的反斜杠不对，请改用单引号',
  BLOCK_IN_FLOW: '括号还没有闭合就另起了一项',
  BAD_ALIAS: '* 和 & 另有含义，文字请加引号',
  TAG_RESOLVE_FAILED: '! 另有含义，文字请加引号',
  BAD_COLLECTION_TYPE: '列表和键值对混在一起',
  BAD_PROP_ORDER: '& 和 ! 的位置不对',
  MULTIPLE_DOCS: '一个文件只能有一份方案',
};

export function syntaxText(code: string): string {
  return `YAML 语法错误：${syntaxTexts[code] ?? code}`;
}
