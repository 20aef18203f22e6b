import { sheet } from '@pingan/presentation';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { renderTable } from './table.js';

const right = { align: 'right' } as const;
const table = sheet<[string, number, string]>(
  [
    { title: '单位', value: ([name]) => name },
    { title: '名次区间', value: ([, rank]) => String(rank), ...right },
    { title: '说明', value: ([, , note]) => note },
  ],
  [
    ['甲镇', 1, '本月无报送，请核实；'.repeat(4)],
    ['乙镇', 12, ''],
  ],
);
const widest = (text: string) => Math.max(...text.split('\n').map((line) => stringWidth(line)));

it('a table that fits, or has no bounds, has a line for each row', () => {
  expect(renderTable(table).split('\n')).toHaveLength(4);
  expect(renderTable(table, { width: 200 })).toBe(renderTable(table));
});

it('a wider one is folded to the width: headings over figures first, then texts; nothing is lost', () => {
  const folded = renderTable(table, { width: 40 });
  expect(widest(folded)).toBeLessThanOrEqual(40);
  expect(folded.split('\n').slice(0, 3)).toEqual(['单位 名次 说明', '     区间', `──── ──── ${'─'.repeat(30)}`]);
  expect(folded.replace(/[\s─]/g, '')).toContain('甲镇1本月无报送，请核实；');
  expect(folded.replaceAll(/[^；]/g, '')).toHaveLength(4);
});
