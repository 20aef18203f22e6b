import type { MonthHead } from '@pingan/queries';

export function titleOf({ county_name, period, is_demo, is_unfinished }: MonthHead): string {
  const remarks = [is_demo ? '示例数据' : '', is_unfinished ? '当月未结束，数据不全' : ''].filter(
    (text) => text !== '',
  );
  return `${county_name} ${period} 平安指数${remarks.length > 0 ? `（${remarks.join('；')}）` : ''}`;
}

/** Said where what is published rests on other data, or on another scheme, than what is computed here; null otherwise. */
export function staleText(periods: readonly string[]): string | null {
  if (periods.length === 0) return null;
  return `注意：${periods.join('、')} 的已有计分结果不含最新的数据或方案，与这里的数不尽相同；可用 pingan score 重新计分。`;
}
