import { type County, monthOfInstant } from '@pingan/regions';

/** Months that cannot be scored as the county is registered, or not yet: asking again does not help. */
export class NeverScored extends Error {
  override readonly name = 'NeverScored';

  constructor(county: { code: string; name: string }, months: readonly string[], reason: string) {
    const sorted = [...months].sort();
    const span = sorted.length === 1 ? sorted[0] : `${sorted[0]} 至 ${sorted.at(-1)}（${sorted.length} 个月）`;
    super(`${county.code} ${county.name}不能计算 ${span}：${reason}`);
  }
}

/** @throws NeverScored for months before the first of the county, and for those that have not begun there. */
export function requireScorable(
  county: Pick<County, 'code' | 'name' | 'timeZone'>,
  months: readonly string[],
  { start, nowMs }: { start: string | undefined; nowMs: number },
): void {
  const before = start === undefined ? [] : months.filter((month) => month < start);
  if (before.length > 0) throw new NeverScored(county, before, `早于起始月 ${start}`);
  const present = monthOfInstant(nowMs, county.timeZone);
  const future = months.filter((month) => month > present);
  if (future.length > 0) throw new NeverScored(county, future, '该月还没有开始');
}
