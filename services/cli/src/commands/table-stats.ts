import type { CorrelationKind } from '@pingan/composite';
import type { Cells, Part } from '@pingan/presentation';
import type { Output } from '../context.js';
import { renderDataCsv } from '../csv.js';
import { printJson, printParts } from '../print.js';
import { correlationsOf, statsOf } from '../table-stats/stats.js';
import { correlationCells, correlationParts, statsCells, statsParts } from '../table-stats/texts.js';
import type { DataFiles } from '../weights/groups.js';

type Format = { format: 'table' | 'json' | 'csv' };

function print(output: Output, format: Format['format'], found: { answer: object; parts: Part[]; cells: Cells }): void {
  if (format === 'json') printJson(output.out, found.answer);
  else if (format === 'csv') output.out(csvOf(found.cells));
  else printParts(output, found.parts);
}

/** For programs, as the tables of `table score`: codes untouched, full precision, NA for missing. */
function csvOf([header, ...rows]: Cells): string {
  const columns = header!.map(String);
  const named = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
  return renderDataCsv(columns, named).trimEnd();
}

/** `pingan table stats`: every column by itself, and how well the columns of a group go together. */
export async function tableStats(output: Output, { format, ...files }: DataFiles & Format): Promise<void> {
  const answer = await statsOf(files);
  print(output, format, { answer, parts: statsParts(answer), cells: statsCells(answer) });
}

/** `pingan table correlations`: every pair of columns. */
export async function tableCorrelations(
  output: Output,
  { format, kind, ...files }: DataFiles & Format & { kind: CorrelationKind },
): Promise<void> {
  const answer = await correlationsOf(files, kind);
  print(output, format, { answer, parts: correlationParts(answer), cells: correlationCells(answer) });
}
