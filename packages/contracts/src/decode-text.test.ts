import { expect, it } from 'vitest';
import { decodeText } from './decode-text.js';

/** 编号,乡镇 / 1,城关镇 in GBK. */
const gbk = Buffer.from('b1e0bac52ccfe7d5f20a312cb3c7b9d8d5f20a', 'hex');

it('reads UTF-8 with and without byte order mark, and GBK', () => {
  expect(decodeText(Buffer.from('\ufeff编号\n'))).toBe('编号\n');
  expect(decodeText(Buffer.from('code,name\n'))).toBe('code,name\n');
  expect(decodeText(Buffer.from(''))).toBe('');
  expect(decodeText(gbk)).toBe('编号,乡镇\n1,城关镇\n');
});

it('does not take damaged UTF-8 for GBK', () => {
  const damaged = Buffer.concat([Buffer.from('编号,乡镇,城关镇'), Buffer.from([0xe5, 0x9f])]);
  expect(decodeText(damaged)).toBeUndefined();
  expect(decodeText(Buffer.from([0x61, 0xff, 0xff]))).toBeUndefined();
});
