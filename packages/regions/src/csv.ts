import { plainId, plainText } from '@pingan/contracts';
import { CsvError, parse } from 'csv-parse/sync';
import { type RegionDefect, RegionTableError } from './defects.js';
import { soundTable, tableDefects } from './table.js';
import {
  countsFrom,
  type Population,
  type Position,
  type Region,
  type RegionLevel,
  type RegionTable,
} from './types.js';

const requiredColumns = ['code', 'name'];
const optionalColumns = [
  'parent',
  'level',
  'type',
  'area_class',
  'population',
  'population_year',
  'population_source',
  'aliases',
  'former_codes',
  'valid_from',
  'valid_to',
  'ranked',
  'counts_as',
  'lat',
  'lon',
];
/** Names and remarks keep their full-width punctuation; codes, dates and numbers have none. */
const typedColumns = new Set(['name', 'aliases', 'type', 'area_class', 'population_source']);
const populationColumn = /^population_(\d{4})(?:-(\d{2}))?$/;
const levels = new Set(['county', 'township', 'village']);
const booleans: Record<string, boolean> = { true: true, '1': true, 是: true, false: false, '0': false, 否: false };

interface Row {
  line: number;
  cells: Map<string, string>;
  cell: (column: string) => string;
  /** Entries of a cell, separated by `|`. */
  list: (column: string) => string[];
}

type AddDefect = (line: number | null, code: string | null, field: string, rule: string, value: string) => void;

/** Line of each record and its cells; records that lack cells, or have something beyond the header, are defects, not rows. */
function readRows(text: string, add: AddDefect): Row[] {
  let records: Array<{ record: string[]; line: number }>;
  try {
    const parsed = parse(text, { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true });
    records = (parsed as unknown as Array<{ record: string[]; info: { lines: number } }>).map(({ record, info }) => ({
      record,
      line: info.lines,
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    add(typeof error.lines === 'number' ? error.lines : null, null, '文件', 'not_csv', error.code);
    return [];
  }
  const header = columnsOf(records[0]?.record ?? []);
  checkHeader(header, add);
  if (records.length < 2) add(null, null, '文件', 'no_rows', '');
  const rows: Row[] = [];
  for (const { record, line } of records.slice(1)) {
    if (record.every((value) => plainText(value) === '')) continue;
    const surplus = record.slice(header.length).filter((value) => plainText(value) !== '');
    if (record.length < header.length || surplus.length > 0) {
      const more = surplus.length === 0 ? '' : `，多出的是：${surplus.map(plainText).join('、')}`;
      add(line, record[0] ?? null, '整行', 'column_count', `${record.length} 列，表头 ${header.length} 列${more}`);
      continue;
    }
    const cells = new Map(
      header.map((column, i) => [column, (typedColumns.has(column) ? plainText : plainId)(record[i]!)]),
    );
    const cell = (column: string) => cells.get(column) ?? '';
    const list = (column: string) =>
      cell(column)
        .split('|')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== '');
    rows.push({ line, cells, cell, list });
  }
  return rows;
}

/** Spreadsheets end every line with the cells of columns that were used once, or only formatted: empty ones are none. */
function columnsOf(record: readonly string[]): string[] {
  const columns = record.map((column) => plainId(column).toLowerCase());
  return columns.slice(0, columns.findLastIndex((column) => column !== '') + 1);
}

function checkHeader(header: readonly string[], add: AddDefect): void {
  const allowed = [...requiredColumns, ...optionalColumns];
  for (const column of requiredColumns) if (!header.includes(column)) add(1, null, column, 'missing_column', '');
  header.forEach((column, i) => {
    if (header.indexOf(column) !== i) add(1, null, column, 'duplicate_column', column);
    if (!allowed.includes(column) && !populationColumn.test(column)) {
      add(
        1,
        null,
        column,
        'unknown_column',
        `${column}；可用的列：${allowed.join('、')}、population_年份、population_年-月`,
      );
    }
  });
}

function populationsOf(
  row: Row,
  file: string,
  add: (field: string, rule: string, value: string) => void,
): Population[] {
  const source = row.cell('population_source') || file;
  const found: Population[] = [];
  const read = (column: string, year: number, from?: string) => {
    const value = row.cell(column);
    if (value === '') return;
    if (/^[1-9]\d*$/.test(value))
      found.push({ value: Number(value), year, ...(from && { from }), source, synthetic: false });
    else add(column, 'invalid_population', value);
  };
  for (const column of row.cells.keys()) {
    const [, year, month] = populationColumn.exec(column) ?? [];
    if (year !== undefined) read(column, Number(year), month && `${year}-${month}`);
  }
  const year = row.cell('population_year');
  if (row.cell('population') !== '') {
    if (/^\d{4}$/.test(year)) read('population', Number(year));
    else add('population_year', year === '' ? 'year_required' : 'invalid_year', year);
  }
  return found.sort((a, b) => (countsFrom(a) < countsFrom(b) ? -1 : 1));
}

/** Both coordinates or none; a defect of one is a defect of the row. */
function positionOf(row: Row, add: (field: string, rule: string, value: string) => void): Position | undefined {
  const read = (column: 'lat' | 'lon', limit: number): number | undefined => {
    const text = row.cell(column);
    const value = Number(text);
    if (text === '') return undefined;
    if (/^-?\d{1,3}(\.\d+)?$/.test(text) && Math.abs(value) <= limit) return value;
    add(column, 'invalid_degrees', text);
    return undefined;
  };
  const [lat, lon] = [read('lat', 90), read('lon', 180)];
  if ((row.cell('lat') === '') !== (row.cell('lon') === ''))
    add(row.cell('lat') === '' ? 'lat' : 'lon', 'other_coordinate', '');
  return lat === undefined || lon === undefined ? undefined : { lat, lon, synthetic: false };
}

/** Level a Chinese division code of this county says; undefined, with a defect, when the code has another form. */
function levelOfCode(
  code: string,
  county: string,
  add: (field: string, rule: string, value: string) => void,
): RegionLevel | undefined {
  if (code === county) return 'county';
  if (!/^(\d{9}|\d{12})$/.test(code)) add('code', 'not_nine_or_twelve_digits', code);
  else if (!code.startsWith(county)) add('code', 'outside_county', code);
  else return code.length === 9 ? 'township' : 'village';
  return undefined;
}

/**
 * Reads a county's own region table.
 * Columns: `code,name` required; `parent,level,type,area_class,population,population_year,population_source,aliases,former_codes`
 * (both separated by `|`)`,valid_from,valid_to,ranked,counts_as,lat,lon` (degrees, WGS-84), `population_<year>` and
 * `population_<year>-<month>` (from that month on) optional. The 9- and 12-digit form is checked when the county code has the six digits
 * of a Chinese county.
 * @throws RegionTableError naming file, line, field, rule and value of every defect, in Chinese.
 */
export function parseRegionCsv(text: string, options: { file: string; countyCode: string }): RegionTable {
  const { file, countyCode } = options;
  const defects: RegionDefect[] = [];
  const add: AddDefect = (line, code, field, rule, value) => defects.push({ file, line, code, field, rule, value });
  const rows = readRows(text, add);
  const isChinese = /^\d{6}$/.test(countyCode);
  const codes = new Set(rows.map((row) => row.cell('code')));
  const counties = new Set(
    rows
      .filter((r) => r.cell('level') === 'county' || (isChinese && r.cell('code') === countyCode))
      .map((r) => r.cell('code')),
  );

  const regions = rows.map((row): Region => {
    const code = row.cell('code');
    const complain = (field: string, rule: string, value: string) => add(row.line, code, field, rule, value);
    const coded = isChinese && code !== '' ? levelOfCode(code, countyCode, complain) : undefined;
    const given = row.cell('level').toLowerCase();
    if (given !== '' && !levels.has(given)) complain('level', 'invalid_level', given);
    else if (given !== '' && coded !== undefined && given !== coded) complain('level', 'level_contradicts_code', given);

    let parent: string | null = row.cell('parent') || null;
    if (parent === null && coded === 'village') parent = code.slice(0, 9);
    else if (parent === null && coded === 'township' && codes.has(countyCode)) parent = countyCode;
    const level = (given || coded || (parent === null || counties.has(parent) ? 'township' : 'village')) as RegionLevel;

    const formerCodes = row.list('former_codes');
    const countsAs = row.cell('counts_as') || null;
    const validTo = row.cell('valid_to') || null;
    const position = positionOf(row, complain);
    const flag = row.cell('ranked').toLowerCase();
    if (flag !== '' && !Object.hasOwn(booleans, flag)) complain('ranked', 'invalid_boolean', flag);
    return {
      code,
      name: row.cell('name'),
      parent,
      level,
      type: row.cell('type') || level,
      areaClass: row.cell('area_class') || null,
      ranked: booleans[flag] ?? (level === 'township' && (countsAs === null || validTo !== null)),
      countsAs,
      aliases: row.list('aliases'),
      ...(formerCodes.length > 0 && { formerCodes }),
      validFrom: row.cell('valid_from') || null,
      validTo,
      populations: populationsOf(row, file, complain),
      ...(position === undefined ? {} : { position }),
    };
  });
  for (const { row, field, rule, value } of tableDefects(regions)) {
    add(rows[row]!.line, regions[row]!.code, field, rule, value);
  }
  if (defects.length > 0) throw new RegionTableError(defects.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  return soundTable(regions);
}
