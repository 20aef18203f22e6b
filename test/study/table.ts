import type { Figure } from './tally.js';

/** Plain text: one row per setting, one column per kind of figure, from names like `kind_of_figure_8x9k_12mo_trend`. */
export function tableOf(figures: readonly Figure[], columns: readonly string[]): string {
  const rows = new Map<string, Map<string, number>>();
  for (const [name, value] of figures) {
    const column = columns.filter((one) => name.startsWith(`${one}_`)).sort((a, b) => b.length - a.length)[0];
    if (column === undefined) continue;
    const setting = name.slice(column.length + 1);
    const row = rows.get(setting) ?? new Map<string, number>();
    rows.set(setting, row.set(column, value));
  }
  const width = Math.max(...[...rows.keys()].map(({ length }) => length)) + 2;
  const line = (cells: string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(width) : cell.padStart(30))).join('');
  return [
    line(['', ...columns]),
    ...[...rows].map(([setting, row]) => line([setting, ...columns.map((one) => row.get(one)?.toFixed(3) ?? '')])),
  ].join('\n');
}
