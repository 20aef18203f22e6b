import { type Column, columnOf, type Model, type Row, readDataset, readModel } from '@pingan/composite';
import { badRequest, InputFaults } from '@pingan/contracts';
import { dimensions, findIndicator } from '@pingan/indicators';
import { type Sources, withFaults } from '../input/locate.js';
import { type InputTable, readTable } from '../input/table.js';
import { together } from '../together.js';

export interface DataFiles {
  data: string;
  meta?: string | undefined;
  /** The table holds scores: more is better whatever the catalogue says of the indicator. */
  scores?: boolean;
}

/**
 * Where directions and groups come from: an indicator table; the catalogue, where it has every column (groups are the dimensions)
 * or some (one group); nowhere, so that all are one group and more is better.
 */
export type Reading = 'meta' | 'catalogue' | 'partly' | 'plain';

export interface DataGroup {
  /** Aggregate or dimension; null where there are none. */
  parent: string | null;
  codes: readonly string[];
}

export interface GroupedData {
  file: string;
  sources: Sources;
  units: readonly string[];
  reading: Reading;
  groups: DataGroup[];
  /** As the table has it. */
  column: (code: string) => Column;
  direction: (code: string) => 1 | -1;
  /** Name from the indicator table or the catalogue; null where neither has one. */
  nameOf: (code: string) => string | null;
  /** Columns that neither an indicator table nor the catalogue knows. */
  unknown: string[];
}

const TOP = '总指数';

/** A table of units with the direction and group of every column. @throws InputFaults with all that is wrong */
export async function readGroups({ data: file, meta: metaFile, scores = false }: DataFiles): Promise<GroupedData> {
  const [data, meta] = await together(
    readTable({ file, what: '数据表', needed: ['uCode'] }),
    metaFile === undefined
      ? Promise.resolve(undefined)
      : readTable({
          file: metaFile,
          what: '指标表',
          needed: ['Level', 'iCode', 'Parent', 'Direction', 'Weight', 'Type'],
        }),
  );
  const sources: Sources = { data, meta, otherwise: file };
  const codes = meta === undefined ? columnsOf(data) : [];
  const known = codes.filter((code) => findIndicator(code) !== undefined);
  const reading = readingOf(meta !== undefined, codes, known);
  const rows = meta === undefined ? rowsOf(codes, { reading, scores }) : elementsOf(meta);
  const model = withFaults(sources, () => readModel(rows));
  const { indicators, units } = withFaults(sources, () => readDataset(data.rows, model));
  return {
    file,
    sources,
    units,
    reading,
    groups: model.levels[1]!.map((parent) => ({
      parent: reading === 'meta' || reading === 'catalogue' ? parent : null,
      codes: model.children.get(parent)!,
    })),
    column: (code) => columnOf(indicators, code),
    direction: (code) => directionOf(model, code),
    nameOf: (code) => (meta === undefined ? (findIndicator(code)?.name ?? null) : model.elements.get(code)!.name),
    unknown: codes.filter((code) => !known.includes(code)),
  };
}

const directionOf = (model: Model, code: string): 1 | -1 => (model.elements.get(code)!.direction === -1 ? -1 : 1);

function readingOf(hasMeta: boolean, codes: readonly string[], known: readonly string[]): Reading {
  if (hasMeta) return 'meta';
  if (known.length === 0) return 'plain';
  return known.length === codes.length ? 'catalogue' : 'partly';
}

/** Every column but the unit's own is an indicator. */
function columnsOf({ file, header }: InputTable): string[] {
  const codes = header.filter((name) => !['uCode', 'uName', 'Time'].includes(name));
  const spaced = codes.filter((code) => /\s/.test(code));
  if (spaced.length > 0) {
    throw new InputFaults(spaced.map((code) => `${file} 第 1 行：列名“${code}”含空白。请去掉空白。`));
  }
  if (codes.length === 0) throw badRequest(`${file} 第 1 行：除了单元代码没有别的列。`);
  return codes;
}

/** An indicator table for columns that have none. */
function rowsOf(codes: readonly string[], { reading, scores }: { reading: Reading; scores: boolean }): Row[] {
  const parentOf = (code: string) => (reading === 'catalogue' ? findIndicator(code)!.dimension : TOP);
  const indicators = codes.map((iCode): Row => {
    const direction = scores ? 1 : findIndicator(iCode)?.direction || 1;
    return { iCode, Level: 1, Parent: parentOf(iCode), Direction: direction, Weight: 1, Type: 'Indicator' };
  });
  const above = { Direction: 1, Weight: 1, Type: 'Aggregate' };
  if (reading !== 'catalogue') return [...indicators, { ...above, iCode: TOP, Level: 2 }];
  const used = [...new Set(codes.map(parentOf))];
  return [
    ...indicators,
    ...used.map((iCode) => ({ ...above, iCode, Level: 2, Parent: TOP })),
    { ...above, iCode: TOP, Level: 3 },
  ];
}

/** Indicators and aggregates alone: denominators and groups are not needed. */
function elementsOf({ rows }: InputTable): Row[] {
  return rows
    .filter(({ Type }) => !['Group', 'Denominator', 'Other'].includes(String(Type).trim()))
    .map((row) => ({ ...row, Denominator: null }));
}

const dimensionNames = new Map<string, string>(Object.entries(dimensions).map(([id, { name }]) => [id, name]));

/** A dimension by its Chinese name; anything else as it is. */
export const parentName = (parent: string): string => dimensionNames.get(parent) ?? parent;
