import { countText, restore, storeBeyondBackup } from '@pingan/operations';
import type { Context } from '../context.js';
import { noteProgress } from '../progress-text.js';

/** `pingan restore`: an empty installation becomes the one of the backup and goes on with the log it finds. */
export async function restoreCommand(context: Context, { from }: { from: string }): Promise<void> {
  const { manifest, rows, continuation } = await restore(context, { from }, noteProgress(context));
  const { kept, fresh, missing } = continuation;
  context.out(
    `已恢复 ${manifest.created_at} 的备份：${manifest.counties.length} 个县，${manifest.tables.length} 张表 ${countText(rows)} 行。`,
  );
  if (kept.length > 0) context.out('日志是备份时的那一个：备份之后的消息从日志重新入库。');
  if (fresh.length > 0) {
    context.out('日志不是备份时的那一个：新消息接着入库；备份之后、出事之前送来的，请来源系统或台账重新报送。');
  }
  if (missing > 0n) context.out(`日志已删除备份之后的 ${countText(missing)} 条消息，请来源系统重新报送。`);
  const isStored = await storeBeyondBackup(context, noteProgress(context));
  context.out(
    isStored
      ? '已接上日志，全部入库。核对：pingan reconcile；排名：pingan rank。'
      : '服务没有运行；启动后（npm start）接着入库和计分。',
  );
}
