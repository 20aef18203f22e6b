import type { Residents, UnitPast } from '@pingan/queries';

/** `2026-07 至 2026-08 28000 人，2026-09 30000 人`. */
const stretchesText = (residents: readonly Residents[]): string =>
  residents
    .map(
      ({ from, to, value }) => `${from === to ? from : `${from} 至 ${to}`} ${value === null ? '不详' : `${value} 人`}`,
    )
    .join('，');

/** Whose past a unit has, and the residents its rates rest on. */
export function pastTexts({ merged, since, residents }: UnitPast): string[] {
  return [
    ...(merged.length > 0 ? [`由${merged.join('、')}并入：以往月份的案件和人口按合并前各单位之和计算。`] : []),
    ...(since === null ? [] : [`自 ${since} 起设立：统计期和以往的比较都不含此前的月份。`]),
    ...(residents.length > 0
      ? [`各月常住人口：${stretchesText(residents)}。万人率的分母是各月人口之和（人月）。`]
      : []),
  ];
}
