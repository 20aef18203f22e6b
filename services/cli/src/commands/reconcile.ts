import { failed, streamNames } from '@pingan/contracts';
import {
  beforeText,
  type Comparison,
  type DifferenceGroup,
  type DifferenceKind,
  type Differences,
  reconcile,
} from '@pingan/operations';
import { sheet } from '@pingan/presentation';
import type { Context, Output } from '../context.js';
import { printParts } from '../print.js';
import { noteProgress } from '../progress-text.js';

/** Partitions named in one sentence. */
const SHOWN_PLACES = 3;
const SHOWN_GROUPS = 60;

const differenceNames: Record<DifferenceKind, string> = {
  missing: '日志中有，库中没有',
  altered: '库中内容与日志不符',
  unlisted: '应有死信，没有记录',
  extra: '库中有，日志中没有',
  component: '月度分量与案件不符',
};

function printDifferences(output: Output, differences: Differences): void {
  const { out } = output;
  for (const { kind, count } of differences.byKind()) out(`${differenceNames[kind]}：${count} 处`);
  const groups = differences.groups();
  const table = sheet<DifferenceGroup>(
    [
      { title: '差异', value: (g) => differenceNames[g.kind] },
      { title: '县', value: (g) => g.county || '—' },
      { title: '数据流', value: (g) => (g.stream === '' ? '—' : streamNames[g.stream]) },
      { title: '来源', value: (g) => g.source || '—' },
      { title: '发生日期', value: (g) => g.day || '—' },
      { title: '区域', value: (g) => g.region || '—' },
      { title: '数量', value: (g) => String(g.count), align: 'right' },
      { title: '例如', value: (g) => g.examples.join(' ') },
    ],
    groups.slice(0, SHOWN_GROUPS),
  );
  printParts(output, [table]);
  if (groups.length > SHOWN_GROUPS) out(`另有 ${groups.length - SHOWN_GROUPS} 组没有列出。`);
}

function printComparison(output: Output, { log, differences }: Comparison): void {
  const { out } = output;
  out(`核对了日志中的 ${log.messages} 条消息：应入库 ${log.stored} 条（含重复投递），应为死信 ${log.dead} 条。`);
  if (log.waiting > 0) out(`另有 ${log.waiting} 条尚未入库，不在核对之列。`);
  if (log.before.length > 0) {
    const versions = log.before.reduce((sum, one) => sum + one.versions, 0);
    out(
      `日志已被截短或更换：库中有 ${versions} 个版本来自日志里已没有的消息，不在核对之列，它们只存于库中。${log.before.slice(0, SHOWN_PLACES).map(beforeText).join('；')}${log.before.length > SHOWN_PLACES ? `；等 ${log.before.length} 个分区` : ''}。`,
    );
  }
  if (differences.total > 0) printDifferences(output, differences);
}

/** `pingan reconcile`: status 0 when log, stored versions and components agree, 1 when differences remain. */
export async function reconcileCommand(
  context: Context,
  { county, repair }: { county?: string | undefined; repair: boolean },
): Promise<void> {
  const onCompared = (compared: Comparison) => printComparison(context, compared);
  const { found, left } = await reconcile(context, { county, repair, onCompared }, noteProgress(context));
  if (left !== undefined) {
    context.out(`修复了 ${found.total - left.total} 处。`);
    if (left.total > 0) printDifferences(context, left);
  }
  const { total } = left ?? found;
  if (total > 0) {
    const hint = repair
      ? '剩下的不能自动修复：库中多出的记录日志无法解释，可能是唯一的副本；核实确属多余后，pingan rebuild 会在清除前说明将失去多少。'
      : '修复用 pingan reconcile --repair。';
    throw failed(`还有 ${total} 处差异。${hint}`);
  }
  context.out('日志、案件版本与月度分量一致。');
}
