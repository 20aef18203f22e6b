import type { Basis, Goalposts } from './types.js';

export const absolute = (g0: number, g60: number, g100: number): Goalposts => ({ rule: 'absolute', g0, g60, g100 });

/** Only the pass and full marks are known: zero lies where the line between them, drawn on, meets it. */
export const fromPassMark = (g60: number, g100: number): Goalposts => absolute(g60 - 1.5 * (g100 - g60), g60, g100);

/** Lower is better and no legal target exists: the class mean passes, half of it is full marks, twice of it is zero. */
export const classMean: Goalposts = { rule: 'class_mean', g0: 2, g60: 1, g100: 0.5 };

export const classMeanBasis: Basis = {
  text: '无法定目标值：以同类乡镇上年度（12个月）均值为60分，均值之半为100分，均值之两倍为0分；年内不变',
  mark: 'proposal',
};

export const perUnit = (penalty: number): Goalposts => ({ rule: 'per_unit', penalty });

export const proposal = (text: string): Basis => ({ text, mark: 'proposal' });

/** A context indicator is shown beside the score and never part of it. */
export const contextOnly = {
  direction: 0,
  weight: 0,
  goalposts: null,
  goalpostsBasis: { text: '仅供参考，不计分、不排名', mark: 'proposal' },
} as const;
