/** Months that can never be scored as the county is registered: asking again does not help. */
export class NeverScored extends Error {
  override readonly name = 'NeverScored';

  constructor(county: { code: string; name: string }, months: readonly string[], start: string) {
    const sorted = [...months].sort();
    const span = sorted.length === 1 ? sorted[0] : `${sorted[0]} 至 ${sorted.at(-1)}（${sorted.length} 个月）`;
    super(`${county.code} ${county.name}不能计算 ${span}：早于起始月 ${start}`);
  }
}
