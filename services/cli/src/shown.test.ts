import { sheet } from '@pingan/presentation';
import { expect, test } from 'vitest';
import { shown, shownLine } from './shown.js';
import { renderFields, renderTable } from './table.js';

const steering = /(?!\n)[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

test('every character that steers a terminal or turns a text round is written out', () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code)).join('');
  expect(steering.test(all)).toBe(true);
  expect(steering.test(shown(all))).toBe(false);
  expect(shown('\u001b[31m')).toBe('\\u001b[31m');
  expect(shown('Z-001\u200b 乙\u00ad镇\ufeff')).toBe('Z-001\\u200b 乙\\u00ad镇\\ufeff');
  expect(shown('甲镇 \u{20bb7} é 👨‍👩‍👧\n')).toBe('甲镇 \u{20bb7} é 👨‍👩‍👧\n');
});

test('a line stays one line of bounded length', () => {
  expect(shownLine('a\nb\r\n')).toBe('a\\nb\\u000d\\n');
  expect(shownLine('字'.repeat(1_000_000), 10)).toBe(`${'字'.repeat(10)}…`);
});

test('a row of a table is a line, whatever its texts hold', () => {
  const hostile = ['a\nb', '\u001b[2J', '\t\t', '\u202eabc', 'x'.repeat(100_000)];
  const table = renderTable(sheet([{ title: '列', value: (text: string) => text }], hostile));
  expect(table.split('\n').length).toBe(hostile.length + 2);
  expect(steering.test(table)).toBe(false);
  expect(renderFields([['名称', 'a\nb']]).split('\n').length).toBe(1);
});
