import { badRequest, failed, streams } from '@pingan/contracts';
import type { LogVerdict } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import { sheet } from '@pingan/presentation';
import type { County } from '@pingan/regions';
import { clickhouseAccess } from '@pingan/runtime';
import { createStore, generationOf, markedCatalogue } from '@pingan/store';
import { requireServices } from '../brokers.js';
import { cliConfig } from '../config.js';
import type { Context } from '../context.js';
import { buildBeside } from '../log/build-beside.js';
import { logVerdict, notFitting } from '../log/fit.js';
import { withStandstill } from '../log/standstill.js';
import { unregisteredInLog, unregisteredText } from '../log/unregistered.js';
import { askForComponents, logEnd, scoreCountyNow, waitUntilStored } from '../operations.js';
import { beforeText, versionsBefore } from '../reconcile/before-log.js';
import { extentOf } from '../reconcile/compare-log.js';
import { type Digests, digestsOf } from '../reconcile/digests.js';
import { renderTable } from '../table.js';

export interface RebuildOptions {
  yes: boolean;
  /** Stored versions that may be gone afterwards, because the log does not hold them. */
  lose: bigint;
}

const services = ['ingestor', 'aggregator', 'scorer'];

const warning = `rebuild 从日志重新生成案件版本、死信、月度分量和计分结果：在另一个数据库里建好、与原来比对之后才替换，期间排名照常可查。
日志里没有的版本会失去；有这样的版本时不会替换，除非用 --lose 说明条数。县的登记、方案和死信的重放记录不在日志里，保持不变。确定要做，请加 --yes。`;

/**
 * `pingan rebuild`: everything that follows from the log is made again from the log alone, in a second database, and takes the
 * place of what there is when nothing would be lost by it. The ingestor stands still meanwhile; what arrives waits in the log.
 * Status 1 when components or scores are not what they were; the former rows are kept then.
 */
export async function rebuildCommand(context: Context, { yes, lose }: RebuildOptions): Promise<void> {
  const unregistered = unregisteredText(await unregisteredInLog(context));
  if (!yes) throw badRequest(unregistered === undefined ? warning : `${warning}\n${unregistered}`);
  if (unregistered !== undefined) context.note(unregistered);
  await requireServices(context, services);
  const verdict = await logVerdict(context);
  const storeLost = verdict.problems.some(({ kind }) => kind === 'store_lost');
  if (verdict.problems.length > 0 && !storeLost) throw notFitting(verdict.problems);
  const counties = await context.store.counties.list();
  const scored = new Map<string, string[]>();
  for (const { code } of counties) {
    scored.set(
      code,
      (await context.store.runs.currentAll(code)).map(({ period }) => period),
    );
  }
  const digests = (county: County, before?: Digests) =>
    digestsOf(context, county, { months: scored.get(county.code)!, before });
  let before: Digests[] = [];
  if (!storeLost) {
    context.note('等待已有消息全部入库并计分……');
    await settle(context, scored);
    before = await Promise.all(counties.map((county) => digests(county)));
  }
  const kept = await withStandstill(context, async (standstill) => {
    context.note('正在另一个数据库里从日志重建……');
    return replaceFromLog(context, { lose, storeLost, whenReady: () => standstill.also('computing') });
  });
  context.note('已替换，正在计算月度分量和指数……');
  await settle(context, scored);
  if (storeLost) {
    context.out(
      `已从日志重建 ${counties.map(({ code, name }) => `${code} ${name}`).join('、') || '（没有登记的县）'}。`,
    );
    return;
  }
  const after = await Promise.all(counties.map((county, i) => digests(county, before[i])));
  await report(context, { counties, before, after, kept });
}

interface Replacement {
  lose: bigint;
  storeLost: boolean;
  /** Called before the tables in use are touched. */
  whenReady: () => Promise<void>;
}

/** Returns the database in which the former rows are kept. @throws Refusal when more would be lost than was allowed. */
async function replaceFromLog(context: Context, { lose, storeLost, whenReady }: Replacement): Promise<string> {
  const { store } = context;
  const config = cliConfig();
  const database = `${config.CLICKHOUSE_DATABASE}_rebuild`;
  await store.shadow.drop(database);
  const beside = createStore({ url: context.endpoints.clickhouseUrl, database, ...clickhouseAccess(config) });
  try {
    await beside.migrate();
    const verdict = await logVerdict(context);
    await buildBeside(context, {
      ranges: rangesOf(verdict),
      epochs: verdict.epochs,
      into: beside,
      onProgress: progressOf(context),
    });
    await refuseMissing(context, { database, lose, verdict });
    await whenReady();
    const kept = `${config.CLICKHOUSE_DATABASE}_before_${stamp(new Date())}`;
    await store.shadow.keepCopy(kept);
    for (const { code } of await store.counties.list()) await store.components.mark(code);
    await store.shadow.takeOver(database);
    if (storeLost) await store.logs.note(verdict.toNote);
    return kept;
  } finally {
    await beside.close();
    await store.shadow.drop(database);
  }
}

/** What was committed. */
function rangesOf({ state }: LogVerdict): LogRange[] {
  return state.topics.flatMap(({ topic, partitions }) =>
    partitions.map(({ partition, low, committed }) => ({ topic, partition, from: low, to: committed ?? low })),
  );
}

/** @throws Refusal when the log gives fewer versions than are stored, by more than may be lost. */
async function refuseMissing(context: Context, { database, lose, verdict }: Candidate): Promise<void> {
  let missing = 0;
  for (const stream of streams) missing += await context.store.shadow.missing(stream, database);
  if (missing <= lose) return;
  const before = await versionsBefore(context, extentOf(verdict).stored.from);
  const reason =
    before.length > 0
      ? `${before.map((one) => `  ${beforeText(one)}\n`).join('')}`
      : '  日志没有缺口：这些版本在日志里没有来历，或县、区域已不在登记之列。\n';
  throw badRequest(
    `没有重建：日志里已没有库中的 ${missing} 个版本，重建会失去它们。\n${reason}没有改动任何数据。先用 pingan backup 备份；核实确可失去后，加 --lose ${missing}。`,
  );
}

interface Candidate {
  database: string;
  lose: bigint;
  verdict: LogVerdict;
}

const stamp = (now: Date) => now.toISOString().replace(/\D/g, '').slice(0, 14);

const PROGRESS_EVERY = 100_000;

function progressOf(context: Context): (messages: number) => void {
  let told = 0;
  return (messages) => {
    if (messages - told < PROGRESS_EVERY) return;
    told = messages;
    context.note(`已读取 ${messages} 条`);
  };
}

/** Everything that is in the log now is stored, computed and scored; `scored` has the months of each county to score. */
async function settle(context: Context, scored: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const wanted = generationOf(await waitUntilStored(context, await logEnd(context), () => undefined));
  for (const [code, months] of scored) {
    await askForComponents(
      context,
      code,
      (state) => state !== undefined && state.catalogue !== markedCatalogue && generationOf(state.watermark) >= wanted,
    );
    await scoreCountyNow(context, code, months);
  }
}

interface Outcome {
  counties: readonly County[];
  before: readonly Digests[];
  after: readonly Digests[];
  kept: string;
}

async function report(context: Context, { counties, before, after, kept }: Outcome): Promise<void> {
  const rows = counties.map((county, i) => {
    const [a, b] = [before[i]!, after[i]!];
    return { county, a, b, grown: a.watermark !== b.watermark };
  });
  const same = (a: string, b: string) =>
    a === b ? `一致 ${a.slice(0, 16)}` : `不同 ${a.slice(0, 16)} → ${b.slice(0, 16)}`;
  context.out(
    renderTable(
      sheet(
        [
          { title: '县', value: ({ county }) => `${county.code} ${county.name}` },
          { title: '月度分量', value: ({ a, b }) => same(a.components, b.components) },
          {
            title: '计分结果',
            value: ({ a, b, grown }) => (grown ? '期间有新消息，不可比' : same(a.scores, b.scores)),
          },
        ],
        rows,
      ),
    ),
  );
  if (rows.some(({ a, b, grown }) => a.components !== b.components || (!grown && a.scores !== b.scores))) {
    throw failed(
      `已从日志重建，但与原来不同：县的登记或方案在消息入库之后改过，或原来的数据与日志不符。原来的记录留在数据库 ${kept}，核实后可删除。用 pingan reconcile 核对现在的数据。`,
    );
  }
  await context.store.shadow.drop(kept);
  context.out(
    rows.some(({ grown }) => grown)
      ? '已从日志重建，原有消息的月度分量逐字节与原来一致。'
      : '已从日志重建，月度分量与计分结果逐字节与原来一致。',
  );
}
