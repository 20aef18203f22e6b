import { ScoringError } from '@pingan/composite';
import { InputFaults } from '@pingan/contracts';
import type { InputTable } from './table.js';

/** The files behind the words that scoring uses for a place. */
export interface Sources {
  data: InputTable;
  meta?: InputTable | undefined;
  /** What a place without a table belongs to. */
  otherwise: string;
  /** Tables named in the recipe, by name; those of weights apart. */
  named?: ReadonlyMap<string, InputTable>;
  weights?: readonly InputTable[];
}

type Place = readonly [RegExp, (match: RegExpExecArray, sources: Sources) => string];

const lineText = ({ file, lines }: InputTable, row: number) => `${file} 第 ${lines[row] ?? 1} 行`;

/** Every line a code stands on: which of two equal ones is meant, the place does not say. */
function lineOf({ file, rows, lines }: InputTable, column: string, code: string): string {
  const found = lines.filter((_, row) => String(rows[row]![column]).trim() === code);
  return found.length === 0 ? file : `${file} 第 ${found.join('、')} 行`;
}

const metaFile = ({ data, meta }: Sources) => meta ?? data;

const places: readonly Place[] = [
  [/^单元表第 (\d+) 行/, ([, row], { data }) => lineText(data, Number(row) - 1)],
  [/^单元表/, ({ input }, { data }) => (input.includes('，列') ? `${data.file} 第 1 行` : data.file)],
  [/^单元 (.+?)，列 /, ([all, unit], { data }) => `${lineOf(data, 'uCode', unit!)}，${all}`],
  [/^代码 .+/, ([all], { data }) => `${data.file}，${all}`],
  [/^指标表第 (\d+) 行/, ([, row], sources) => lineText(metaFile(sources), Number(row) - 1)],
  [
    /^指标表，(?:代码|汇总项) ([^，]+)/,
    ([all, code], sources) => `${lineOf(metaFile(sources), 'iCode', code!)}，${all.slice(4)}`,
  ],
  [/^指标表/, (_, sources) => metaFile(sources).file],
  [
    /^文件 (.+?) 第 (\d+) 行/,
    ([all, name, row], { named, otherwise }) => {
      const table = named?.get(name!);
      return table === undefined ? `${otherwise} ${all}` : lineText(table, Number(row) - 1);
    },
  ],
  [
    /^文件 (.+?)，(\S+) 行/,
    ([all, name, code], { named, otherwise }) => {
      const table = named?.get(name!);
      return table === undefined ? `${otherwise} ${all}` : lineOf(table, 'iCode', code!);
    },
  ],
  [
    /^权重表第 (\d+) 行/,
    ([all, row], { weights = [] }) => {
      const [only, ...others] = weights;
      if (only !== undefined && others.length === 0) return lineText(only, Number(row) - 1);
      return `${weights.map(({ file }) => file).join(' 或 ')} ${all}`;
    },
  ],
  [/^配方(?:，|(?=第)|$)/, (_, { otherwise }) => `${otherwise} `],
];

/** A place with the file, and the line where there is one, in front. */
export function located(place: string, sources: Sources): string {
  for (const [pattern, text] of places) {
    const match = pattern.exec(place);
    if (match) return (text(match, sources) + place.slice(match[0].length)).trimEnd();
  }
  return `${sources.otherwise} ${place}`;
}

/** Every problem an error of scoring carries: file, place, what is wrong, what to do. */
export function faultsOf(error: unknown, sources: Sources): string[] {
  if (!(error instanceof ScoringError)) throw error;
  return [error, ...error.others].map(
    ({ place, problem, remedy, code }) => `${located(place, sources)}：${problem}。${remedy}。[${code}]`,
  );
}

/** The result of scoring work, its refusal told in terms of the files. */
export function withFaults<T>(sources: Sources, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new InputFaults(faultsOf(error, sources));
  }
}
