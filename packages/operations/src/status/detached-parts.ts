import type { FindConcerns } from './concern.js';

/** Parts of tables that ClickHouse has put aside: damaged on disk, mostly found when it starts. */
export const detachedPartConcerns: FindConcerns = async ({ engines, store }) => {
  if (!engines.clickhouse.ok) return [];
  return (await store.operation.detachedParts()).map(({ table, reason, parts }) => {
    const why = reason === '' ? '' : `（${reason}）`;
    const help = table.endsWith('_cases') || table === 'dead_letters';
    const text = `ClickHouse 搁置了表 ${table} 的 ${parts} 个数据片${why}，其中的记录查不到；${
      help ? '用 pingan reconcile --repair 从日志补齐。' : '多半由服务自动重算，请核对并检查磁盘。'
    }`;
    return { code: 'detached_parts', level: 'error' as const, text };
  });
};
