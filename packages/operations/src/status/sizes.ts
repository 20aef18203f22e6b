import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export interface HomeSizes {
  free_bytes: number;
  size_bytes: number;
  /** Bytes below folders of the home; those that are not there are left out. */
  folders: { folder: string; bytes: number }[];
}

const FOLDERS = ['kafka', 'redis', 'clickhouse', 'logs', 'inbox', 'reports'];

/** What vanishes while it is counted, such as a merged part, counts nothing. */
async function bytesBelow(path: string): Promise<number> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map((entry) => {
      const below = join(path, entry.name);
      if (entry.isDirectory()) return bytesBelow(below);
      return entry.isFile()
        ? stat(below).then(
            ({ size }) => size,
            () => 0,
          )
        : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** How large data and logs of this home are; null where there is no home. */
export async function homeSizes(home: string): Promise<HomeSizes | null> {
  const disk = await statfs(home).catch(() => null);
  if (!disk) return null;
  const there = (await readdir(home)).filter((name) => FOLDERS.includes(name));
  const folders = await Promise.all(
    FOLDERS.filter((folder) => there.includes(folder)).map(async (folder) => ({
      folder,
      bytes: await bytesBelow(join(home, folder)),
    })),
  );
  return { free_bytes: disk.bavail * disk.bsize, size_bytes: disk.blocks * disk.bsize, folders };
}
