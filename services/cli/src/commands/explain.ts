import { missingReasonText } from '@pingan/indicators';
import type { Context } from '../context.js';
import { arrange, explanationJson } from '../explanation.js';
import {
  bandText,
  contextText,
  countsTable,
  deductionText,
  intervalText,
  pointsTable,
  silenceTexts,
  sumText,
  trendText,
} from '../explanation-text.js';
import { badRequest } from '../failure.js';
import { pastText } from '../past-text.js';
import { requireRun, schemeOfMonth } from '../ranking.js';
import { requireCounty, requireMonth, requireRegion } from '../scope.js';
import { readStory } from '../story.js';
import { score } from '../table.js';
import { boundText, readUnplaced, shareTexts } from '../unplaced.js';
import { titleOf } from './rank.js';

/** `pingan explain`: every number behind one score; contributions less deductions are the score. */
export async function explainCommand(
  context: Context,
  options: { county: string; month: string; region: string; format: 'table' | 'json' },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const region = requireRegion(county, options.region, month);
  const run = await requireRun(context, county, month);
  const { runs } = context.store;
  const [units, indicators, deductions, priors, scheme, zeroReports] = await Promise.all([
    runs.units(run.run_id),
    runs.indicators(run.run_id, region),
    runs.deductions(run.run_id, region),
    runs.priors(run.run_id),
    schemeOfMonth(context, county.code, month),
    context.store.zeroReports.list(county.code),
  ]);
  const unit = units.find(({ region_code }) => region_code === region);
  if (!unit) {
    const list = units.map(({ region_code, name }) => `${region_code} ${name}`).join('、');
    throw badRequest(`${options.region} 不单独评分。参加评分的有:${list}。`);
  }
  const explained = arrange(scheme, { run, unit, units, indicators, deductions, priors });
  const [story, unplaced] = await Promise.all([readStory(context, explained), readUnplaced(context, county, month)]);
  if (options.format === 'json') {
    context.out(JSON.stringify({ ...explanationJson(county.code, explained), ...story, unplaced }, null, 2));
    return;
  }
  const ranked = unit.class_rank === null ? '' : `(类内第 ${unit.class_rank} 名)`;
  const total =
    unit.score === null
      ? missingReasonText(unit.missing_reason ?? '')
      : `${score(unit.score)} 分,第 ${unit.rank} 名${ranked}`;
  context.out(`${titleOf(county, month, Date.now())}  ${unit.name}:${total}`);
  context.out(story.paragraph);
  for (const text of silenceTexts(explained, zeroReports)) context.out(text);
  if (unplaced !== null) {
    for (const text of shareTexts(month, unplaced)) context.out(text);
    const bound = unplaced.bounds.find(({ region_code }) => region_code === region);
    const text = bound && boundText(unit.name, bound);
    if (text) context.out(`如全部属于本单位且都计为不利，至多：${text}。`);
  }
  for (const text of [bandText(explained, scheme), intervalText(explained)]) if (text !== null) context.out(text);
  const population = explained.scored.find((row) => row.population !== null)?.population;
  context.out(`\n统计${population == null ? '(没有常住人口数)' : `(常住人口 ${population} 人)`}`);
  for (const text of pastText(county, run, region, explained.scored)) context.out(text);
  context.out(countsTable(explained));
  if (explained.priors.size > 0) {
    context.out('修正值:案件越少,指标值越向同类单位(同类不足时为全县)的平均靠拢,计分用修正值。');
  }
  context.out('\n计分');
  context.out(pointsTable(explained));
  const trend = trendText(scheme);
  if (trend !== null) context.out(trend);
  if (deductions.length > 0) context.out('\n红线扣分');
  for (const deduction of deductions) context.out(deductionText(deduction));
  context.out(sumText(explained));
  for (const text of contextText(explained)) context.out(text);
  context.out(`\n方案 ${run.scheme_name} ${run.scheme_hash}  计分批次 ${run.run_id}`);
}
