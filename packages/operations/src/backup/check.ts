import { join } from 'node:path';
import { failed, faultsText } from '@pingan/contracts';
import type { OnProgress } from '../progress.js';
import { digestOfFile } from './files.js';
import { type Manifest, type ManifestFile, readManifest } from './manifest.js';

export const folderOfFiles = 'home';

/** Every file of a backup with its place inside the folder. */
export function partsOf(manifest: Manifest): ManifestFile[] {
  return [...manifest.tables, ...manifest.files.map((part) => ({ ...part, file: `${folderOfFiles}/${part.file}` }))];
}

async function faultOf(folder: string, { file, bytes, sha256 }: ManifestFile): Promise<string | undefined> {
  const path = join(folder, file);
  try {
    const found = await digestOfFile(path);
    if (found.bytes !== bytes) return `${path}：大小不符，应为 ${bytes} 字节，实为 ${found.bytes} 字节`;
    if (found.sha256 !== sha256) return `${path}：SHA-256 不符，内容已变`;
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return `${path}：${code === 'ENOENT' ? '缺少' : `读不了（${code}）`}`;
  }
}

/** Reads all of a backup. @throws Refusal (failed) naming every file that is missing or not what was written. */
export async function checkedManifest(folder: string, onProgress: OnProgress): Promise<Manifest> {
  const manifest = await readManifest(folder);
  const parts = partsOf(manifest);
  onProgress({ step: 'checking', files: parts.length });
  const faults: string[] = [];
  for (const part of parts) {
    const fault = await faultOf(folder, part);
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length > 0) {
    throw failed(`备份已损坏，不能用来恢复。${faultsText(faults)}`);
  }
  return manifest;
}
