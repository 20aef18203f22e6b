import { ALWAYS, type SchemeListFound, type SchemePeriod } from '@pingan/queries';
import { type Part, sheet } from './sheet.js';

/** Which schemes a county is scored by, and from when; `moment` shows a time as clocks of a zone do. */
export function schemeListParts(
  { answer: { schemes, current }, county }: SchemeListFound,
  moment: (iso: string, timeZone: string) => string,
): Part[] {
  if (schemes.length === 0) return [`${county.name}没有起用过方案，用的是默认方案。`];
  const stateText = ({ from, continues }: SchemePeriod) => {
    if (from === current) return '现行';
    return from > (current ?? '') && !continues ? '待起用' : '';
  };
  const table = sheet<SchemePeriod>(
    [
      { title: '起用月份', value: ({ from }) => (from === ALWAYS ? '起始月' : from) },
      { title: '方案', value: ({ name, continues }) => `${name}${continues ? '（沿用）' : ''}` },
      { title: '编号', value: ({ hash }) => hash },
      { title: '状态', value: stateText },
      { title: '决定时间', value: ({ activated_at }) => moment(activated_at, county.timeZone) },
      { title: '说明', value: ({ note }) => note },
    ],
    schemes,
  );
  return [`${county.code} ${county.name} 的方案`, table];
}
