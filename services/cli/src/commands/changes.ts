import { baseOf, changesOf, firstMonthOf } from '@pingan/appraisal';
import { type County, lastCompleteMonth, RegionIndex } from '@pingan/regions';
import { changesJson, changesTexts } from '../changes-text.js';
import type { Context } from '../context.js';
import { notePublished, requireEvidence } from '../evidence.js';
import { badRequest } from '../failure.js';
import { requireCounty, requireMonth, requireRegion } from '../scope.js';
import { titleOf } from './rank.js';

export interface ChangesOptions {
  county: string;
  month: string;
  region: string;
  against: 'month' | 'year';
  format: 'table' | 'json';
}

/** @throws CommandFailure 2 where the index did not exist yet, or the unit was not scored */
function requireBase(first: string | undefined, county: County, options: { base: string; unit: string }): void {
  const { base, unit } = options;
  if (first !== undefined && base < first) {
    throw badRequest(`${base} 早于${county.name}的起始月 ${first},没有可比的得分。`);
  }
  if (!new RegionIndex(county).units(base).some(({ code }) => code === unit)) {
    throw badRequest(`${base} 还没有这个单位,没有可比的得分。`);
  }
}

/** `pingan changes`: the way from one month's score to another's. */
export async function changesCommand(context: Context, options: ChangesOptions): Promise<void> {
  const { against } = options;
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const region = requireRegion(county, options.region, month);
  const unit = new RegionIndex(county).units(month).find(({ code }) => code === region);
  if (!unit) throw badRequest(`${options.region} 不单独评分,请用它所在乡镇(街道)的名称或代码。`);
  const evidence = await requireEvidence(context, county);
  const base = baseOf(month, against);
  requireBase(firstMonthOf(evidence), county, { base, unit: region });
  const last = lastCompleteMonth(Date.now(), county.timeZone);
  const changes = changesOf(evidence, { period: month, against, unit: region, last });
  await notePublished(context, evidence, [base, month]);
  if (options.format === 'json') {
    context.out(
      JSON.stringify(changesJson(changes, { county: county.code, region_code: region, name: unit.name }), null, 2),
    );
    return;
  }
  const than = against === 'month' ? '上月' : '上年同月';
  context.out(`${titleOf(county, month, Date.now())}  ${unit.name}:与${than}(${base})相比`);
  for (const text of changesTexts(changes)) context.out(text);
  if (against === 'year' && month.endsWith('-01') && changes.pair === null) {
    context.out('春节有时在1月,有时在2月:单月同比不可靠,2月结束后再看两月合并的比较。');
  }
}
