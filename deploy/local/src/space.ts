import { setTimeout as sleep } from 'node:timers/promises';
import { freeBytes, LEAST_DISK_BYTES } from '@pingan/local-engines';

const MEGABYTE = 1024 * 1024;

/** More than the least, so that the first bytes that come free do not start everything in vain. */
const ENOUGH_BYTES = 96 * MEGABYTE;

const LOOK_MS = 2_000;

/** Waits for space on the disk of a folder; all who wait say so once, together. */
export class SpaceWait {
  private waiting: Promise<boolean> | undefined;

  constructor(private readonly options: { folder: string; say: (text: string) => void; signal: AbortSignal }) {}

  /** Resolves at once with false while there is space, otherwise with true when there is some again. @throws when aborted. */
  async untilSpace(): Promise<boolean> {
    const free = await freeBytes(this.options.folder);
    if (free === undefined || free >= LEAST_DISK_BYTES) return false;
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
