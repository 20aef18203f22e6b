import { stripVTControlCharacters } from 'node:util';
import { defaultScheme } from '@pingan/indicators';
import { bandLooks, sheet } from '@pingan/presentation';
import { expect, it } from 'vitest';
import { paint } from './colour.js';
import { printParts } from './print.js';
import { renderTable } from './table.js';
import { outputOf, type Screen } from './terminal.js';

const looks = bandLooks(defaultScheme);
const units = [
  { name: '甲镇', band: 'blue' },
  { name: '乙镇（街道）', band: 'yellow' },
  { name: '\u001b[31m镇', band: 'orange' },
  { name: '丁乡', band: 'red' },
  { name: '戊乡', band: null },
];
const table = sheet<(typeof units)[number]>(
  [
    { title: '等级', ...looks },
    { title: '单位', value: ({ name }) => name },
  ],
  units,
);

/** A screen that keeps what is written to it. */
function screen(own: Partial<Screen>): Screen & { text: () => string } {
  const written: string[] = [];
  return { write: (text) => written.push(text), text: () => written.join(''), ...own };
}

const printedOn = (own: Partial<Screen>) => {
  const results = screen(own);
  printParts(outputOf(results, screen({})), ['标题', table]);
  return results.text();
};

it('every band has a colour of its own, and only cells of a band have one', () => {
  const sequences = units.slice(0, 4).map(({ band }) => paint('级', looks.colour({ band })!));
  expect(new Set(sequences).size).toBe(4);
  expect(looks.colour({ band: null })).toBeUndefined();
  expect(paint('级', '#888888')).toBe('级');
  const lines = renderTable(table, { paint }).split('\n');
  expect(lines.map((line) => line.includes('\u001b'))).toEqual([false, false, true, true, true, true, false]);
});

it('colours change nothing of the table: without them it is the same, also folded', () => {
  for (const width of [undefined, 40]) {
    const plain = renderTable(table, { width });
    expect(stripVTControlCharacters(renderTable(table, { width, paint }))).toBe(plain);
    expect(plain).toContain('\\u001b[31m镇');
  }
});

it('only a terminal that has colours gets them: no file, no pipe, none with NO_COLOR', () => {
  const coloured = printedOn({ isTTY: true, hasColors: () => true });
  expect(coloured).toContain('\u001b[');
  const plain = printedOn({});
  expect(plain).not.toContain('\u001b');
  expect(stripVTControlCharacters(coloured)).toBe(plain);
  expect(printedOn({ isTTY: true, hasColors: () => false })).toBe(plain);
  expect(printedOn({ hasColors: () => true })).toBe(plain);
});
