import { type Evidence, firstMonthOf } from '@pingan/appraisal';
import { addMonths, monthRange, month as monthSchema } from '@pingan/contracts';
import { type County, monthOfInstant, RegionIndex } from '@pingan/regions';
import type { Context } from './context.js';
import { badRequest } from './failure.js';

export async function requireCounty(context: Context, code: string): Promise<County> {
  const county = await context.store.counties.get(code);
  if (county) return county;
  const known = (await context.store.counties.list()).map((c) => `${c.code} ${c.name}`);
  const list = known.length > 0 ? `已登记:${known.join('、')}` : '还没有登记任何县';
  throw badRequest(`没有登记县 ${code}。${list};登记用 pingan county add。`);
}

/** First month that can be scored: configured, or the first with data. */
async function firstMonth(context: Context, county: County): Promise<string | undefined> {
  if (county.startMonth) return county.startMonth;
  const components = await context.store.components.read(county.code);
  return components.find(({ indicator }) => indicator.startsWith('cases:'))?.month;
}

/** @throws CommandFailure 2 for a month that is malformed, in the future or before the county's start. */
export async function requireMonth(context: Context, county: County, text: string): Promise<string> {
  if (!monthSchema.safeParse(text).success) throw badRequest(`月份 ${text} 不对,应为 YYYY-MM,例如 2026-10。`);
  const now = monthOfInstant(Date.now(), county.timeZone);
  const first = await firstMonth(context, county);
  const range = first ? `可选 ${first} 至 ${now}` : `${county.name}还没有数据`;
  if (text > now) throw badRequest(`月份 ${text} 在未来。${range}。`);
  if (first && text < first) throw badRequest(`月份 ${text} 早于${county.name}的起始月 ${first}。${range}。`);
  return text;
}

/** A region by code or name. */
export function requireRegion(county: County, text: string, month: string): string {
  const found = new RegionIndex(county).resolve(text, { month });
  if (found.ok) return found.code;
  const units = new RegionIndex(county).units(month).map(({ code, name }) => `${code} ${name}`);
  const shown = units.slice(0, 40).join('、');
  throw badRequest(
    found.rule === 'ambiguous_region'
      ? `区域 ${text} 有重名:${found.candidates.join('、')},请用代码。`
      : `${county.name}没有区域 ${text}。参加评分的有:${shown}${units.length > 40 ? '……' : ''}。`,
  );
}

/** The first of `count` months that end with `month`. @throws CommandFailure 2 when the index is younger than that. */
export function requireMonthsBefore(evidence: Evidence, month: string, count: number): string {
  const first = addMonths(month, 1 - count);
  const start = firstMonthOf(evidence) ?? month;
  if (first >= start) return first;
  throw badRequest(
    `--months ${count} 太多:${evidence.county.name}自 ${start} 起,到 ${month} 有 ${monthRange(start, month).length} 个月。`,
  );
}
