import { randomUUID } from 'node:crypto';
import { mkdir, readdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { badRequest, failed } from '@pingan/contracts';
import { type OutputFile, OWN_FILE } from './tables.js';

interface WriteOptions {
  folder: string;
  files: readonly OutputFile[];
  /** Files that were read; they are never replaced. */
  inputs: readonly string[];
}

/** @throws Refusal when `folder` cannot take the results without harm to something else */
async function check({ folder, files, inputs }: WriteOptions): Promise<string[]> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return [];
  if (!found.isDirectory()) throw badRequest(`--out ${folder} 是一个文件。请写一个目录。`);
  const present = await readdir(folder, { withFileTypes: true });
  const names = new Set(files.map(({ name }) => name));
  const blocked = present.find((entry) => names.has(entry.name) && !entry.isFile());
  if (blocked) throw badRequest(`${join(folder, blocked.name)} 不是普通文件，不能替换。请换一个 --out。`);
  const read = new Set(await Promise.all(inputs.map((file) => realpath(file))));
  const here = await realpath(folder);
  const own = present.map(({ name }) => name).filter((name) => OWN_FILE.test(name));
  const harmed = own.find((name) => read.has(join(here, name)));
  if (harmed !== undefined) throw badRequest(`结果会替换输入文件 ${join(folder, harmed)}。请换一个 --out。`);
  return own.filter((name) => !names.has(name));
}

/**
 * Puts all files into `folder`, or none: they are written beside it and renamed in at the end. Tables of an earlier run
 * that this one does not have are removed, other files stay.
 */
export async function writeFolder(options: WriteOptions): Promise<void> {
  const folder = resolve(options.folder);
  const outdated = await check(options);
  const beside = join(dirname(folder), `.${basename(folder)}-${randomUUID().slice(0, 8)}`);
  try {
    await mkdir(beside, { recursive: true });
    for (const { name, text } of options.files) await writeFile(join(beside, name), text);
    if ((await stat(folder).catch(() => null)) === null) {
      await rename(beside, folder);
      return;
    }
    for (const { name } of options.files) await rename(join(beside, name), join(folder, name));
    for (const name of outdated) await rm(join(folder, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw failed(`结果写不进 ${options.folder}：${code ?? message}。请核对权限和磁盘空间。`);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
