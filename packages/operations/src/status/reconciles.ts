import type { FindConcerns } from './concern.js';

const DAY_MS = 86_400_000;
const LATE_DAYS = 3;

/** Differences that a comparison of log and store left, and comparisons that did not take place. */
export const reconcileConcerns: FindConcerns = async ({ engines, store }) => {
  if (!engines.clickhouse.ok) return [];
  const [states, lastMs, firstMs] = await Promise.all([
    store.reconciles.states(),
    store.reconciles.lastAttempt(),
    store.operation.firstUse(),
  ]);
  const concerns = states
    .filter(({ differences }) => differences > 0)
    .map(({ county, differences }) => ({
      code: 'reconcile_differences',
      level: 'error' as const,
      text: `最近一次对账（${county || '全部县'}）留下 ${differences} 处差异，日志与库不一致；用 pingan reconcile --repair 修复。`,
    }));
  const days = Math.floor((Date.now() - (lastMs ?? firstMs)) / DAY_MS);
  if (days < LATE_DAYS) return concerns;
  const text = `已有 ${days} 天没有对账，每日对账没有进行；看 aggregator 的日志，或运行 pingan reconcile。`;
  return [...concerns, { code: 'reconcile_late', level: 'notice' as const, text }];
};
