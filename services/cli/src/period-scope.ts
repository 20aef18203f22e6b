import { type PeriodData, readPeriod } from '@pingan/appraisal';
import { type DimensionId, dimensionIds } from '@pingan/indicators';
import type { County } from '@pingan/regions';
import type { Context } from './context.js';
import { badRequest } from './failure.js';

/** Every month of the period is over and has scores. @throws CommandFailure 2 saying which month is missing, and why */
export async function requirePeriod(
  context: Context,
  county: County,
  { title, months }: { title: string; months: readonly string[] },
): Promise<PeriodData> {
  const data = await readPeriod(context.store, county, { months, nowMs: Date.now() });
  if (data.unscored.length === 0 && data.unfinished.length === 0) return data;
  const faults = [
    data.unscored.length > 0 ? `${data.unscored.join('、')} 没有得分` : '',
    data.unfinished.length > 0 ? `${data.unfinished.join('、')} 尚未结束` : '',
  ].filter((text) => text !== '');
  const periods = (await context.store.runs.currentAll(county.code)).map(({ period }) => period);
  const known = periods.length > 0 ? `已计分的月份:${periods[0]} 至 ${periods.at(-1)}` : '还没有任何月份计分';
  throw badRequest(`${county.name} ${title}不完整,不出结果:${faults.join(';')}。${known}。`);
}

/** The dimensions that any unit has, in the usual order. */
export function dimensionsOf(units: ReadonlyArray<{ dimensions: ReadonlyArray<{ id: string }> }>): DimensionId[] {
  const present = new Set(units.flatMap(({ dimensions }) => dimensions.map(({ id }) => id)));
  return dimensionIds.filter((id) => present.has(id));
}

/** Best first; those without a rank last; equals by code. */
export function inRankingOrder<T extends { rank: number | null; code: string }>(units: readonly T[]): T[] {
  const place = ({ rank }: T) => rank ?? units.length + 1;
  return [...units].sort((a, b) => place(a) - place(b) || (a.code < b.code ? -1 : 1));
}
