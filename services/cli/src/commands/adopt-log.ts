import { badRequest } from '@pingan/contracts';
import { problemTexts } from '@pingan/intake';
import { type AdoptLogOptions, adoptLog, logToAdopt, refuseOthers } from '@pingan/operations';
import type { Context } from '../context.js';

/** `pingan adopt-log`: goes on from a log that is not the one the store was filled from. */
export async function adoptLogCommand(
  context: Context,
  { yes, lose }: AdoptLogOptions & { yes: boolean },
): Promise<void> {
  const { problems, deleted } = await logToAdopt(context);
  if (problems.length === 0) return context.out('日志与库相符，不需要接续。');
  for (const text of problemTexts(problems)) context.out(text);
  refuseOthers(problems);
  if (!yes) {
    throw badRequest(
      `接续之后，上述主题从头读取为新的一段日志；已入库的案件版本都保留，重复的消息不重复计数。确定要做，请加 --yes${deleted > 0n ? ` --lose ${deleted}` : ''}。`,
    );
  }
  if (deleted > lose) {
    throw badRequest(
      `有 ${deleted} 条消息没有入库就已被删除，无法找回。请先由来源系统补报；确认接受缺失后，请加 --lose ${deleted}。`,
    );
  }
  for (const { topic, epoch } of await adoptLog(context, { lose }))
    context.out(`${topic}：第 ${epoch + 1} 段日志，从头读取。`);
  context.out('已接续。ingestor 几秒内开始读取；进度见 pingan status。');
}
