import { silenceLine } from '@pingan/appraisal';
import { dimensions } from '@pingan/indicators';
import { type PeriodUnit, quarterMonths, scoreQuarter } from '@pingan/scoring';
import type { Context } from '../context.js';
import { renderCsv } from '../csv.js';
import { badRequest } from '../failure.js';
import { dimensionsOf, inRankingOrder, requirePeriod } from '../period-scope.js';
import { schemeOfMonth } from '../ranking.js';
import { requireCounty } from '../scope.js';
import { type Column, renderTable, score } from '../table.js';

const right = { align: 'right' } as const;

export const silencesLegend =
  '无报送的月份计为零件，得分与名次可能因漏报而偏高。确无可报的，用 pingan zero-report 确认后重新计分。';

const dimensionScore = ({ dimensions: own }: PeriodUnit, id: string) => own.find((one) => one.id === id)?.score ?? null;

function monthsOf(period: string): string[] {
  try {
    return quarterMonths(period);
  } catch {
    throw badRequest(`季度 ${period} 不对,应为 YYYY-Q1 至 YYYY-Q4,例如 2026-Q3。`);
  }
}

function table(units: readonly PeriodUnit[], names: ReadonlyMap<string, string>, months: readonly string[]): string {
  const columns: Column<PeriodUnit>[] = [
    { title: '名次', value: ({ rank }) => (rank === null ? '—' : String(rank)), ...right },
    { title: '单位', value: ({ code }) => names.get(code) ?? code },
    { title: '季度得分', value: (unit) => score(unit.score), ...right },
    ...months.map((month, m) => ({
      title: month,
      value: (unit: PeriodUnit) => score(unit.months[m]?.score ?? null),
      ...right,
    })),
    ...dimensionsOf(units).map((id) => ({
      title: dimensions[id].name,
      value: (unit: PeriodUnit) => score(dimensionScore(unit, id)),
      ...right,
    })),
    { title: '说明', value: ({ missing_reason }) => (missing_reason === null ? '' : '有的月份没有得分') },
  ];
  return renderTable(
    columns.filter(({ title }) => title !== '说明' || units.some(({ missing_reason }) => missing_reason !== null)),
    units,
  );
}

/** `pingan quarter`: means of three months on what is known now, ranked. */
export async function quarterCommand(
  context: Context,
  options: { county: string; period: string; format: 'table' | 'json' | 'csv' },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const months = monthsOf(options.period);
  const title = `${options.period.slice(0, 4)} 年第 ${options.period.at(-1)} 季度`;
  const { runs, scored, names, silences } = await requirePeriod(context, county, { title, months });
  const { tie } = await schemeOfMonth(context, county.code, months.at(-1)!);
  const units = inRankingOrder(scoreQuarter(options.period, scored, { tie }));
  const nameOf = (code: string) => names.get(code) ?? code;
  if (options.format === 'json') {
    const rows = units.map(({ code, dimensions: own, ...unit }) => ({
      region_code: code,
      name: nameOf(code),
      ...unit,
      dimensions: Object.fromEntries(own.map(({ id, score }) => [id, score])),
    }));
    const runIds = runs.map(({ period, run_id }) => ({ month: period, run_id }));
    context.out(
      JSON.stringify(
        {
          county: county.code,
          period: options.period,
          runs: runIds,
          rows,
          ...(silences.length > 0 ? { silences } : {}),
        },
        null,
        2,
      ),
    );
  } else if (options.format === 'csv') {
    const ids = dimensionsOf(units);
    const header = ['rank', 'region_code', 'name', 'score', ...months, ...ids, 'missing_reason', 'period'];
    const rows = units.map((unit) => [
      ...[unit.rank, unit.code, nameOf(unit.code), unit.score],
      ...unit.months.map((month) => month.score),
      ...ids.map((id) => dimensionScore(unit, id)),
      ...[unit.missing_reason, options.period],
    ]);
    context.out(renderCsv([header, ...rows]).trimEnd());
  } else {
    context.out(`${county.name} ${title}平安指数${county.demo ? '(示例数据)' : ''}`);
    context.out(table(units, names, months));
    for (const silence of silences) context.out(silenceLine(silence));
    if (silences.length > 0) context.out(silencesLegend);
    context.out(`季度得分为三个月得分的平均。计分批次 ${runs.map(({ run_id }) => run_id).join('、')}`);
  }
}
