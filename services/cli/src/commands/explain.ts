import { findIndicator, type Indicator, missingReasonText } from '@pingan/indicators';
import type { RunIndicator } from '@pingan/store';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';
import { requireCounty, requireMonth, requireRegion } from '../scope.js';
import { renderTable, score } from '../table.js';
import { requireRun, schemeOfMonth, titleOf } from './rank.js';

const dash = '—';

function plain(value: number | null): string {
  return value === null ? dash : String(Number(value.toFixed(4)));
}

/** Which share of the value's digits a reader can use depends on the kind: a count is whole, a rate is not. */
function valueText(indicator: Indicator | undefined, row: RunIndicator): string {
  if (row.value === null) return dash;
  return indicator?.kind === 'count' ? plain(row.value) : row.value.toFixed(2);
}

function goalpostText(row: RunIndicator): string {
  if (row.g0 === null || row.g60 === null || row.g100 === null) return dash;
  return [row.g0, row.g60, row.g100].map((value) => String(Number(value.toFixed(2)))).join(' / ');
}

function toJson(row: RunIndicator) {
  const indicator = findIndicator(row.code);
  return {
    code: row.code,
    name: indicator?.name ?? row.code,
    dimension: indicator?.dimension ?? null,
    kind: indicator?.kind ?? null,
    unit: indicator?.unit ?? null,
    direction: indicator?.direction ?? null,
    numerator: row.numerator,
    denominator: row.denominator,
    population: row.population,
    window: { from: row.window_from, to: row.window_to, months: row.months },
    value: row.value,
    goalposts: row.g0 === null ? null : { g0: row.g0, g60: row.g60, g100: row.g100 },
    goalpost_basis: row.goalpost_basis === null ? null : (JSON.parse(row.goalpost_basis) as unknown),
    score: row.score,
    weight: row.weight,
    contribution: row.contribution,
    missing_reason: row.missing_reason,
  };
}

/** `pingan explain`: every number behind one score; contributions sum to the score. */
export async function explainCommand(
  context: Context,
  options: { county: string; month: string; region: string; format: 'table' | 'json' },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const region = requireRegion(county, options.region, month);
  const run = await requireRun(context, county, month);
  const [units, indicators, scheme] = await Promise.all([
    context.store.runs.units(run.run_id),
    context.store.runs.indicators(run.run_id, region),
    schemeOfMonth(context, county.code, month),
  ]);
  const unit = units.find(({ region_code }) => region_code === region);
  if (!unit) {
    const list = units.map(({ region_code, name }) => `${region_code} ${name}`).join('、');
    throw badRequest(`${options.region} 不单独评分。参加评分的有:${list}。`);
  }
  const order = scheme.dimensions.flatMap((dimension) => dimension.indicators.map(({ code }) => code));
  indicators.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  if (options.format === 'json') {
    const { region_code, name, score, rank, band, missing_reason } = unit;
    const head = { county: county.code, period: month, run_id: run.run_id, region_code, name };
    const result = { ...head, score, rank, band, missing_reason, indicators: indicators.map(toJson) };
    context.out(JSON.stringify(result, null, 2));
    return;
  }
  const total =
    unit.score === null ? missingReasonText(unit.missing_reason ?? '') : `${score(unit.score)} 分,第 ${unit.rank} 名`;
  context.out(`${titleOf(county, month, Date.now())}  ${unit.name}:${total}`);
  context.out(
    renderTable<RunIndicator>(
      [
        { title: '代码', value: (row) => row.code },
        { title: '指标', value: (row) => findIndicator(row.code)?.name ?? row.code },
        { title: '分子', value: (row) => plain(row.numerator), align: 'right' },
        { title: '分母', value: (row) => plain(row.denominator), align: 'right' },
        {
          title: '统计期',
          value: (row) => (row.window_from === row.window_to ? row.window_to : `${row.window_from}~${row.window_to}`),
        },
        { title: '指标值', value: (row) => valueText(findIndicator(row.code), row), align: 'right' },
        { title: '单位', value: (row) => findIndicator(row.code)?.unit ?? '' },
        { title: '0/60/100 分值', value: goalpostText, align: 'right' },
        { title: '得分', value: (row) => score(row.score), align: 'right' },
        { title: '权重', value: (row) => `${(row.weight * 100).toFixed(2)}%`, align: 'right' },
        { title: '贡献', value: (row) => (row.score === null ? dash : row.contribution.toFixed(2)), align: 'right' },
        { title: '说明', value: (row) => (row.missing_reason ? missingReasonText(row.missing_reason) : '') },
      ],
      indicators,
    ),
  );
  context.out(`贡献 = 权重 × 得分,各项贡献之和即总分。计分批次 ${run.run_id}`);
}
