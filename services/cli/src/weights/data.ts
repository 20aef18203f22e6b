import { type Column, isConstant, minMax, present, ScoringError } from '@pingan/composite';
import { badRequest, InputFaults } from '@pingan/contracts';
import { faultsOf } from '../input/locate.js';
import { type DataFiles, type DataGroup, type GroupedData, type Reading, readGroups } from './groups.js';
import { type DataMethod, droppedUnits, propose } from './propose.js';
import type { WeightGroup } from './result.js';

export interface DataOptions extends DataFiles {
  method: DataMethod;
}

export interface WeighedData {
  reading: Reading;
  scores: boolean;
  groups: WeightGroup[];
  /** Columns without any difference between the units: no method can weigh them. */
  flat: string[];
  /** Columns whose direction nobody has said. */
  unknown: string[];
}

/** Every unit has a linear program over all units: above this it takes minutes. */
const MAX_BOD_UNITS = 2000;

/** Weights from a table of units, inside every aggregate or dimension, or over all columns where there are none. */
export async function weighData({ method, ...files }: DataOptions): Promise<WeighedData> {
  const data = await readGroups(files);
  if (method === 'bod' && data.units.length > MAX_BOD_UNITS) {
    throw badRequest(
      `${data.file} 有 ${data.units.length} 个单元，bod 至多 ${MAX_BOD_UNITS} 个。请抽取一部分，或改用别的方法。`,
    );
  }
  const flat = flatColumns(data);
  const weighed = data.groups
    .map(({ parent, codes }) => ({ parent, codes: codes.filter((code) => !flat.includes(code)) }))
    .filter(({ codes }) => codes.length > 0);
  if (weighed.length === 0) throw badRequest(`${data.file}：各列在各单元之间都没有差异，拟不出权重。`);
  const scores = files.scores ?? false;
  return {
    reading: data.reading,
    scores,
    groups: weighed.map((group) => weighGroup(method, data, group)),
    flat,
    unknown: data.reading === 'partly' ? data.unknown : [],
  };
}

/** A month's table has columns in which nothing happened anywhere; where nothing is known of the columns they are refused. */
function flatColumns({ reading, groups, column }: GroupedData): string[] {
  if (reading === 'plain') return [];
  return groups.flatMap(({ codes }) => codes).filter((code) => isConstant(present(column(code))));
}

function weighGroup(method: DataMethod, data: GroupedData, { parent, codes }: DataGroup): WeightGroup {
  const { columns, proposal } = named(data, { parent, codes }, () => {
    const columns = codes.map((code) => (data.reading === 'plain' ? data.column(code) : scaled(data, code)));
    return { columns, proposal: propose(method, columns) };
  });
  const dropped = droppedUnits(columns);
  return {
    parent,
    weights: codes.map((code, i) => ({
      code,
      name: data.reading === 'meta' ? data.nameOf(code) : null,
      weight: proposal.weights[i]!,
    })),
    units: data.units.length - dropped,
    dropped,
    remark: proposal.remark,
  };
}

function scaled({ column, direction }: GroupedData, code: string): Column {
  return minMax(column(code), { to: [0, 1], direction: direction(code), place: `指标 ${code}` });
}

/** The methods count columns and units; people know them by their codes. */
function named<T>({ sources, units }: GroupedData, { parent, codes }: DataGroup, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ScoringError)) throw error;
    const at = error.place
      .replace(/第 (\d+) 列/, (_, k: string) => ` ${codes[Number(k) - 1]} 列`)
      .replace(/第 (\d+) 个单元/, (_, i: string) => `，单元 ${units[Number(i) - 1]}`);
    const { code, problem, remedy } = error;
    const place = at + (parent === null ? '' : `，汇总项 ${parent}`);
    throw new InputFaults(faultsOf(new ScoringError({ code, place, problem, remedy }), sources));
  }
}
