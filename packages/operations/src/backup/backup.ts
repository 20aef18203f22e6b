import { mkdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { badRequest, failed, Refusal, unavailable } from '@pingan/contracts';
import { createRedis, isHeld, redisReady } from '@pingan/messaging';
import { houseTimeZone } from '@pingan/regions';
import type { FrozenTable, StoreBackup } from '@pingan/store';
import type { Installation } from '../installation.js';
import { logVerdict, notFitting } from '../log/fit.js';
import type { OnProgress } from '../progress.js';
import { bytesText } from '../quantity.js';
import { logEnd, waitUntilStored } from '../waiting.js';
import { checkedManifest, folderOfFiles, partsOf } from './check.js';
import { FOLDER_MODE, type Written, writeCompressed, writeDurably } from './files.js';
import { readHomeFiles } from './home-files.js';
import { backupsIn, type Manifest, writeManifest } from './manifest.js';
import { readPlace } from './place.js';
import { productVersion } from './product.js';
import { localStamp } from './stamp.js';

/** Beside what the tables take on the server's disk: compressed rows are about as large, not always smaller. */
const SPACE_SHARE = 1.25;
const SPACE_BYTES = 64 * 1024 * 1024;

async function requireSpace(installation: Installation, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = Math.ceil((await installation.store.backup.bytes()) * SPACE_SHARE) + SPACE_BYTES;
  if (bavail * bsize >= needed) return;
  throw badRequest(`${folder} 的空间不够：约需 ${bytesText(needed)}，可用 ${bytesText(bavail * bsize)}。`);
}

/** Tables that are being emptied and filled are nothing to keep. */
async function requireNoReplacing(installation: Installation): Promise<void> {
  const redis = createRedis(installation.endpoints.redisUrl, 'work', installation.log);
  try {
    await redisReady(redis);
    if (await isHeld(redis, 'computing')) throw unavailable('rebuild 或 restore 正在进行，请等它结束再备份。');
  } finally {
    redis.disconnect();
  }
}

/** True when everything that was sent before is stored. Services that stand still do not keep a backup from being made. */
async function storedSoFar(installation: Installation, onProgress: OnProgress): Promise<boolean> {
  const { problems } = await logVerdict(installation);
  if (problems.length > 0) {
    onProgress({ step: 'not_stored', why: notFitting(problems).message });
    return false;
  }
  try {
    await waitUntilStored(installation, await logEnd(installation), (left) => onProgress({ step: 'storing', left }));
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    onProgress({ step: 'not_stored', why: error.message });
    return false;
  }
}

async function makeFolder(to: string): Promise<void> {
  try {
    await mkdir(to, { recursive: true, mode: FOLDER_MODE });
  } catch (error) {
    throw badRequest(`${to} 建不了：${(error as NodeJS.ErrnoException).code}。`);
  }
}

async function makeNewFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw badRequest(code === 'EEXIST' ? `${folder} 已经存在。` : `${folder} 建不了：${code}。`);
  }
}

async function writeTables(
  onProgress: OnProgress,
  opened: StoreBackup,
  frozen: readonly FrozenTable[],
  folder: string,
): Promise<Manifest['tables']> {
  const written: Manifest['tables'] = [];
  await mkdir(join(folder, 'tables'), { mode: FOLDER_MODE });
  for (const one of frozen) {
    const file = `tables/${one.table}.native.gz`;
    const part = await writeCompressed(join(folder, file), opened.dump(one));
    written.push({ ...one, file, ...part });
    const { table, rows } = one;
    if (rows > 0) onProgress({ step: 'table_saved', table, rows, bytes: part.bytes });
  }
  return written;
}

export interface BackupMade {
  folder: string;
  manifest: Omit<Manifest, 'format'>;
  /** Everything that was sent before is in it. */
  isStored: boolean;
}

/**
 * Everything that the log alone cannot bring back and the rest as well, while intake and computing go on.
 *
 * The order is what makes it whole: what producers remember is read first, then everything sent so far is waited for, then the
 * watermark is taken, then the tables are frozen. So nothing counts as delivered, or lies below the watermark, that is not in
 * the tables; what lies beyond it there arrives again from the log as the same rows.
 */
export async function backUp(
  installation: Installation,
  { to }: { to: string },
  onProgress: OnProgress,
): Promise<BackupMade> {
  const parent = resolve(to);
  const last = await installation.store.backup.lastRestore();
  if (last?.state === 'begun') throw badRequest('恢复没有完成，库不完整，不能备份。请先再次运行 pingan restore。');
  await makeFolder(parent);
  for (const { name } of (await backupsIn(parent)).filter(({ isWhole }) => !isWhole)) {
    onProgress({ step: 'backup_incomplete', folder: join(parent, name) });
  }
  await requireSpace(installation, parent);
  await requireNoReplacing(installation);
  const remembered = await readHomeFiles(installation);
  const isStored = await storedSoFar(installation, onProgress);
  const place = await readPlace(installation);
  const counties = await installation.store.counties.list();
  const now = localStamp(Date.now(), houseTimeZone(counties));
  const folder = join(parent, `pingan-backup-${now.name}`);
  await makeNewFolder(folder);
  const opened = installation.store.backup.open();
  try {
    const frozen = await opened.freeze();
    await requireNoReplacing(installation);
    const tables = await writeTables(onProgress, opened, frozen, folder);
    const files: Manifest['files'] = [];
    for (const { file, content } of remembered.filter(({ isMemory }) => isStored || !isMemory)) {
      files.push({ file, ...(await writeDurably(join(folder, folderOfFiles, file), content)) });
    }
    const content = {
      product: productVersion,
      created_at: now.iso,
      migrations: await installation.store.backup.migrations(),
      counties: counties.map(({ code, name }) => ({ code, name })),
      log: place,
      tables,
      files,
    };
    await writeManifest(folder, content);
    return { folder, manifest: content, isStored };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw failed(`${parent} 的空间用完了，没有备份成。`);
  } finally {
    await opened.thaw().catch(() => undefined);
    await opened.close();
  }
}

/** Reads all of a backup and compares its checksums; needs no engine. */
export async function verifyBackup(from: string, onProgress: OnProgress): Promise<BackupVerified> {
  const manifest = await checkedManifest(resolve(from), onProgress);
  return { manifest, parts: partsOf(manifest) };
}

export interface BackupVerified {
  manifest: Manifest;
  parts: Written[];
}
