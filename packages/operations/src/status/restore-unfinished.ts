import type { FindConcerns } from './concern.js';

/** A restore that was cut off leaves tables that belong to no moment. */
export const restoreUnfinished: FindConcerns = async ({ engines, store }) => {
  if (!engines.clickhouse.ok) return [];
  const last = await store.backup.lastRestore();
  if (last?.state !== 'begun') return [];
  const text = `恢复没有完成（${last.backup}），库不完整，排名不可用：请再次运行 pingan restore --from 备份。`;
  return [{ code: 'restore_unfinished', level: 'error', text }];
};
