import { existsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, put, run } from '../test-run.js';

const meta = `Level,iCode,Parent,Direction,Weight,Type,Target
1,a,left,1,1,Indicator,20
1,b,left,-1,3,Indicator,0
1,c,right,1,1,Indicator,50
2,left,top,1,1,Aggregate,
2,right,top,1,1,Aggregate,
3,top,,1,1,Aggregate,
`;
const data = `uCode,a,b,c
u1,2,4,10
u2,8,8,30
u3,24,2,20
`;
const minmax = { step: 'normalise', method: 'minmax' };
const aggregate = { step: 'aggregate' };

interface Input {
  data?: string | Uint8Array;
  meta?: string;
  recipe?: string;
  steps?: object[];
  extra?: Record<string, string>;
}

async function score(input: Input) {
  const folder = newFolder();
  put(folder, 'D.csv', input.data ?? data);
  put(folder, 'M.csv', input.meta ?? meta);
  put(folder, 'R.json', input.recipe ?? JSON.stringify({ steps: input.steps ?? [minmax, aggregate] }));
  for (const [name, text] of Object.entries(input.extra ?? {})) put(folder, name, text);
  const path = (name: string) => join(folder, name);
  const ran = await run(
    ...['table', 'score', '--data', path('D.csv'), '--meta', path('M.csv')],
    ...['--recipe', path('R.json'), '--out', path('out')],
  );
  return { ...ran, folder, note: ran.note.replaceAll(`${folder}/`, '') };
}

const weights = (rows: string) => ({
  steps: [minmax, { step: 'weights', file: 'W.csv' }, aggregate],
  extra: { 'W.csv': `iCode,Weight\n${rows}` },
});

it('scores the sound tables these are made from', async () => {
  const ran = await score({});
  expect(ran.note).toBe('');
  expect(ran.status).toBe(0);
});

const cases: [string, Input, RegExp][] = [
  [
    'an infinite cell',
    { data: data.replace('8,8,30', '8,Inf,30') },
    /D\.csv 第 3 行，单元 u2，列 b：值“Inf”不是有限的数/,
  ],
  [
    'a cell of text',
    { data: data.replace('8,8,30', '8,8件,30') },
    /D\.csv 第 3 行，单元 u2，列 b：值“8件”不是数。请改为/,
  ],
  ['a unit twice', { data: data.replace('u2', 'u1') }, /D\.csv 第 3 行：单元 u1 重复。每个单元只写一行/],
  ['a bad cell of a unit twice', { data: data.replace('u2,8', 'u1,x') }, /D\.csv 第 2、3 行，单元 u1，列 a：值“x”/],
  ['a column missing', { data: data.replace(',c', ',x') }, /D\.csv 第 1 行，列 c：指标表登记了这一列，数据里没有/],
  ['no unit codes', { data: data.replace('uCode', 'code') }, /D\.csv 第 1 行：没有列 uCode/],
  [
    'a parent that is not there',
    { meta: meta.replace('a,left', 'a,nowhere') },
    /M\.csv 第 2 行，代码 a：上级 nowhere 不在/,
  ],
  ['a level gap', { meta: meta.replace('3,top', '4,top') }, /M\.csv：第 3 层没有任何代码，层级断开/],
  ['a negative weight', { meta: meta.replace('a,left,1,1', 'a,left,1,-1') }, /M\.csv 第 2 行，代码 a：权重 -1 是负数/],
  [
    'weights all zero',
    { meta: meta.replace('c,right,1,1', 'c,right,1,0') },
    /M\.csv 第 6 行，汇总项 right：下级的权重全是 0/,
  ],
  ['a negative weight in a file', weights('a,1\nb,-2\n'), /W\.csv 第 3 行，代码 b.*-2 是负数/],
  [
    'an unknown code in a weight file',
    weights('z,1\n'),
    /W\.csv 第 2 行，代码 z：指标表里没有这个代码。已有的代码：a、b/,
  ],
  ['weights of a file all zero', weights('a,0\nb,0\n'), /汇总项 left：下级的权重全是 0/],
  [
    'a geometric mean of zeros',
    { steps: [minmax, { step: 'aggregate', methods: 'geometric' }] },
    /R\.json .*u1.*NON_POSITIVE_VALUE/,
  ],
  [
    'a constant column',
    { data: data.replaceAll(/,\d+\n/g, ',5\n') },
    /R\.json 第 1 步（normalise），指标 c：.*CONSTANT_COLUMN/,
  ],
  [
    'a target below the minimum',
    {
      meta: meta.replace('Indicator,20', 'Indicator,1'),
      steps: [{ ...minmax, method: 'distance_to_target' }, aggregate],
    },
    /R\.json 第 1 步（normalise），指标 a：.*TARGET_BEYOND_WORST/,
  ],
  [
    'an unknown step',
    { steps: [{ step: 'normalize' }, aggregate] },
    /R\.json 第 1 步：不认识“normalize”。可以用：denominate、screen/,
  ],
  ['an unknown method', { steps: [{ ...minmax, method: 'min_max' }, aggregate] }, /第 1 步.*“min_max”.*minmax/],
  ['an unknown key', { steps: [{ ...minmax, form: 1 }, aggregate] }, /不认识“form”。可以用：method、to、mean/],
  [
    'broken JSON',
    { recipe: '{\n  "steps": [\n    {"step": "aggregate",}\n  ]\n}' },
    /R\.json 第 3 行：不是有效的 JSON/,
  ],
  ['JSON that ends early', { recipe: '{\n  "steps": [' }, /R\.json 第 2 行：不是有效的 JSON/],
  ['a quote left open', { data: `${data}u4,"1,2,3\n` }, /D\.csv 第 \d+ 行：不是有效的 CSV，引号没有闭合/],
  ['a row too long', { data: `${data}u4,1,2,3,4\n` }, /D\.csv 第 5 行：有 5 列，表头有 4 列/],
  ['a column twice', { data: data.replace('b,c', 'b,b') }, /D\.csv 第 1 行：列 b 重复/],
  ['an empty file', { data: '' }, /D\.csv 是空的/],
  ['a header alone', { data: 'uCode,a,b,c\n' }, /D\.csv 只有表头/],
  ['another encoding', { data: Uint8Array.of(0x75, 0xff, 0xff, 0x0a) }, /D\.csv 不是 UTF-8/],
  [
    'a file of the recipe missing',
    { steps: [{ step: 'weights', file: 'gone.csv' }] },
    /权重表 gone\.csv 读不了：不存在/,
  ],
  [
    'goalposts upside down',
    {
      steps: [{ step: 'normalise', method: 'goalposts', goalposts: 'P.csv' }],
      extra: { 'P.csv': 'iCode,goalpost_lower,goalpost_upper\na,0,x\n' },
    },
    /P\.csv 第 2 行，上界（goalpost_upper）：值“x”不是数/,
  ],
];

describe('refuses, naming file, place and remedy,', () => {
  it.each(cases)('%s', async (_name, input, expected) => {
    const ran = await score(input);
    expect(ran.note).toMatch(expected);
    expect(ran.note).not.toMatch(/\n\s+at /);
    expect(ran).toMatchObject({ status: 2, out: '' });
    expect(existsSync(join(ran.folder, 'out'))).toBe(false);
  });
});

it('tells all problems of all files at once', async () => {
  const ran = await score({
    data: data.replace('u2,8', 'u2,x').replace('20\n', 'y\n'),
    steps: [{ step: 'guess' }, { step: 'weights', file: 'gone.csv' }, { step: 'impute', method: 'knn' }],
  });
  expect(ran.note.split('\n')).toHaveLength(5);
  for (const part of ['有 4 处问题', '值“x”', '值“y”', '“guess”', '“knn”']) expect(ran.note).toContain(part);
});

it('refuses a file above the limit by its size', async () => {
  const folder = newFolder();
  const large = put(folder, 'large.csv', 'uCode,a\n');
  truncateSync(large, 64 * 1024 * 1024 + 1);
  const small = put(folder, 'M.csv', meta);
  const recipe = put(folder, 'R.json', '{"steps":[{"step":"aggregate"}]}');
  const files = ['--data', large, '--meta', small, '--recipe', recipe, '--out', join(folder, 'out')];
  const ran = await run('table', 'score', ...files);
  expect(ran.status).toBe(2);
  expect(ran.note).toMatch(/large\.csv 有 64\.0 MB，超过上限 64 MB/);
});

it('refuses more cells than it can hold', async () => {
  const columns = Array.from({ length: 400 }, (_, i) => `c${i}`);
  const ran = await score({ data: `uCode,${columns}\n${`u${',1'.repeat(400)}\n`.repeat(5_001)}` });
  expect(ran).toMatchObject({ status: 2, note: '数据表 D.csv 超过 200 万个单元格。请拆小，或删去用不到的列。' });
});

it('passes warnings on with place and remedy, and keeps them in a table', async () => {
  const ran = await score({
    data: data
      .replaceAll('\nu', '\nu')
      .replace('a,b,c', 'a,b,c,z')
      .replaceAll(/(\d)\n/g, '$1,7\n'),
  });
  expect(ran.status).toBe(0);
  expect(ran.note).toMatch(/提醒 1 条.*\n {2}- D\.csv 第 1 行，列 z：指标表没有登记，不参与评分。请登记或删去这一列。/);
  expect(existsSync(join(ran.folder, 'out/warnings.csv'))).toBe(true);
});
