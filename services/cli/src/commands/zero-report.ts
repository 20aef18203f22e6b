import { userInfo } from 'node:os';
import type { Stream } from '@pingan/contracts';
import { reportZero } from '@pingan/operations';
import type { Context } from '../context.js';

export interface ZeroReportOptions {
  county: string;
  month: string;
  region: string;
  stream: Stream;
  /** Who confirms it; otherwise the user of this machine. */
  by: string | undefined;
  reason: string | undefined;
  withdraw: boolean;
}

/** `pingan zero-report`: a person answers for it that a unit had nothing to report, or takes that back. */
export async function zeroReportCommand(context: Context, options: ZeroReportOptions): Promise<void> {
  const asked = { ...options, by: options.by ?? userInfo().username };
  const { county, month, what, by, reason, unplaced } = await reportZero(context, asked, Date.now());
  const done = options.withdraw ? '已撤回零报送确认' : '已确认零报送';
  context.out(`${what}：${done}（${by}${reason && `：${reason}`}）。`);
  if (unplaced > 0 && !options.withdraw)
    context.note(`当月另有 ${unplaced} 件没有乡镇，可能有该单位的，请核对；若有，用 --withdraw 撤回确认。`);
  context.note(`重新计分后生效：pingan score --county ${county.code} --month ${month}`);
}
