import { findIndicator } from '../catalogue/index.js';
import { dimensionText } from './place.js';
import type { Scheme } from './schema.js';

/** Something in a valid scheme that may be a slip. */
export interface SchemeDoubt {
  /** A weight that looks like a slip changes the whole index: to be confirmed before the scheme counts. */
  kind: 'weight' | 'remark';
  /** Chinese. */
  message: string;
}

interface Weighed {
  name: string;
  weight: number;
}

/** A weight so many times smaller or larger than all others of its level was hardly meant. */
const FACTOR = 20;
/** A sum this near to 100 was meant to be 100. */
const NEAR_100 = { from: 80, to: 120 };
/** Longer windows leave little of the month that is scored. */
const LONG_WINDOW = 12;

const plain = (value: number) => String(Number(value.toPrecision(12)));
const sumOf = (entries: readonly Weighed[]) => entries.reduce((sum, { weight }) => sum + weight, 0);

/** A percentage written as a fraction, or the other way round. */
function meant(weight: number, others: readonly number[]): string {
  const fits = (value: number) => value <= Math.max(...others) * FACTOR && value * FACTOR >= Math.min(...others);
  const found = [weight * 100, weight / 100, weight * 10, weight / 10].find(fits);
  return found === undefined ? '' : `，是不是 ${plain(found)}`;
}

function weightDoubts(level: string, entries: readonly Weighed[]): SchemeDoubt[] {
  const weighed = entries.filter(({ weight }) => weight > 0);
  const doubts = weighed.flatMap((entry): SchemeDoubt[] => {
    const others = weighed.filter((other) => other !== entry).map(({ weight }) => weight);
    const isSmall = others.length > 0 && entry.weight * FACTOR < Math.min(...others);
    const isLarge = others.length > 1 && entry.weight > Math.max(...others) * FACTOR;
    if (!isSmall && !isLarge) return [];
    const list = others.slice(0, 5).map(plain).join('、');
    const message = `${level}：${entry.name}${/\w$/.test(entry.name) ? ' ' : ''}的权重 ${plain(entry.weight)} 与其余的 ${list}${others.length > 5 ? '……' : ''} 相差悬殊${meant(entry.weight, others)}？`;
    return [{ kind: 'weight', message }];
  });
  const sum = sumOf(weighed);
  const isPercent = weighed.length > 1 && sum >= NEAR_100.from && sum <= NEAR_100.to;
  if (!isPercent || Math.abs(sum - 100) < 1e-9) return doubts;
  return [...doubts, { kind: 'weight', message: `${level}：权重合计 ${plain(sum)}，不是 100。` }];
}

function zeroRemarks(level: string, entries: readonly Weighed[]): SchemeDoubt[] {
  const zero = entries.filter(({ weight }) => weight === 0).map(({ name }) => name);
  return zero.length === 0 ? [] : [{ kind: 'remark', message: `${level}：${zero.join('、')} 权重为 0，不计分。` }];
}

function windowRemarks({ dimensions }: Scheme): SchemeDoubt[] {
  return dimensions.flatMap(({ indicators }) =>
    indicators.flatMap(({ code, window }): SchemeDoubt[] => {
      if (window === 'ytd' || window <= LONG_WINDOW) return [];
      const own = findIndicator(code);
      const usual = own === undefined ? '' : `（目录里是${own.window === 'ytd' ? '本年累计' : ` ${own.window} 个月`}）`;
      const message = `${code} ${own?.name ?? ''} 的统计期 ${window} 个月${usual}：这么长，当月的变化几乎看不出来。`;
      return [{ kind: 'remark', message }];
    }),
  );
}

/** What the default scheme has, and a short one written by hand leaves off without a word. */
function offRemarks({ shrinkage, trend, hysteresis, peer_ranks }: Scheme): SchemeDoubt[] {
  const off = [
    ...(shrinkage.method === 'none' ? ['小数量修正（shrinkage）'] : []),
    ...(trend.share === 0 ? ['趋势分（trend）'] : []),
    ...(hysteresis.points === 0 ? ['等级惯性（hysteresis）'] : []),
    ...(peer_ranks ? [] : ['类内名次（peer_ranks）']),
  ];
  if (off.length === 0) return [];
  const noise = '没有小数量修正，排名就不附名次区间，件数少的单位一两件案子就能让名次换位。';
  const message = `默认方案有而本方案没有：${off.join('、')}。${shrinkage.method === 'none' ? noise : ''}`;
  return [{ kind: 'remark', message }];
}

/** What of a valid scheme looks like a slip of the person who wrote it. Empty for the default scheme. */
export function schemeDoubts(scheme: Scheme): SchemeDoubt[] {
  const levels: [string, Weighed[]][] = [
    ['各维度', scheme.dimensions.map(({ id, weight }) => ({ name: dimensionText(id), weight }))],
    ...scheme.dimensions.map(({ id, indicators }): [string, Weighed[]] => [
      dimensionText(id),
      indicators.map(({ code, weight }) => ({ name: code, weight })),
    ]),
  ];
  return [
    ...levels.flatMap(([level, entries]) => weightDoubts(level, entries)),
    ...levels.flatMap(([level, entries]) => zeroRemarks(level, entries)),
    ...windowRemarks(scheme),
    ...offRemarks(scheme),
  ];
}
