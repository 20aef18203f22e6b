import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { badRequest, failed } from '@pingan/contracts';
import { z } from 'zod';
import { writeDurably } from './files.js';

export const manifestName = 'manifest.json';

/** Changes when a backup cannot be read as before any more. */
const FORMAT = 1;

const filePart = z.object({
  /** Below the folder of the backup, or below the place it came from. */
  file: z.string().refine((path) => !path.startsWith('/') && !path.split('/').includes('..')),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifest = z.object({
  format: z.int(),
  product: z.string(),
  created_at: z.string(),
  /** Migrations of the database that was saved. */
  migrations: z.array(z.string()),
  counties: z.array(z.object({ code: z.string(), name: z.string() })),
  log: z.object({
    /** Next position per partition, by topic: everything below is in the tables. */
    watermark: z.record(z.string(), z.array(z.string().regex(/^\d+$/))),
    /** Kafka's ids of the topics the watermark is about. */
    topics: z.array(z.object({ topic: z.string(), id: z.string() })),
    /** Messages of the log that were not stored yet. */
    waiting: z.int(),
  }),
  tables: z.array(filePart.extend({ table: z.string(), columns: z.array(z.string()), rows: z.int().min(0) })),
  /** Files of the installation, by their place in it. */
  files: z.array(filePart.extend({ file: filePart.shape.file.regex(/^(sources|inbox)\/./) })),
});

export type Manifest = z.infer<typeof manifest>;
export type ManifestFile = z.infer<typeof filePart>;

const sealed = z.object({ sha256: z.string(), content: z.unknown() });

const digestOf = (content: unknown) => createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** The last file of a backup: without it, it is none. */
export async function writeManifest(folder: string, content: Omit<Manifest, 'format'>): Promise<void> {
  const whole = { format: FORMAT, ...content };
  const text = JSON.stringify({ sha256: digestOf(whole), content: whole }, null, 1);
  await writeDurably(join(folder, manifestName), `${text}\n`);
}

/** Folders of backups inside a folder, oldest first; `isWhole`: with a manifest. */
export async function backupsIn(folder: string): Promise<{ name: string; isWhole: boolean }[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory() && entry.name.startsWith('pingan-backup-'));
  return Promise.all(
    names
      .map(({ name }) => name)
      .sort()
      .map(async (name) => ({ name, isWhole: (await readdir(join(folder, name))).includes(manifestName) })),
  );
}

async function absentText(folder: string): Promise<string> {
  const inside = (await backupsIn(folder)).filter(({ isWhole }) => isWhole);
  if (inside.length > 0) {
    return `${folder} 里有 ${inside.length} 份备份，请写明用哪一份：${inside.map(({ name }) => name).join('、')}。`;
  }
  if (basename(folder).startsWith('pingan-backup-')) {
    return `${folder} 不完整（没有 ${manifestName}）：备份中途断了，不能用来恢复，可以删除。`;
  }
  return `${folder} 不是备份：没有 ${manifestName}。`;
}

/** @throws Refusal when there is no backup, 1 when its list of contents is damaged or of another format. */
export async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, manifestName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') throw badRequest(`${folder} 读不了：没有权限。`);
    throw badRequest(await absentText(folder));
  }
  const damaged = failed(`${join(folder, manifestName)} 已损坏，不能用来恢复。`);
  let whole: z.infer<typeof sealed>;
  try {
    whole = sealed.parse(JSON.parse(text));
  } catch {
    throw damaged;
  }
  if (whole.sha256 !== digestOf(whole.content)) throw damaged;
  const { format } = z.object({ format: z.int() }).parse(whole.content);
  if (format !== FORMAT) throw failed(`备份的格式 ${format} 这个版本读不了，请升级后再恢复。`);
  return manifest.parse(whole.content);
}
