import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRegionCsv } from '@pingan/regions';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readInput } from './text.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pingan-text-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const head = Buffer.from('code,name,,\r\nA,');
const end = Buffer.from(',,\r\n');
/** 甲镇 */
const gbk = Buffer.from([0xbc, 0xd7, 0xd5, 0xf2]);

it.each([
  ['GB18030', Buffer.concat([head, gbk, end])],
  ['UTF-8', Buffer.concat([head, Buffer.from('甲镇'), end])],
  ['UTF-8 with a byte order mark', Buffer.concat([Buffer.from('\ufeff'), head, Buffer.from('甲镇'), end])],
])('reads a region table as spreadsheets save it: %s', async (_, bytes) => {
  const file = join(folder, 'regions.csv');
  writeFileSync(file, bytes);
  const { regions } = parseRegionCsv(await readInput(file, '区域表'), { file, countyCode: 'X1' });
  expect(regions.map(({ code, name }) => [code, name])).toEqual([['A', '甲镇']]);
});
