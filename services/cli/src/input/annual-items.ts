import { InputFaults } from '@pingan/contracts';
import type { YearItems, YearUnits } from '@pingan/queries';
import { readTable } from './table.js';

const UNIT = '单位';
const NAME = '事项';
const REASON = '理由';
const POINTS = '分值';
const VETO = '一票否决';

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * A year's items and vetoes from a CSV file with the columns 单位, 事项, 理由 and 分值: a number of points, or 一票否决.
 *
 * @throws InputFaults naming file and line of everything wrong
 */
export async function readAnnualItems(file: string, { unitOf, names }: YearUnits): Promise<YearItems> {
  const known = [...names].map(([code, name]) => `${code} ${name}`).join('、');
  const { rows, lines } = await readTable({ file, what: '年度事项', needed: [UNIT, NAME, REASON, POINTS] });
  const items: YearItems['items'] = [];
  const vetoes: YearItems['vetoes'] = [];
  const faults: string[] = [];
  rows.forEach((row, i) => {
    const [place, name, reason, points] = [UNIT, NAME, REASON, POINTS].map((column) => String(row[column]).trim());
    const unit = unitOf(place!);
    const fault = (text: string) => faults.push(`${file} 第 ${lines[i]} 行：${text}`);
    if (unit === undefined) fault(`没有参加评分的单位 ${place}。有：${known}。`);
    if (name === '') fault(`${NAME} 是空的。`);
    if (points !== VETO && !NUMBER.test(points!)) fault(`${POINTS} ${points} 不对，应为数字（扣分为负）或“${VETO}”。`);
    if (unit === undefined) return;
    if (points === VETO) vetoes.push({ unit, name: name!, reason: reason! });
    else items.push({ unit, name: name!, reason: reason!, points: Number(points) });
  });
  if (faults.length > 0) throw new InputFaults(faults);
  return { items, vetoes };
}
