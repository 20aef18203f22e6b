import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const MEGABYTE = 1024 * 1024;

/** Less than this on the disk of the home and nothing is started: engines would end at their first write. */
const LEAST_BYTES = 64 * MEGABYTE;

/** More than the least, so that the first bytes that come free do not start everything in vain. */
const ENOUGH_BYTES = 96 * MEGABYTE;

const LOOK_MS = 2_000;

/** Undefined where it cannot be told. */
async function freeBytes(folder: string): Promise<number | undefined> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
}

/** Waits for space on the disk of a folder; all who wait say so once, together. */
export class SpaceWait {
  private waiting: Promise<boolean> | undefined;

  constructor(private readonly options: { folder: string; say: (text: string) => void; signal: AbortSignal }) {}

  /** Resolves at once with false while there is space, otherwise with true when there is some again. @throws when aborted. */
  async untilSpace(): Promise<boolean> {
    const free = await freeBytes(this.options.folder);
    if (free === undefined || free >= LEAST_BYTES) return false;
    this.waiting ??= this.wait(free).finally(() => {
      this.waiting = undefined;
    });
    return this.waiting;
  }

  private async wait(free: number): Promise<boolean> {
    const { folder, say, signal } = this.options;
    const text = `只剩 ${Math.floor(free / MEGABYTE)} MB，等待空间；腾出空间后自动继续，不会丢数据`;
    say(`${folder} 所在磁盘已满：${text}`);
    for (;;) {
      await sleep(LOOK_MS, undefined, { signal });
      const now = await freeBytes(folder);
      if (now === undefined || now >= ENOUGH_BYTES) break;
    }
    say(`${folder} 所在磁盘又有空间了，继续`);
    return true;
  }
}
