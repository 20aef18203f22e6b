import { bytesText, countText, type OnProgress, type Progress, spanOf } from '@pingan/operations';
import type { Output } from './context.js';

type Texts = { [S in Progress['step']]: (progress: Extract<Progress, { step: S }>) => string };

const texts: Texts = {
  storing: ({ left }) => `等待入库，还有 ${left} 条`,
  sent: () => '已发送，等待入库……',
  settling: () => '等待已有消息全部入库并计分……',
  before_start: ({ county, months, start }) =>
    `${county.code} ${county.name}已计分的 ${months.length} 个月（${spanOf(months)}）早于起始月 ${start}，不能重新计算：原来的结果保留不动，不参加比对。`,
  rebuilding: () => '正在另一个数据库里从日志重建……',
  read: ({ messages }) => `已读取 ${messages} 条`,
  replaced: () => '已替换，正在计算月度分量和指数……',
  repairing: () => '正在修复：缺少的消息已重新入库，现重算月度分量……',
  pausing: () => '暂停入库和计算……',
  checking: ({ files }) => `核对 ${files} 个文件的校验和……`,
  backup_incomplete: ({ folder }) => `${folder} 不完整，不能用来恢复，可以删除。`,
  not_stored: ({ why }) => why,
  table_saved: ({ table, rows, bytes }) => `已备份 ${table}：${countText(rows)} 行，${bytesText(bytes)}`,
  restoring_again: ({ backup }) => `上次恢复（${backup}）没有完成，重新开始。`,
  dropping_demos: ({ counties }) =>
    `示例县 ${counties.map(({ code, name }) => `${code} ${name}`).join('、')} 的数据是编造的，现有的将丢弃。`,
  table_restored: ({ table, rows }) => `已恢复 ${table}：${countText(rows)} 行`,
};

/** Tells how far a long operation has come, apart from its result. */
export const noteProgress =
  ({ note }: Pick<Output, 'note'>): OnProgress =>
  (progress) =>
    note((texts[progress.step] as (progress: Progress) => string)(progress));
