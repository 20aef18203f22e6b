import { type FigureChange, type UnitWithoutCase, withoutCase } from '@pingan/appraisal/analysis';
import { streamNames } from '@pingan/contracts';
import { findIndicator } from '@pingan/indicators';
import { type County, RegionIndex } from '@pingan/regions';
import type { ComponentScope, FoundCase } from '@pingan/store';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';
import { schemeOfMonth } from '../ranking.js';
import { requireCounty, requireMonth } from '../scope.js';
import { renderTable, score, signed } from '../table.js';
import { titleOf } from './rank.js';

export interface WithoutCaseOptions {
  county: string;
  month: string;
  caseId: string;
  source: string | undefined;
  format: 'table' | 'json';
}

/** @throws CommandFailure 2 for an unknown id, one that several sources have, or a case that is withdrawn */
async function requireCase(context: Context, scope: ComponentScope, options: WithoutCaseOptions): Promise<FoundCase> {
  const { caseId, source } = options;
  const found = await context.store.cases.find(scope, caseId);
  const sources = [...new Set(found.map((one) => one.source))];
  if (found.length === 0) throw badRequest(`没有编号为 ${caseId} 的案件。编号须与来源系统中的完全一致,区分大小写。`);
  const own = source === undefined ? found : found.filter((one) => one.source === source);
  if (own.length === 0)
    throw badRequest(`来源 ${source} 没有编号为 ${caseId} 的案件;有它的来源:${sources.join('、')}。`);
  if (source === undefined && sources.length > 1) {
    throw badRequest(`${sources.length} 个来源都有编号为 ${caseId} 的案件:${sources.join('、')}。请用 --source 指明。`);
  }
  const standing = own.find(({ retracted }) => !retracted);
  if (standing === undefined) throw badRequest(`案件 ${caseId}(来源 ${sources.join('、')})已由来源撤回,本来就不计入。`);
  return standing;
}

function describe(county: County, { source, case_id, stream, region_code, date }: FoundCase): string {
  const named = (code: string | undefined) => county.regions.regions.find((region) => region.code === code)?.name ?? '';
  const unit = new RegionIndex(county).unitOf(region_code, date.slice(0, 'YYYY-MM'.length));
  const place = unit === region_code ? named(unit) : `${named(unit)}${named(region_code)}`;
  return `案件 ${case_id}(来源 ${source},${streamNames[stream]},${place || region_code},${date})`;
}

const rank = (place: number | null) => (place === null ? '—' : String(place));
const number = (value: number | null) => (value === null ? '—' : String(Number(value.toFixed(2))));
const arrow = (before: string, after: string) => (before === after ? before : `${before} → ${after}`);

/** Changes that two decimals do not show come from class means and shrinkage, not from the unit's own figures. */
const visible = ({ before, after, indicators, deducted }: UnitWithoutCase): boolean =>
  score(before.score) !== score(after.score) ||
  before.rank !== after.rank ||
  before.band !== after.band ||
  deducted.before !== deducted.after ||
  indicators.some(ownFigures);

const ownFigures = ({ before, after }: FigureChange): boolean =>
  before.numerator !== after.numerator || before.denominator !== after.denominator;

function tablesOf(units: readonly UnitWithoutCase[], names: ReadonlyMap<string, string>, bands: Map<string, string>) {
  const nameOf = (code: string) => names.get(code) ?? code;
  const band = (id: string | null) => (id === null ? '—' : (bands.get(id) ?? id));
  const standings = renderTable<UnitWithoutCase>(
    [
      { title: '单位', value: ({ region_code }) => nameOf(region_code) },
      { title: '总分', value: ({ before, after }) => arrow(score(before.score), score(after.score)), align: 'right' },
      {
        title: '分差',
        value: ({ before, after }) =>
          before.score === null || after.score === null ? '—' : signed(after.score - before.score),
        align: 'right',
      },
      { title: '名次', value: ({ before, after }) => arrow(rank(before.rank), rank(after.rank)), align: 'right' },
      { title: '等级', value: ({ before, after }) => arrow(band(before.band), band(after.band)) },
      {
        title: '扣分',
        value: ({ deducted }) => arrow(number(deducted.before), number(deducted.after)),
        align: 'right',
      },
    ],
    units,
  );
  const own = units.flatMap(({ region_code, indicators }) =>
    indicators.filter(ownFigures).map((change) => ({ region_code, ...change })),
  );
  if (own.length === 0) return [standings];
  const figures = renderTable<(typeof own)[number]>(
    [
      { title: '单位', value: ({ region_code }) => nameOf(region_code) },
      { title: '指标', value: ({ code }) => `${code} ${findIndicator(code)?.name ?? ''}` },
      {
        title: '分子',
        value: ({ before, after }) => arrow(number(before.numerator), number(after.numerator)),
        align: 'right',
      },
      {
        title: '分母',
        value: ({ before, after }) => arrow(number(before.denominator), number(after.denominator)),
        align: 'right',
      },
      { title: '得分', value: ({ before, after }) => arrow(score(before.score), score(after.score)), align: 'right' },
    ],
    own,
  );
  return [standings, '该案计入的指标:', figures];
}

/** `pingan without-case`: who stands where if one case were not there. Stores nothing. */
export async function withoutCaseCommand(context: Context, options: WithoutCaseOptions): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const state = await context.store.components.state(county.code);
  if (!state) throw badRequest(`${county.name}还没有可计分的数据。请先用 pingan import 读取台账。`);
  const { watermark } = state;
  const found = await requireCase(context, { county, watermark }, options);
  const key = { source: found.source, case_id: found.case_id };
  const result = await withoutCase(context.store, county, { period: month, watermark, key });
  const names = new Map(new RegionIndex(county).units(month).map(({ code, name }) => [code, name]));
  if (options.format === 'json') {
    const units = result.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit }));
    context.out(JSON.stringify({ county: county.code, period: month, case: found, units }, null, 2));
    return;
  }
  context.out(`${titleOf(county, month, Date.now())}  假如不计一案(不保存)`);
  context.out(describe(county, found));
  const shown = result.units.filter(visible);
  if (shown.length === 0) {
    context.out(`不计这一案,${month} 各单位的得分、名次和等级都不变。`);
    return;
  }
  const bands = new Map((await schemeOfMonth(context, county.code, month)).bands.map(({ id, name }) => [id, name]));
  for (const text of tablesOf(shown, names, bands)) context.out(text);
  const rest = result.units.length - shown.length;
  if (rest > 0) context.out(`另有 ${rest} 个单位的变化不到 0.01 分(同类均值随之微动)。`);
}
