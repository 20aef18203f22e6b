import { mkdir, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { badRequest, failed, Refusal, unavailable } from '@pingan/contracts';
import { createRedis, isHeld, redisReady } from '@pingan/messaging';
import type { FrozenTable, StoreBackup } from '@pingan/store';
import { checkedManifest, folderOfFiles, partsOf } from '../backup/check.js';
import { FOLDER_MODE, type Written, writeCompressed, writeDurably } from '../backup/files.js';
import { readHomeFiles } from '../backup/home-files.js';
import { backupsIn, type Manifest, writeManifest } from '../backup/manifest.js';
import { readPlace } from '../backup/place.js';
import { productVersion } from '../backup/product.js';
import { localStamp } from '../backup/stamp.js';
import type { Context, Output } from '../context.js';
import { logVerdict, notFitting } from '../log/fit.js';
import { logEnd, waitUntilStored } from '../operations.js';
import { bytesText, countText } from '../quantity.js';

/** Beside what the tables take on the server's disk: compressed rows are about as large, not always smaller. */
const SPACE_SHARE = 1.25;
const SPACE_BYTES = 64 * 1024 * 1024;

async function requireSpace(context: Context, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = Math.ceil((await context.store.backup.bytes()) * SPACE_SHARE) + SPACE_BYTES;
  if (bavail * bsize >= needed) return;
  throw badRequest(`${folder} 的空间不够：约需 ${bytesText(needed)}，可用 ${bytesText(bavail * bsize)}。`);
}

/** Tables that are being emptied and filled are nothing to keep. */
async function requireNoReplacing(context: Context): Promise<void> {
  const redis = createRedis(context.endpoints.redisUrl, 'work', context.log);
  try {
    await redisReady(redis);
    if (await isHeld(redis, 'computing')) throw unavailable('rebuild 或 restore 正在进行，请等它结束再备份。');
  } finally {
    redis.disconnect();
  }
}

/** True when everything that was sent before is stored. Services that stand still do not keep a backup from being made. */
async function storedSoFar(context: Context): Promise<boolean> {
  const { problems } = await logVerdict(context);
  if (problems.length > 0) {
    context.note(notFitting(problems).message);
    return false;
  }
  try {
    await waitUntilStored(context, await logEnd(context), (left) => context.note(`等待入库，还有 ${left} 条`));
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.note(error.message);
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
  context: Context,
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
    if (one.rows > 0) context.note(`已备份 ${one.table}：${countText(one.rows)} 行，${bytesText(part.bytes)}`);
  }
  return written;
}

/**
 * `pingan backup`: everything that the log alone cannot bring back and the rest as well, while intake and computing go on.
 *
 * The order is what makes it whole: what producers remember is read first, then everything sent so far is waited for, then the
 * watermark is taken, then the tables are frozen. So nothing counts as delivered, or lies below the watermark, that is not in
 * the tables; what lies beyond it there arrives again from the log as the same rows.
 */
export async function backupCommand(context: Context, { to }: { to: string }): Promise<void> {
  const parent = resolve(to);
  const last = await context.store.backup.lastRestore();
  if (last?.state === 'begun') throw badRequest('恢复没有完成，库不完整，不能备份。请先再次运行 pingan restore。');
  await makeFolder(parent);
  for (const { name } of (await backupsIn(parent)).filter(({ isWhole }) => !isWhole)) {
    context.note(`${join(parent, name)} 不完整，不能用来恢复，可以删除。`);
  }
  await requireSpace(context, parent);
  await requireNoReplacing(context);
  const remembered = await readHomeFiles(context);
  const isStored = await storedSoFar(context);
  const place = await readPlace(context);
  const counties = await context.store.counties.list();
  const now = localStamp(Date.now(), counties[0]?.timeZone ?? 'Asia/Shanghai');
  const folder = join(parent, `pingan-backup-${now.name}`);
  await makeNewFolder(folder);
  const opened = context.store.backup.open();
  try {
    const frozen = await opened.freeze();
    await requireNoReplacing(context);
    const tables = await writeTables(context, opened, frozen, folder);
    const files: Manifest['files'] = [];
    for (const { file, content } of remembered.filter(({ isMemory }) => isStored || !isMemory)) {
      files.push({ file, ...(await writeDurably(join(folder, folderOfFiles, file), content)) });
    }
    const content = {
      product: productVersion,
      created_at: now.iso,
      migrations: await context.store.backup.migrations(),
      counties: counties.map(({ code, name }) => ({ code, name })),
      log: place,
      tables,
      files,
    };
    await writeManifest(folder, content);
    report(context, folder, content, isStored);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw failed(`${parent} 的空间用完了，没有备份成。`);
  } finally {
    await opened.thaw().catch(() => undefined);
    await opened.close();
  }
}

const total = (parts: readonly Written[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0);

function report({ out, note }: Output, folder: string, content: Omit<Manifest, 'format'>, isStored: boolean): void {
  const { tables, files, counties, log } = content;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  out(`已备份到 ${folder}`);
  out(
    `${counties.length} 个县，${tables.length} 张表 ${countText(rows)} 行，设置文件 ${files.length} 个，共 ${bytesText(total([...tables, ...files]))}。`,
  );
  if (!isStored) {
    note(
      `日志中有 ${log.waiting} 条消息还没有入库，不在备份里；为了恢复后不漏，收件记录也没有列入，届时收件目录里的台账会再送一次，不会重复计数。`,
    );
  }
  out(`核对：pingan backup verify --from ${folder}`);
  out(`恢复（到空的系统）：pingan restore --from ${folder}`);
}

/** `pingan backup verify`: needs no engine. */
export async function backupVerify(output: Output, { from }: { from: string }): Promise<void> {
  const folder = resolve(from);
  const manifest = await checkedManifest(folder, output);
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const counties = manifest.counties.map(({ code, name }) => `${code} ${name}`).join('、') || '没有';
  output.out(`备份完好：${manifest.created_at}，版本 ${manifest.product}，县：${counties}。`);
  const parts = partsOf(manifest);
  output.out(
    `${manifest.tables.length} 张表 ${countText(rows)} 行，${parts.length} 个文件共 ${bytesText(total(parts))}，校验和全部相符。`,
  );
}
