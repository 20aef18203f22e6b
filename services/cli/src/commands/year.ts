import { silenceLine } from '@pingan/appraisal';
import { type County, RegionIndex } from '@pingan/regions';
import { proposedYearLines, scoreYear, type YearUnit, yearGradeNames, yearMonths } from '@pingan/scoring';
import type { Context } from '../context.js';
import { renderCsv } from '../csv.js';
import { badRequest } from '../failure.js';
import { readAnnualItems } from '../input/annual-items.js';
import { inRankingOrder, requirePeriod } from '../period-scope.js';
import { schemeOfMonth } from '../ranking.js';
import { requireCounty } from '../scope.js';
import { type Column, renderTable, score } from '../table.js';
import { silencesLegend } from './quarter.js';

const right = { align: 'right' } as const;
const signed = (points: number) => `${points > 0 ? '+' : ''}${points.toFixed(2)}`;
const pointsOf = ({ items }: YearUnit) => items.reduce((sum, { points }) => sum + points, 0);
const gradeText = ({ grade }: YearUnit) => (grade === null ? '—' : yearGradeNames[grade]);

function monthsOf(period: string): string[] {
  try {
    return yearMonths(period);
  } catch {
    throw badRequest(`年份 ${period} 不对,应为 YYYY,例如 2026。`);
  }
}

/** Mean of three months that all have a score. */
function quarterMean({ months }: YearUnit, quarter: number): number | null {
  const scores = months.slice(3 * quarter, 3 * quarter + 3).map(({ score }) => score);
  return scores.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one / 3), 0);
}

function table(units: readonly YearUnit[], nameOf: (code: string) => string): string {
  const columns: Column<YearUnit>[] = [
    { title: '名次', value: ({ rank }) => (rank === null ? '—' : String(rank)), ...right },
    { title: '单位', value: ({ code }) => nameOf(code) },
    { title: '年度得分', value: (unit) => score(unit.score), ...right },
    { title: '月均分', value: ({ mean }) => score(mean), ...right },
    { title: '加减分', value: (unit) => (unit.items.length > 0 ? signed(pointsOf(unit)) : ''), ...right },
    ...['一季度', '二季度', '三季度', '四季度'].map((title, quarter) => ({
      title,
      value: (unit: YearUnit) => score(quarterMean(unit, quarter)),
      ...right,
    })),
    { title: '红色月份', value: ({ red_months }) => String(red_months.length), ...right },
    { title: '等次', value: gradeText },
  ];
  return renderTable(columns, units);
}

/** One line per item and veto, so that nothing counts without its reason. */
function remarks(units: readonly YearUnit[], nameOf: (code: string) => string): string[] {
  return units.flatMap((unit) => [
    ...unit.vetoes.map(({ name, reason }) => `  ${nameOf(unit.code)}  一票否决  ${name}  ${reason}`),
    ...unit.items.map(({ name, reason, points }) => `  ${nameOf(unit.code)}  ${signed(points)}  ${name}  ${reason}`),
  ]);
}

/** Units of the period by code or name. */
function unitFinder(county: County, month: string, names: ReadonlyMap<string, string>) {
  const regions = new RegionIndex(county);
  return (text: string): string | undefined => {
    const found = regions.resolve(text, { month });
    return found.ok && names.has(found.code) ? found.code : undefined;
  };
}

function csvOf(units: readonly YearUnit[], nameOf: (code: string) => string, period: string): string {
  const months = units[0]?.months.map(({ month }) => month) ?? [];
  return renderCsv([
    ['rank', 'region_code', 'name', 'score', 'mean', 'items', ...months, 'red_months', 'vetoes', 'grade', 'period'],
    ...units.map((unit) => [
      ...[unit.rank, unit.code, nameOf(unit.code), unit.score, unit.mean, pointsOf(unit)],
      ...unit.months.map((month) => month.score),
      ...[unit.red_months.join(' '), unit.vetoes.map(({ name }) => name).join(' '), unit.grade, period],
    ]),
  ]);
}

/** `pingan year`: mean of twelve months, annual items and vetoes, graded. */
export async function yearCommand(
  context: Context,
  options: { county: string; period: string; items: string | undefined; format: 'table' | 'json' | 'csv' },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const months = monthsOf(options.period);
  const last = months.at(-1)!;
  const data = await requirePeriod(context, county, { title: `${options.period} 年度`, months });
  const { runs, scored, names, silences } = data;
  const nameOf = (code: string) => names.get(code) ?? code;
  const known = [...names].map(([code, name]) => `${code} ${name}`).join('、');
  const given = options.items
    ? await readAnnualItems(options.items, { unitOf: unitFinder(county, last, names), known })
    : { items: [], vetoes: [] };
  const vetoes = [...data.vetoes, ...given.vetoes];
  const { tie } = await schemeOfMonth(context, county.code, last);
  const units = inRankingOrder(scoreYear(options.period, scored, { items: given.items, vetoes, tie }));
  if (options.format === 'json') {
    const rows = units.map(({ code, dimensions, ...unit }) => ({
      region_code: code,
      name: nameOf(code),
      ...unit,
      dimensions: Object.fromEntries(dimensions.map(({ id, score }) => [id, score])),
    }));
    const runIds = runs.map(({ period, run_id }) => ({ month: period, run_id }));
    const head = { county: county.code, period: options.period, lines: proposedYearLines, runs: runIds };
    context.out(JSON.stringify({ ...head, rows, ...(silences.length > 0 ? { silences } : {}) }, null, 2));
  } else if (options.format === 'csv') context.out(csvOf(units, nameOf, options.period).trimEnd());
  else {
    const { excellent, qualified } = proposedYearLines;
    context.out(`${county.name} ${options.period} 年度平安指数${county.demo ? '(示例数据)' : ''}`);
    context.out(table(units, nameOf));
    for (const silence of silences) context.out(silenceLine(silence));
    if (silences.length > 0) context.out(silencesLegend);
    const lines = remarks(units, nameOf);
    if (lines.length > 0) context.out(['年度事项', ...lines].join('\n'));
    context.out(
      `年度得分 = 十二个月得分的平均 + 加减分。等次:${excellent} 分以上且没有红色月份为优秀,${qualified} 分以上为合格,其余及一票否决的为不合格(界线为本系统建议,由县里定)。`,
    );
  }
}
