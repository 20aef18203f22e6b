import { InputFaults } from '@pingan/contracts';
import { judgement } from '../input/judgements.js';
import { type InputTable, readTable } from '../input/table.js';

export interface JudgementMatrix {
  codes: string[];
  values: number[][];
}

/** Judgements further from each other's inverse than this are refused. */
const TOLERANCE = 1e-6;

/** Reads a judgement matrix: header row and first column hold the codes. @throws InputFaults with all that is wrong */
export async function readMatrix(file: string): Promise<JudgementMatrix> {
  const table = await readTable({ file, what: '判断矩阵', needed: [], first: 'iCode' });
  const codes = table.header.slice(1);
  const byCode = new Map(table.rows.map((row, i) => [String(row.iCode).trim(), { row, line: table.lines[i]! }]));
  const faults = codeFaults(table, codes);
  if (faults.length > 0) throw new InputFaults(faults);
  const values = codes.map((from) => {
    const { row, line } = byCode.get(from)!;
    return codes.map((to) => {
      const text = String(row[to]).trim();
      const value = text === '' ? Number.NaN : Number(judgement(text));
      if (Number.isFinite(value) && value > 0) return value;
      faults.push(
        `${file} 第 ${line} 行，${from} 对 ${to}：“${text}”不是正数。请填 1 至 9，或 1/2 至 1/9 这样的分数。`,
      );
      return Number.NaN;
    });
  });
  if (faults.length === 0) faults.push(...reciprocalFaults({ codes, values }, file));
  if (faults.length > 0) throw new InputFaults(faults);
  return { codes, values };
}

function codeFaults({ file, rows, lines }: InputTable, codes: readonly string[]): string[] {
  const found = rows.map(({ iCode }) => String(iCode).trim());
  const repeated = found.flatMap((code, i) =>
    found.indexOf(code) < i ? [`${file} 第 ${lines[i]} 行：代码 ${code} 重复。`] : [],
  );
  const strangers = found.flatMap((code, i) =>
    codes.includes(code)
      ? []
      : [`${file} 第 ${lines[i]} 行：代码“${code}”不在表头里。表头的代码：${codes.join('、')}。`],
  );
  const missing = codes.filter((code) => !found.includes(code)).map((code) => `${file}：代码 ${code} 有列没有行。`);
  return [...repeated, ...strangers, ...missing];
}

function reciprocalFaults({ codes, values }: JudgementMatrix, file: string): string[] {
  return codes.flatMap((from, i) =>
    codes.slice(0, i + 1).flatMap((to, j) => {
      const [here, there] = [values[i]![j]!, values[j]![i]!];
      if (i === j) return here === 1 ? [] : [`${file}，${from} 对自己是 ${here}，须为 1。`];
      if (Math.abs(here * there - 1) <= TOLERANCE) return [];
      return [
        `${file}，${from} 对 ${to} 是 ${here}，${to} 对 ${from} 是 ${there}，不互为倒数。循环小数请写成分数，例如 1/3。`,
      ];
    }),
  );
}
