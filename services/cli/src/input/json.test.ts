import { expect, it } from 'vitest';
import { newFolder, put } from '../test-run.js';
import { readJson } from './json.js';

const folder = newFolder();
const read = (text: string) => readJson(put(folder, 'r.json', text), '配方');

it('reads JSON, with or without a byte order mark', async () => {
  expect(await read('\uFEFF{"a": [1, "文", null]}')).toEqual({ a: [1, '文', null] });
});

it.each([
  ['', 1],
  ['{\n"a": 1,\n}', 3],
  ['{\n"a" 1\n}', 2],
  ['{\n"a": 01\n}', 2],
  ['[1,\n2\n3]', 3],
  ["{\n'a': 1}", 2],
  ['{\n// 说明\n"a": 1}', 2],
  ['[1]\n\n]', 3],
  ['[\n[1}\n]', 2],
  ['{"a":\n"b\nc"}', 2],
  ['{"a": NaN}', 1],
  ['{\n  "a": [\n\n', 2],
  ['['.repeat(100_000), 1],
])('names the line in %j', async (text, line) => {
  await expect(read(text)).rejects.toThrow(`r.json 第 ${line} 行：不是有效的 JSON`);
});
