import type { Basis, Goalposts, Window } from '@pingan/indicators';

/** Goalposts in one line: the values of 0, 60 and 100, or the deduction; null for what is only shown. */
export function goalpostText(goalposts: Goalposts | null): string {
  if (goalposts === null) return '不计分';
  if (goalposts.rule === 'per_unit') return `无则100，每起扣${goalposts.penalty}`;
  const { g0, g60, g100 } = goalposts;
  return `${goalposts.rule === 'class_mean' ? '同类均值× ' : ''}${[g0, g60, g100].join(' / ')}`;
}

/** The mark of a basis in words: what is not verified says so. */
export function markText({ mark }: Basis): string {
  return { '✔': '✔', '◐': '◐', '✘': '✘ 未核实', proposal: '建议' }[mark];
}

export const markLegend = '依据：✔ 见原文或官方文本；◐ 见转载；✘ 未核实；建议 为本系统建议，由县里定。';

export const windowText = (window: Window): string => (window === 'ytd' ? '本年累计' : `${window}个月`);
