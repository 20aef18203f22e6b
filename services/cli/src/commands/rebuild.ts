import { ingestorGroup } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import { generationOf } from '@pingan/store';
import { requireServices, withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { badRequest, CommandFailure } from '../failure.js';
import { askForComponents, logEnd, scoreCountyNow, waitUntilStored } from '../operations.js';
import { type Digests, digestsOf } from '../reconcile/digests.js';
import { withStandstill } from '../standstill.js';
import { renderTable } from '../table.js';

const services = ['ingestor', 'aggregator', 'scorer'];

const warning = `rebuild 清空案件版本、死信、月度分量和计分结果,再从日志重建;重建完成之前查不到排名。
县的登记、方案和死信的重放记录不在日志里,保持不变。确定要做,请加 --yes。`;

/**
 * `pingan rebuild`: everything that follows from the log is thrown away and made again from the log alone.
 *
 * Intake and computing are asked to stand still, the ingestor's group is deleted, then the tables are emptied: whoever
 * dies in between, the ingestor reads the log from its beginning. Computing goes on only when everything is stored, so
 * that no ranking of half the data is ever published. Status 1 when components or scores are not what they were.
 */
export async function rebuildCommand(context: Context, { yes }: { yes: boolean }): Promise<void> {
  if (!yes) throw badRequest(warning);
  await requireServices(context, services);
  await withStandstill(context, async (still) => {
    context.note('等待已有消息全部入库并计分……');
    const counties = await context.store.counties.list();
    const scored = new Map<string, string[]>();
    for (const { code } of counties) {
      scored.set(
        code,
        (await context.store.runs.currentAll(code)).map(({ period }) => period),
      );
    }
    await settle(context, scored);
    const digests = (county: County, before?: Digests) =>
      digestsOf(context, county, { months: scored.get(county.code)!, before });
    const before = await Promise.all(counties.map((county) => digests(county)));

    await still.begin();
    await withAdmin(context, (admin) => admin.deleteGroups([ingestorGroup]));
    await context.store.clearLogData();
    context.note('已清空,正在从日志重建……');
    await still.letGo('intake');
    await waitUntilStored(context, await logEnd(context), (left) => context.note(`等待入库,还有 ${left} 条`));
    await still.letGo('computing');
    context.note('已全部入库,正在计算月度分量和指数……');
    await settle(context, scored);
    const after = counties.map((county, i) => digests(county, before[i]));
    report(context, counties, before, await Promise.all(after));
  });
}

/** Everything that is in the log now is stored, computed and scored; `scored` has the months of each county to score. */
async function settle(context: Context, scored: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const wanted = generationOf(await waitUntilStored(context, await logEnd(context), () => undefined));
  for (const [code, months] of scored) {
    await askForComponents(context, code, (state) => state !== undefined && generationOf(state.watermark) >= wanted);
    await scoreCountyNow(context, code, months);
  }
}

function report(context: Context, counties: readonly County[], before: readonly Digests[], after: readonly Digests[]) {
  const rows = counties.map((county, i) => {
    const [a, b] = [before[i]!, after[i]!];
    return { county, a, b, grown: a.watermark !== b.watermark };
  });
  const same = (a: string, b: string) =>
    a === b ? `一致 ${a.slice(0, 16)}` : `不同 ${a.slice(0, 16)} → ${b.slice(0, 16)}`;
  context.out(
    renderTable(
      [
        { title: '县', value: ({ county }) => `${county.code} ${county.name}` },
        { title: '月度分量', value: ({ a, b }) => same(a.components, b.components) },
        { title: '计分结果', value: ({ a, b, grown }) => (grown ? '期间有新消息,不可比' : same(a.scores, b.scores)) },
      ],
      rows,
    ),
  );
  if (rows.some(({ a, b, grown }) => a.components !== b.components || (!grown && a.scores !== b.scores))) {
    throw new CommandFailure(
      '已从日志重建,但与原来不同:县的登记或方案在消息入库之后改过,或原来的数据与日志不符。用 pingan reconcile 核对现在的数据。',
      1,
    );
  }
  context.out(
    rows.some(({ grown }) => grown)
      ? '已从日志重建,原有消息的月度分量逐字节与原来一致。'
      : '已从日志重建,月度分量与计分结果逐字节与原来一致。',
  );
}
