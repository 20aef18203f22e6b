import { type BackupMade, backUp, bytesText, countText, verifyBackup } from '@pingan/operations';
import type { Context, Output } from '../context.js';
import { noteProgress } from '../progress-text.js';

const bytesOf = (parts: readonly { bytes: number }[]) => parts.reduce((sum, { bytes }) => sum + bytes, 0);

const rowsOf = (tables: readonly { rows: number }[]) => tables.reduce((sum, { rows }) => sum + rows, 0);

function report({ out, note }: Output, { folder, manifest, isStored }: BackupMade): void {
  const { tables, files, counties, log } = manifest;
  out(`已备份到 ${folder}`);
  out(
    `${counties.length} 个县，${tables.length} 张表 ${countText(rowsOf(tables))} 行，设置文件 ${files.length} 个，共 ${bytesText(bytesOf([...tables, ...files]))}。`,
  );
  if (!isStored) {
    note(
      `日志中有 ${log.waiting} 条消息还没有入库，不在备份里；为了恢复后不漏，收件记录也没有列入，届时收件目录里的台账会再送一次，不会重复计数。`,
    );
  }
  out(`核对：pingan backup verify --from ${folder}`);
  out(`恢复（到空的系统）：pingan restore --from ${folder}`);
}

/** `pingan backup`: everything that the log alone cannot bring back and the rest as well, while intake and computing go on. */
export async function backupCommand(context: Context, { to }: { to: string }): Promise<void> {
  report(context, await backUp(context, { to }, noteProgress(context)));
}

/** `pingan backup verify`: needs no engine. */
export async function backupVerify(output: Output, { from }: { from: string }): Promise<void> {
  const { manifest, parts } = await verifyBackup(from, noteProgress(output));
  const counties = manifest.counties.map(({ code, name }) => `${code} ${name}`).join('、') || '没有';
  output.out(`备份完好：${manifest.created_at}，版本 ${manifest.product}，县：${counties}。`);
  output.out(
    `${manifest.tables.length} 张表 ${countText(rowsOf(manifest.tables))} 行，${parts.length} 个文件共 ${bytesText(bytesOf(parts))}，校验和全部相符。`,
  );
}
