import { type YearFound, yearGradeNames } from '@pingan/queries';
import { besideTexts, periodTitle, silenceParts } from './quarter.js';
import {
  type Cells,
  type Column,
  dash,
  type Part,
  rankText,
  right,
  rounded,
  type Sheet,
  score,
  sheet,
} from './sheet.js';

type Row = YearFound['answer']['rows'][number];

const signed = (points: number) => `${points > 0 ? '+' : ''}${points.toFixed(2)}`;
const pointsOf = ({ items }: Row) => items.reduce((sum, { points }) => sum + points, 0);
const gradeText = ({ grade }: Row) => (grade === null ? dash : yearGradeNames[grade]);

/** Mean of three months that all have a score. */
function quarterMean({ months }: Row, quarter: number): number | null {
  const scores = months.slice(3 * quarter, 3 * quarter + 3).map(({ score }) => score);
  return scores.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one / 3), 0);
}

function table(units: readonly Row[]): Sheet {
  const columns: Column<Row>[] = [
    { title: '名次', value: ({ rank }) => rankText(rank), ...right },
    { title: '单位', value: ({ name }) => name },
    { title: '年度得分', value: (unit) => score(unit.score), ...right },
    { title: '月均分', value: ({ mean }) => score(mean), ...right },
    { title: '加减分', value: (unit) => (unit.items.length > 0 ? signed(pointsOf(unit)) : ''), ...right },
    ...['一季度', '二季度', '三季度', '四季度'].map((title, quarter) => ({
      title,
      value: (unit: Row) => score(quarterMean(unit, quarter)),
      ...right,
    })),
    { title: '红色月份', value: ({ red_months }) => String(red_months.length), ...right },
    { title: '等次', value: gradeText },
  ];
  return sheet(columns, units);
}

/** One line per item and veto, so that nothing counts without its reason. */
function remarks(units: readonly Row[]): string[] {
  return units.flatMap((unit) => [
    ...unit.vetoes.map(({ name, reason }) => `  ${unit.name}  一票否决  ${name}  ${reason}`),
    ...unit.items.map(({ name, reason, points }) => `  ${unit.name}  ${signed(points)}  ${name}  ${reason}`),
  ]);
}

/** For spreadsheets. */
export function yearCells({ answer: { rows, period } }: YearFound): Cells {
  const months = rows[0]?.months.map(({ month }) => month) ?? [];
  return [
    ['名次', '代码', '单位', '年度得分', '月均分', '加减分', ...months, '红色月份', '一票否决', '等次', '年度'],
    ...rows.map((unit) => [
      ...[unit.rank, unit.region_code, unit.name, rounded(unit.score), rounded(unit.mean), pointsOf(unit)],
      ...unit.months.map((month) => rounded(month.score)),
      ...[unit.red_months.join(' '), unit.vetoes.map(({ name }) => name).join(' '), gradeText(unit), period],
    ]),
  ];
}

export function yearParts({ answer, head }: YearFound): Part[] {
  const { rows, lines, silences } = answer;
  const { excellent, qualified } = lines;
  const items = remarks(rows);
  return [
    periodTitle(head),
    table(rows),
    ...besideTexts(answer),
    ...silenceParts(silences),
    ...(items.length > 0 ? [['年度事项', ...items].join('\n')] : []),
    `年度得分 = 十二个月得分的平均 + 加减分。等次：${excellent} 分以上且没有红色月份为优秀，${qualified} 分以上为合格，其余及一票否决的为不合格（界线为本系统建议，由县里定）。`,
  ];
}
