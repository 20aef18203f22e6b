import { statfs } from 'node:fs/promises';

const MEGABYTE = 1024 * 1024;

/** With less than this on the disk of the home engines end at their first write. */
export const LEAST_DISK_BYTES = 64 * MEGABYTE;

/** Undefined where it cannot be told. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}

/** Chinese, one sentence; undefined while there is space. */
export async function diskFullText(home: string): Promise<string | undefined> {
  const free = await freeBytes(home);
  if (free === undefined || free >= LEAST_DISK_BYTES) return undefined;
  return `数据目录 ${home} 所在磁盘已满，只剩 ${Math.floor(free / MEGABYTE)} MB：请腾出空间，之后自动继续，不会丢数据。`;
}
