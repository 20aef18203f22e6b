import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A disk of a few megabytes for one engine. Undefined, with the reason printed, where mounting is not allowed: it takes
 * root, or a container with the right to mount.
 */
export function mountSmallDisk(parent: string, megabytes: number) {
  const path = join(parent, 'small-disk');
  mkdirSync(path);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`no small disk can be mounted: ${(error as Error).message.trim()}\n`);
    return undefined;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    /** Fills what is left. */
    fill: () => {
      const block = Buffer.alloc(1024 * 1024, 1);
      try {
        for (;;) writeFileSync(ballast, block, { flag: 'a' });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    free: () => rmSync(ballast),
    unmount: () => execFileSync('umount', ['--lazy', path]),
  };
}
