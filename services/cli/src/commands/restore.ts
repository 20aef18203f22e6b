import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { listServices } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { checkedManifest, folderOfFiles } from '../backup/check.js';
import { type Continuation, continueLog, noteFreshLogs } from '../backup/continue-log.js';
import { readCompressed } from '../backup/files.js';
import { writeHomeFiles } from '../backup/home-files.js';
import type { Manifest } from '../backup/manifest.js';
import { withRedis } from '../brokers.js';
import type { Context } from '../context.js';
import { badRequest, CommandFailure } from '../failure.js';
import { type Standstill, withStandstill } from '../log/standstill.js';
import { logEnd, waitUntilStored } from '../operations.js';
import { countText } from '../quantity.js';

/** Only what this program knows can be filled. Tables and columns that came later take their defaults. */
async function requireKnownSchema(context: Context, manifest: Manifest): Promise<void> {
  const known = new Set(await context.store.backup.migrations());
  const unknown = manifest.migrations.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw badRequest(
    `备份来自更新的版本 ${manifest.product}（库结构 ${unknown.join('、')} 这里没有），请先升级本系统再恢复。没有改动任何数据。`,
  );
}

/**
 * A restore replaces everything, so there must be nothing to lose: no county but demos, which are returned. What a restore that was
 * cut off has filled may be filled again.
 */
async function requireEmpty(context: Context): Promise<County[]> {
  const last = await context.store.backup.lastRestore();
  if (last?.state === 'begun') {
    context.note(`上次恢复（${last.backup}）没有完成，重新开始。`);
    return last.demoCounties;
  }
  const counties = await context.store.counties.list();
  const demos = counties.filter(({ demo }) => demo !== null);
  const real = counties.filter(({ demo }) => demo === null).map(({ code, name }) => `${code} ${name}`);
  const known = new Set(counties.map(({ code }) => code));
  const strange = (await context.store.backup.countiesWithCases()).filter((code) => !known.has(code));
  const held = [...real, ...strange];
  if (held.length > 0) {
    throw badRequest(
      `这里已有数据（${held.join('、')}），恢复会覆盖它们，已拒绝。请恢复到空的系统：另设 PINGAN_HOME，或换一个 CLICKHOUSE_DATABASE。没有改动任何数据。`,
    );
  }
  if (demos.length > 0) {
    const names = demos.map(({ code, name }) => `${code} ${name}`).join('、');
    context.note(`示例县 ${names} 的数据是编造的，现有的将丢弃。`);
  }
  return demos;
}

async function loadTables(context: Context, folder: string, manifest: Manifest): Promise<number> {
  const opened = context.store.backup.open();
  try {
    const known = new Set(await opened.tables());
    await opened.empty();
    let rows = 0;
    for (const part of manifest.tables) {
      if (part.rows === 0) continue;
      const columns = new Set(known.has(part.table) ? await opened.columns(part.table) : []);
      const unknown = part.columns.filter((column) => !columns.has(column));
      if (unknown.length > 0) {
        throw new CommandFailure(`备份的表 ${part.table} 有这里没有的列：${unknown.join('、')}。`, 1);
      }
      await opened.load(part.table, part.columns, readCompressed(join(folder, part.file)));
      rows += part.rows;
      context.note(`已恢复 ${part.table}：${countText(part.rows)} 行`);
    }
    return rows;
  } finally {
    await opened.close();
  }
}

/**
 * `pingan restore`: an empty installation becomes the one of the backup and goes on with the log it finds.
 *
 * Nothing is written before every checksum is found right. Then intake and computing stand still; what is written first is that
 * a restore has begun, then the group's offsets, then the tables: one that is cut off is recognised and done again from its start.
 */
export async function restoreCommand(context: Context, { from }: { from: string }): Promise<void> {
  const folder = resolve(from);
  const manifest = await checkedManifest(folder, context);
  await requireKnownSchema(context, manifest);
  const demoCounties = await requireEmpty(context);
  context.note('暂停入库和计算……');
  const done = await withStandstill(context, (standstill) =>
    replaceAll(context, { folder, manifest, demoCounties, standstill }),
  );
  context.out(
    `已恢复 ${manifest.created_at} 的备份：${manifest.counties.length} 个县，${manifest.tables.length} 张表 ${countText(done.rows)} 行。`,
  );
  await goOn(context, done.continuation);
}

interface Replacement {
  folder: string;
  manifest: Manifest;
  demoCounties: County[];
  standstill: Standstill;
}

async function replaceAll(
  context: Context,
  { folder, manifest, demoCounties, standstill }: Replacement,
): Promise<{ rows: number; continuation: Continuation }> {
  const { backup, counties, schemes } = context.store;
  await standstill.also('computing');
  const note = { backup: basename(folder), demoCounties };
  await backup.noteRestore({ ...note, state: 'begun' });
  const continuation = await continueLog(context, manifest);
  await writeHomeFiles(context, {
    files: manifest.files.map(({ file }) => file),
    freshTopics: new Set(continuation.fresh.map(({ topic }) => topic)),
    read: (file) => readFile(join(folder, folderOfFiles, file)),
  });
  const rows = await loadTables(context, folder, manifest);
  await noteFreshLogs(context, continuation);
  // Their messages are in the log, which is read again: without a registration each would be a dead letter.
  const restored = new Set(manifest.counties.map(({ code }) => code));
  for (const demo of demoCounties.filter(({ code }) => !restored.has(code))) await counties.save(demo);
  await schemes.freeze();
  await backup.noteRestore({ ...note, state: 'done' });
  return { rows, continuation };
}

/** Says how it goes on, and waits for what the log has beyond the backup when services are there to store it. */
async function goOn(context: Context, { kept, fresh, missing }: Continuation): Promise<void> {
  if (kept.length > 0) context.out('日志是备份时的那一个：备份之后的消息从日志重新入库。');
  if (fresh.length > 0) {
    context.out('日志不是备份时的那一个：新消息接着入库；备份之后、出事之前送来的，请来源系统或台账重新报送。');
  }
  if (missing > 0n) context.out(`日志已删除备份之后的 ${countText(missing)} 条消息，请来源系统重新报送。`);
  const alive = new Set((await withRedis(context, listServices)).map(({ service }) => service));
  if (!alive.has('ingestor') || !alive.has('aggregator')) {
    context.out('服务没有运行；启动后（npm start）接着入库和计分。');
    return;
  }
  await waitUntilStored(context, await logEnd(context), (left) => context.note(`等待入库，还有 ${left} 条`));
  await context.store.deadLetters.settleStored();
  context.out('已接上日志，全部入库。核对：pingan reconcile；排名：pingan rank。');
}
