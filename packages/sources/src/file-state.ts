import { stat } from 'node:fs/promises';

/** What tells whether a file was written to, or replaced by another. */
export interface FileState {
  ino: number;
  size: number;
  mtimeMs: number;
}

export async function stateOf(file: string): Promise<FileState> {
  const { ino, size, mtimeMs } = await stat(file);
  return { ino, size, mtimeMs };
}

/** False as well when the file is gone. */
export async function isUntouched(file: string, { ino, size, mtimeMs }: FileState): Promise<boolean> {
  const now = await stateOf(file).catch(() => undefined);
  return now !== undefined && now.ino === ino && now.size === size && now.mtimeMs === mtimeMs;
}
