import { open } from 'node:fs/promises';
import { decodeText, InputFaults } from '@pingan/contracts';

export const MAX_BYTES = 64 * 1024 * 1024;

const reasons: Record<string, string> = {
  ENOENT: '不存在',
  EISDIR: '是目录',
  EACCES: '没有读取权限',
  EPERM: '没有读取权限',
};

/** A whole file as text, UTF-8 or GB18030. @throws InputFaults when it cannot be read, is too large or is neither */
export async function readInput(file: string, what: string): Promise<string> {
  const text = decodeText(await readBytes(file, what));
  if (text !== undefined) return text;
  throw new InputFaults([
    `${what} ${file} 不是 UTF-8 或 GB18030 文本。请在 WPS 或 Excel 里另存为“CSV UTF-8”（方案用记事本另存为 UTF-8）。`,
  ]);
}

async function readBytes(file: string, what: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > MAX_BYTES) {
        const mib = (size / 1024 / 1024).toFixed(1);
        throw new InputFaults([`${what} ${file} 有 ${mib} MB，超过上限 ${MAX_BYTES / 1024 / 1024} MB。请拆小。`]);
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof InputFaults) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputFaults([`${what} ${file} 读不了：${reasons[code ?? ''] ?? code ?? message}`]);
  }
}
