import { writeFile } from 'node:fs/promises';
import { badRequest, failed } from '@pingan/contracts';
import { catalogue, findIndicator, type Indicator } from '@pingan/indicators';
import {
  type Cells,
  catalogueParts,
  cellsOf,
  indicatorFields,
  indicatorSql,
  markLegend,
  referencePage,
} from '@pingan/presentation';
import type { Output } from '../context.js';
import { spreadsheet } from '../csv.js';
import { printJson, printParts } from '../print.js';
import { renderFields } from '../table.js';

export interface IndicatorsOptions {
  code: string | undefined;
  format: 'table' | 'json' | 'csv';
  /** Also the expressions it is computed by. */
  sql: boolean;
}

/** `pingan indicators`: the catalogue, or one indicator in full. */
export function indicatorsCommand(output: Output, { code, format, sql }: IndicatorsOptions): void {
  const chosen = code === undefined ? undefined : known(code);
  if (format === 'json') printJson(output.out, chosen ?? catalogue);
  else if (format === 'csv') output.out(spreadsheet(chosen ? fieldCells(chosen) : cellsOf(catalogueParts())));
  else if (chosen) {
    const fields = renderFields(indicatorFields(chosen));
    output.out(`${chosen.code} ${chosen.name}\n${fields}\n${markLegend}`);
    output.out(sql ? `\n${indicatorSql(chosen)}` : '逐行的算法（SQL）用 --sql 看。');
  } else printParts(output, catalogueParts());
}

const fieldCells = (indicator: Indicator): Cells => [
  ['项目', '内容'],
  ['代码', indicator.code],
  ['名称', indicator.name],
  ...indicatorFields(indicator),
];

/** `pingan indicators --html`: the catalogue as a page for printing. */
export async function indicatorsPage(output: Output, file: string): Promise<void> {
  try {
    await writeFile(file, referencePage());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw failed(`写不进 ${file}：${code ?? message}。请核对路径和权限。`);
  }
  output.note(`已写入 ${file}，用浏览器打开后可打印（A4 横向）。`);
}

function known(code: string): Indicator {
  const found = findIndicator(code) ?? findIndicator(code.toUpperCase());
  if (found) return found;
  const list = catalogue.map((own) => `${own.code} ${own.name}`).join('、');
  throw badRequest(`没有指标 ${code}。已有的指标：${list}。`);
}
