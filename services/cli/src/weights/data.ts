import {
  type Column,
  columnOf,
  type Model,
  minMax,
  type Row,
  readDataset,
  readModel,
  ScoringError,
} from '@pingan/composite';
import { badRequest, InputFaults } from '@pingan/contracts';
import { faultsOf, type Sources, withFaults } from '../input/locate.js';
import { type InputTable, readTable } from '../input/table.js';
import { together } from '../together.js';
import { type DataMethod, droppedUnits, propose } from './propose.js';
import type { WeightGroup } from './result.js';

export interface DataOptions {
  method: DataMethod;
  data: string;
  meta?: string | undefined;
}

/** Weights from a table of units, inside every aggregate of the indicator table, or over all columns without one. */
export async function weighData({ method, data: dataFile, meta: metaFile }: DataOptions): Promise<WeightGroup[]> {
  const [data, meta] = await together(
    readTable({ file: dataFile, what: '数据表', needed: ['uCode'] }),
    metaFile === undefined
      ? Promise.resolve(undefined)
      : readTable({
          file: metaFile,
          what: '指标表',
          needed: ['Level', 'iCode', 'Parent', 'Direction', 'Weight', 'Type'],
        }),
  );
  const sources: Sources = { data, meta, otherwise: dataFile };
  const model = withFaults(sources, () => readModel(meta === undefined ? plainMeta(data) : elementsOf(meta)));
  const { indicators, units } = withFaults(sources, () => readDataset(data.rows, model));
  if (method === 'bod' && units.length > MAX_BOD_UNITS) {
    throw badRequest(
      `${dataFile} 有 ${units.length} 个单元,bod 至多 ${MAX_BOD_UNITS} 个。请抽取一部分,或改用别的方法。`,
    );
  }
  return model.levels[1]!.map((parent): WeightGroup => {
    const codes = model.children.get(parent)!;
    const place = meta === undefined ? '' : `，汇总项 ${parent}`;
    const { columns, proposal } = named({ sources, codes, units, place }, () => {
      const columns = codes.map((code) => {
        const column = columnOf(indicators, code);
        return meta === undefined ? column : scaled(column, model, code);
      });
      return { columns, proposal: propose(method, columns) };
    });
    const dropped = droppedUnits(columns);
    return {
      parent: meta === undefined ? null : parent,
      weights: codes.map((code, i) => ({
        code,
        name: meta === undefined ? null : model.elements.get(code)!.name,
        weight: proposal.weights[i]!,
      })),
      units: units.length - dropped,
      dropped,
      remark: proposal.remark,
    };
  });
}

/** Every unit has a linear program over all units: above this it takes minutes. */
const MAX_BOD_UNITS = 2000;

const TOP = '总指数';

/** Without an indicator table every column but the unit's own is an indicator of one group. */
function plainMeta({ file, header }: InputTable): Row[] {
  const codes = header.filter((name) => !['uCode', 'uName', 'Time'].includes(name));
  const spaced = codes.filter((code) => /\s/.test(code));
  if (spaced.length > 0) {
    throw new InputFaults(spaced.map((code) => `${file} 第 1 行:列名“${code}”含空白。请去掉空白。`));
  }
  if (codes.length === 0) throw badRequest(`${file} 第 1 行:除了单元代码没有别的列。`);
  const base = { Direction: 1, Weight: 1 };
  return [
    ...codes.map((iCode) => ({ ...base, iCode, Level: 1, Parent: TOP, Type: 'Indicator' })),
    { ...base, iCode: TOP, Level: 2, Type: 'Aggregate' },
  ];
}

/** Indicators and aggregates alone: weights need no denominators and groups. */
function elementsOf({ rows }: InputTable): Row[] {
  return rows
    .filter(({ Type }) => !['Group', 'Denominator', 'Other'].includes(String(Type).trim()))
    .map((row) => ({ ...row, Denominator: null }));
}

function scaled(column: Column, model: Model, code: string): Column {
  const { direction } = model.elements.get(code)!;
  return minMax(column, { to: [0, 1], direction, place: `指标 ${code}` });
}

interface Names {
  sources: Sources;
  codes: readonly string[];
  units: readonly string[];
  place: string;
}

/** The methods count columns and units; people know them by their codes. */
function named<T>({ sources, codes, units, place }: Names, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ScoringError)) throw error;
    const at = error.place
      .replace(/第 (\d+) 列/, (_, k: string) => ` ${codes[Number(k) - 1]} 列`)
      .replace(/第 (\d+) 个单元/, (_, i: string) => `，单元 ${units[Number(i) - 1]}`);
    const { code, problem, remedy } = error;
    throw new InputFaults(faultsOf(new ScoringError({ code, place: at + place, problem, remedy }), sources));
  }
}
