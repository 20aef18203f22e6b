import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { badRequest, failed } from '@pingan/contracts';
import { listServices } from '@pingan/messaging';
import type { County } from '@pingan/regions';
import { withRedis } from '../brokers.js';
import type { Installation } from '../installation.js';
import { type Standstill, withStandstill } from '../log/standstill.js';
import type { OnProgress } from '../progress.js';
import { logEnd, waitUntilStored } from '../waiting.js';
import { checkedManifest, folderOfFiles } from './check.js';
import { type Continuation, continueLog, noteFreshLogs } from './continue-log.js';
import { readCompressed } from './files.js';
import { writeHomeFiles } from './home-files.js';
import type { Manifest } from './manifest.js';

/** Only what this program knows can be filled. Tables and columns that came later take their defaults. */
async function requireKnownSchema(installation: Installation, manifest: Manifest): Promise<void> {
  const known = new Set(await installation.store.backup.migrations());
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
async function requireEmpty(installation: Installation, onProgress: OnProgress): Promise<County[]> {
  const last = await installation.store.backup.lastRestore();
  if (last?.state === 'begun') {
    onProgress({ step: 'restoring_again', backup: last.backup });
    return last.demoCounties;
  }
  const counties = await installation.store.counties.list();
  const demos = counties.filter(({ demo }) => demo !== null);
  const real = counties.filter(({ demo }) => demo === null).map(({ code, name }) => `${code} ${name}`);
  const known = new Set(counties.map(({ code }) => code));
  const strange = (await installation.store.backup.countiesWithCases()).filter((code) => !known.has(code));
  const held = [...real, ...strange];
  if (held.length > 0) {
    throw badRequest(
      `这里已有数据（${held.join('、')}），恢复会覆盖它们，已拒绝。请恢复到空的系统：另设 PINGAN_HOME，或换一个 CLICKHOUSE_DATABASE。没有改动任何数据。`,
    );
  }
  if (demos.length > 0) {
    onProgress({ step: 'dropping_demos', counties: demos.map(({ code, name }) => ({ code, name })) });
  }
  return demos;
}

async function loadTables(installation: Installation, { folder, manifest, onProgress }: Replacement): Promise<number> {
  const opened = installation.store.backup.open();
  try {
    const known = new Set(await opened.tables());
    await opened.empty();
    let rows = 0;
    for (const part of manifest.tables) {
      if (part.rows === 0) continue;
      const columns = new Set(known.has(part.table) ? await opened.columns(part.table) : []);
      const unknown = part.columns.filter((column) => !columns.has(column));
      if (unknown.length > 0) {
        throw failed(`备份的表 ${part.table} 有这里没有的列：${unknown.join('、')}。`);
      }
      await opened.load(part.table, part.columns, readCompressed(join(folder, part.file)));
      rows += part.rows;
      onProgress({ step: 'table_restored', table: part.table, rows: part.rows });
    }
    return rows;
  } finally {
    await opened.close();
  }
}

export interface Restored {
  manifest: Manifest;
  rows: number;
  continuation: Continuation;
}

/**
 * An empty installation becomes the one of the backup and goes on with the log it finds.
 *
 * Nothing is written before every checksum is found right. Then intake and computing stand still; what is written first is that
 * a restore has begun, then the group's offsets, then the tables: one that is cut off is recognised and done again from its start.
 */
export async function restore(
  installation: Installation,
  { from }: { from: string },
  onProgress: OnProgress,
): Promise<Restored> {
  const folder = resolve(from);
  const manifest = await checkedManifest(folder, onProgress);
  await requireKnownSchema(installation, manifest);
  const demoCounties = await requireEmpty(installation, onProgress);
  onProgress({ step: 'pausing' });
  const done = await withStandstill(installation, (standstill) =>
    replaceAll(installation, { folder, manifest, demoCounties, standstill, onProgress }),
  );
  return { manifest, ...done };
}

interface Replacement {
  folder: string;
  manifest: Manifest;
  demoCounties: County[];
  standstill: Standstill;
  onProgress: OnProgress;
}

async function replaceAll(
  installation: Installation,
  replacement: Replacement,
): Promise<{ rows: number; continuation: Continuation }> {
  const { folder, manifest, demoCounties, standstill } = replacement;
  const { backup, counties, schemes } = installation.store;
  await standstill.also('computing');
  const note = { backup: basename(folder), demoCounties };
  await backup.noteRestore({ ...note, state: 'begun' });
  const continuation = await continueLog(installation, manifest);
  await writeHomeFiles(installation, {
    files: manifest.files.map(({ file }) => file),
    freshTopics: new Set(continuation.fresh.map(({ topic }) => topic)),
    read: (file) => readFile(join(folder, folderOfFiles, file)),
  });
  const rows = await loadTables(installation, replacement);
  await noteFreshLogs(installation, continuation);
  // Their messages are in the log, which is read again: without a registration each would be a dead letter.
  const restored = new Set(manifest.counties.map(({ code }) => code));
  for (const demo of demoCounties.filter(({ code }) => !restored.has(code))) await counties.save(demo);
  await schemes.freeze();
  await backup.noteRestore({ ...note, state: 'done' });
  return { rows, continuation };
}

/**
 * Waits for what the log has beyond a restored backup, when services are there to store it. Returns false when they are not.
 */
export async function storeBeyondBackup(installation: Installation, onProgress: OnProgress): Promise<boolean> {
  const alive = new Set((await withRedis(installation, listServices)).map(({ service }) => service));
  if (!alive.has('ingestor') || !alive.has('aggregator')) return false;
  await waitUntilStored(installation, await logEnd(installation), (left) => onProgress({ step: 'storing', left }));
  await installation.store.deadLetters.settleStored();
  return true;
}
