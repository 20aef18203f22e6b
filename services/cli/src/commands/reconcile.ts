import { failed } from '@pingan/contracts';
import { requireCounty } from '@pingan/queries';
import { requireServices } from '../brokers.js';
import type { Context } from '../context.js';
import { beforeText } from '../reconcile/before-log.js';
import { compareComponents } from '../reconcile/compare-components.js';
import { compareLog, type LogComparison } from '../reconcile/compare-log.js';
import { Differences } from '../reconcile/differences.js';
import { recomputeComponents, type StoreAgain, withStoreAgain } from '../reconcile/store-again.js';

export interface ReconcileOptions {
  county?: string | undefined;
  repair: boolean;
}

/** Partitions named in one sentence. */
const SHOWN_PLACES = 3;

interface Comparison {
  log: LogComparison;
  differences: Differences;
}

async function codesOf(context: Context, county: string | undefined): Promise<string[]> {
  return county === undefined ? (await context.store.counties.list()).map(({ code }) => code) : [county];
}

async function compare(context: Context, county: string | undefined, onMissing?: StoreAgain): Promise<Comparison> {
  const differences = new Differences();
  const log = await compareLog(context, { county, differences, onMissing });
  for (const code of await codesOf(context, county)) await compareComponents(context, code, differences);
  return { log, differences };
}

/** `pingan reconcile`: status 0 when log, stored versions and components agree, 1 when differences remain. */
export async function reconcileCommand(context: Context, { county, repair }: ReconcileOptions): Promise<void> {
  if (county !== undefined) await requireCounty(context.store, county);
  if (repair) await requireServices(context, ['ingestor', 'aggregator']);
  const found = repair
    ? await withStoreAgain(context, (store) => compare(context, county, store))
    : await compare(context, county);
  const { log } = found;
  context.out(`核对了日志中的 ${log.messages} 条消息:应入库 ${log.stored} 条(含重复投递),应为死信 ${log.dead} 条。`);
  if (log.waiting > 0) context.out(`另有 ${log.waiting} 条尚未入库,不在核对之列。`);
  if (log.before.length > 0) {
    const versions = log.before.reduce((sum, one) => sum + one.versions, 0);
    context.out(
      `日志已被截短或更换：库中有 ${versions} 个版本来自日志里已没有的消息，不在核对之列，它们只存于库中。${log.before.slice(0, SHOWN_PLACES).map(beforeText).join('；')}${log.before.length > SHOWN_PLACES ? `；等 ${log.before.length} 个分区` : ''}。`,
    );
  }
  let { differences } = found;
  if (differences.total > 0) {
    differences.print(context.out);
    if (repair) {
      context.note('正在修复:缺少的消息已重新入库,现重算月度分量……');
      for (const code of await codesOf(context, county)) await recomputeComponents(context, code);
      const after = await compare(context, county);
      differences = after.differences;
      context.out(`修复了 ${found.differences.total - differences.total} 处。`);
      if (differences.total > 0) differences.print(context.out);
    }
  }
  const { watermark, messages } = log;
  await context.store.reconciles.record({ county: county ?? '', watermark, messages, differences: differences.total });
  if (differences.total > 0) {
    const hint = repair
      ? '剩下的不能自动修复：库中多出的记录日志无法解释，可能是唯一的副本；核实确属多余后，pingan rebuild 会在清除前说明将失去多少。'
      : '修复用 pingan reconcile --repair。';
    throw failed(`还有 ${differences.total} 处差异。${hint}`);
  }
  context.out('日志、案件版本与月度分量一致。');
}
