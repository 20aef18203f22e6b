import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Cell, Row } from './columns.js';

const FOLDER = new URL('../testdata/', import.meta.url);

export function readText(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Rows of a test file; every cell is text, as a CSV reader gives it. */
export function readTable(name: string): Record<string, string>[] {
  const [header, ...lines] = readText(name).trim().split('\n').map(splitLine);
  return lines.map((cells) => Object.fromEntries(header!.map((key, i) => [key, cells[i] ?? ''])));
}

function splitLine(line: string): string[] {
  return [...`${line},`.matchAll(/(?:"([^"]*)"|([^,]*)),/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** A cell of a test file as a number; NA, NaN and Inf count as missing, which is what the package makes of them. */
export function cell(text: string | undefined): Cell {
  if (text === undefined) throw new Error('no such cell');
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? null : value;
}

export function column(rows: readonly Record<string, string>[], key: string): Cell[] {
  return rows.map((row) => cell(row[key]));
}

export function numbers(rows: readonly Record<string, string>[], key: string): number[] {
  return column(rows, key).map((value) => value!);
}

/** Relative agreement, with `floor` the size below which noise is noise. */
export function expectClose(actual: unknown, expected: Cell, place: string, tolerance = 1e-12, floor = 0): void {
  if (expected === null) {
    assert.equal(actual, null, `${place}: ${String(actual)} against a missing value`);
    return;
  }
  assert.equal(typeof actual, 'number', place);
  const allowed = tolerance * Math.max(Math.abs(expected), floor);
  const gap = Math.abs((actual as number) - expected);
  assert.ok(gap <= allowed, `${place}: ${String(actual)} against ${expected}`);
}

export function expectColumn(actual: readonly unknown[], expected: readonly Cell[], tolerance = 1e-12): void {
  assert.equal(actual.length, expected.length);
  actual.forEach((value, i) => {
    expectClose(value, expected[i]!, `row ${i}`, tolerance);
  });
}

/**
 * Compares every column of a test file with the rows of a result, joined by `key`. Values may miss by 1e-12 of
 * themselves or of the largest value of the column, whichever is larger: sums that cancel have no relative precision.
 */
export function expectTable(actual: readonly Row[], name: string, key = 'uCode'): void {
  const expected = readTable(name);
  const byKey = new Map(actual.map((row) => [row[key], row]));
  assert.equal(byKey.size, expected.length);
  for (const code of Object.keys(expected[0]!).filter((other) => other !== key)) {
    const floor = Math.max(...column(expected, code).map((value) => Math.abs(value ?? 0)));
    for (const row of expected) {
      expectClose(byKey.get(row[key]!)?.[code], cell(row[code]), `${name} ${row[key]} ${code}`, 1e-12, floor);
    }
  }
}
