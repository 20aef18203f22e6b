import { statfs } from 'node:fs/promises';
import type { Concern, FindConcerns } from './concern.js';
import { type DiskSpace, isShort } from './disk-space.js';

const GIGABYTE = 1024 ** 3;

function concernOf(what: string, { freeBytes, sizeBytes }: DiskSpace): Concern[] {
  if (!isShort({ freeBytes, sizeBytes })) return [];
  const free = `${(freeBytes / GIGABYTE).toFixed(1)} GB（${((freeBytes / sizeBytes) * 100).toFixed(0)}%）`;
  const text = `${what}只剩 ${free}，写满后数据停止入库；请扩容或清理无关文件，不要手工删除数据目录里的文件。`;
  return [{ code: 'disk_short', level: 'error', text }];
}

/** Space left where data of this installation lie, with the engines it started, and on the disks of ClickHouse. */
export const diskConcerns: FindConcerns = async ({ home, engines, store }) => {
  const own = await statfs(home).then(
    ({ bavail, blocks, bsize }) =>
      concernOf(`数据目录 ${home} 所在磁盘`, { freeBytes: bavail * bsize, sizeBytes: blocks * bsize }),
    () => [],
  );
  if (!engines.clickhouse.ok) return own;
  const disks = await store.operation.disks();
  return [...own, ...disks.flatMap((disk) => concernOf(`ClickHouse 的磁盘 ${disk.name} `, disk))];
};
