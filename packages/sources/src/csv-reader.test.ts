import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from './csv-reader.js';

async function* pieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 1 << 20) {
  const rows: unknown[] = [];
  for await (const batch of csvRows(pieces(text, size))) {
    for (const row of batch) rows.push('rule' in row ? [row.line, row.rule] : [row.line, ...row.data]);
  }
  return rows;
}

describe('csvRows', () => {
  it('names the first line of a record that spans several', async () => {
    expect(await read('a,b\r\n1,"x\r\ny"\r\n\r\n2,z')).toEqual([
      [1, 'a', 'b'],
      [2, '1', 'x\r\ny'],
      [5, '2', 'z'],
    ]);
  });

  it('understands quotes as spreadsheets write them, and keeps a quote inside a plain cell', async () => {
    expect(await read('"a ""b"", c",,""\n5" pipe,x"y,"z"\n')).toEqual([
      [1, 'a "b", c', '', ''],
      [2, '5" pipe', 'x"y', 'z'],
    ]);
  });

  it('loses one line to a wrong quote, not the rows behind it', async () => {
    expect(await read('1,"a"b\n2,ok\n3,"open\n4,ok\n5,"q"\n6,ok\n')).toEqual([
      [1, 'bad_quote'],
      [2, '2', 'ok'],
      [3, 'bad_quote'],
      [4, '4', 'ok'],
      [5, '5', 'q'],
      [6, '6', 'ok'],
    ]);
    expect(await read('1,"never closed\n2,ok\n3,ok')).toEqual([
      [1, 'bad_quote'],
      [2, '2', 'ok'],
      [3, '3', 'ok'],
    ]);
  });

  it('gives up an open quote and an endless line before they fill the memory', async () => {
    const many = Array.from({ length: 40_000 }, (_, i) => `${i},ok`).join('\n');
    const rows = await read(`0,"open\n${many}\n`, 4096);
    expect(rows[0]).toEqual([1, 'bad_quote']);
    expect(rows).toHaveLength(40_001);
    expect(await read(`a,${'x'.repeat(300_000)}\nb,c\n`, 4096)).toEqual([
      [1, 'too_long'],
      [2, 'b', 'c'],
    ]);
  });

  it('agrees with csv-parse on well-formed text, however it is cut', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', ' ', '中', '\r\n'), maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (table, end, size) => {
          const written = (value: string) => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
          const text = table.map((row) => row.map(written).join(',') + end).join('');
          const expected = parse(text, { relax_column_count: true, record_delimiter: end }) as string[][];
          const rows = await read(text, size);
          expect(rows.map((row) => (row as unknown[]).slice(1))).toEqual(expected);
          let line = 1;
          for (const [i, row] of table.entries()) {
            expect((rows[i] as unknown[])[0]).toBe(line);
            line += 1 + row.join('').split('\n').length - 1;
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
