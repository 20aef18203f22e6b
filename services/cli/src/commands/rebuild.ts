import { badRequest, failed } from '@pingan/contracts';
import { type CountyRebuilt, countText, rebuild, unregisteredInLog } from '@pingan/operations';
import { sheet } from '@pingan/presentation';
import type { Context } from '../context.js';
import { printParts } from '../print.js';
import { noteProgress } from '../progress-text.js';
import { shownLine } from '../shown.js';

export interface RebuildOptions {
  yes: boolean;
  /** Stored versions that may be gone afterwards, because the log does not hold them. */
  lose: bigint;
}

const warning = `rebuild 从日志重新生成案件版本、死信、月度分量和计分结果：在另一个数据库里建好、与原来比对之后才替换，期间排名照常可查。
日志里没有的版本会失去；有这样的版本时不会替换，除非用 --lose 说明条数。县的登记、方案和死信的重放记录不在日志里，保持不变。确定要做，请加 --yes。`;

const SHOWN = 20;

/** One sentence for people; undefined when every county is registered. */
export function unregisteredText(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size === 0) return undefined;
  const sorted = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b));
  const list = sorted.slice(0, SHOWN).map(([county, count]) => `${shownLine(county)}（${countText(count)} 条）`);
  const more = sorted.length > SHOWN ? `等 ${sorted.length} 个` : '';
  return `日志中有没有登记的县的消息：${list.join('、')}${more}。重建后这些都成为死信；请先登记（pingan county add），或以后登记了再用 pingan dead-letter replay --reason unknown_county 补入。`;
}

const sameText = (a: string, b: string) =>
  a === b ? `一致 ${a.slice(0, 16)}` : `不同 ${a.slice(0, 16)} → ${b.slice(0, 16)}`;

const comparedTable = (compared: readonly CountyRebuilt[]) =>
  sheet<CountyRebuilt>(
    [
      { title: '县', value: ({ county }) => `${county.code} ${county.name}` },
      { title: '月度分量', value: ({ before, after }) => sameText(before.components, after.components) },
      {
        title: '计分结果',
        value: ({ before, after, isGrown }) =>
          isGrown ? '期间有新消息，不可比' : sameText(before.scores, after.scores),
      },
    ],
    compared,
  );

/**
 * `pingan rebuild`: everything that follows from the log is made again from the log alone. Status 1 when components or scores are
 * not what they were.
 */
export async function rebuildCommand(context: Context, { yes, lose }: RebuildOptions): Promise<void> {
  const unregistered = unregisteredText(await unregisteredInLog(context));
  if (!yes) throw badRequest(unregistered === undefined ? warning : `${warning}\n${unregistered}`);
  if (unregistered !== undefined) context.note(unregistered);
  const { counties, compared, kept } = await rebuild(context, { lose }, noteProgress(context));
  if (compared === undefined) {
    const list = counties.map(({ code, name }) => `${code} ${name}`).join('、');
    context.out(`已从日志重建 ${list || '（没有登记的县）'}。`);
    return;
  }
  printParts(context, [comparedTable(compared)]);
  if (kept !== undefined) {
    throw failed(
      `已从日志重建，但与原来不同：县的登记或方案在消息入库之后改过，或原来的数据与日志不符。原来的记录留在数据库 ${kept}，核实后可删除。用 pingan reconcile 核对现在的数据。`,
    );
  }
  context.out(
    compared.some(({ isGrown }) => isGrown)
      ? '已从日志重建，原有消息的月度分量逐字节与原来一致。'
      : '已从日志重建，月度分量与计分结果逐字节与原来一致。',
  );
}
