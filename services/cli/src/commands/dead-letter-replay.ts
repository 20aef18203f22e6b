import { deadLetterReasonNames, recordTypeNames, recordTypeOf } from '@pingan/contracts';
import {
  type LettersAsked,
  type PlannedLetter,
  planReplay,
  type ReplayPlan,
  replayDeadLetters,
} from '@pingan/operations';
import { sheet } from '@pingan/presentation';
import type { Context, Output } from '../context.js';
import { printParts } from '../print.js';
import { deadLetterDetail } from './dead-letter.js';

export interface ReplayOptions extends LettersAsked {
  dryRun: boolean;
}

/** County, month and region pairs listed. */
const SHOWN = 50;

function whatOf({ letter, verdict, place }: PlannedLetter): string {
  if (place) {
    const { event } = place;
    return `${recordTypeNames[recordTypeOf(event.schema)]} ${event.source} ${event.case_id} 版本 ${event.version}${event.op === 'retract' ? '（撤回）' : ''}`;
  }
  if (verdict?.kind !== 'dead') return deadLetterReasonNames[letter.reason];
  const detail = deadLetterDetail(verdict);
  return `${deadLetterReasonNames[verdict.reason]}${detail === '' ? '' : `:${detail}`}`;
}

function printPlan(output: Output, { shown, total, passing, failing, months }: ReplayPlan): void {
  const { out } = output;
  const table = sheet<PlannedLetter>(
    [
      { title: '编号', value: ({ letter }) => letter.id },
      { title: '现在', value: ({ place }) => (place ? '可以入库' : '仍不能入库') },
      { title: '案件或原因', value: whatOf },
      { title: '县', value: ({ place }) => place?.county.name ?? '—' },
      { title: '月份', value: ({ place }) => place?.month ?? '—' },
      { title: '区域', value: ({ place }) => place?.region ?? '—' },
    ],
    shown,
  );
  printParts(output, [table]);
  if (total > shown.length) out(`另有 ${total - shown.length} 条没有列出。`);
  out(`共 ${total} 条：可以入库 ${passing} 条，仍不能入库 ${total - passing} 条。`);
  for (const [reason, count] of failing) out(`  仍不能入库：${deadLetterReasonNames[reason]} ${count} 条`);
  for (const [place, count] of [...months].sort().slice(0, SHOWN)) out(`  将计入：${place} ${count} 条`);
  if (months.size > SHOWN) out(`  另有 ${months.size - SHOWN} 个县、月、区域没有列出`);
}

/** `pingan dead-letter replay`: tells what would change, then has the messages judged again. */
export async function deadLetterReplay(context: Context, { dryRun, ...letters }: ReplayOptions): Promise<void> {
  const plan = await planReplay(context, letters);
  const { total, passing } = plan;
  if (total === 0) return context.out('没有这样的死信。');
  printPlan(context, plan);
  if (dryRun) return context.out('只是试看，没有写入。去掉 --dry-run 即重新处理。');
  await replayDeadLetters(context, letters);
  context.out(`已重新处理 ${total} 条：入库 ${passing} 条，仍为死信 ${total - passing} 条。`);
}
