import { badRequest, streams } from '@pingan/contracts';
import type { LogVerdict } from '@pingan/intake';
import type { LogRange } from '@pingan/messaging';
import { firstMonth } from '@pingan/queries';
import type { County } from '@pingan/regions';
import { createStore, generationOf, markedCatalogue } from '@pingan/store';
import { requireServices } from './brokers.js';
import type { Installation } from './installation.js';
import { buildBeside } from './log/build-beside.js';
import { logVerdict, notFitting } from './log/fit.js';
import { withStandstill } from './log/standstill.js';
import type { OnProgress } from './progress.js';
import { beforeText, versionsBefore } from './reconcile/before-log.js';
import { extentOf } from './reconcile/compare-log.js';
import { type Digests, digestsOf } from './reconcile/digests.js';
import { askForComponents, logEnd, scoreCountyNow, waitUntilStored } from './waiting.js';

export interface RebuildOptions {
  /** Stored versions that may be gone afterwards, because the log does not hold them. */
  lose: bigint;
}

const services = ['ingestor', 'aggregator', 'scorer'];

/** A county's digests before and after. */
export interface CountyRebuilt {
  county: County;
  before: Digests;
  after: Digests;
  /** Messages came in meanwhile: the scores cannot be compared. */
  isGrown: boolean;
}

export interface Rebuilt {
  counties: County[];
  /** Undefined where the store had been emptied: there was nothing to compare with. */
  compared: CountyRebuilt[] | undefined;
  /** Database with the former rows, where components or scores are not what they were. */
  kept: string | undefined;
}

/**
 * Everything that follows from the log is made again from the log alone, in a second database, and takes the place of what there is
 * when nothing would be lost by it. The ingestor stands still meanwhile; what arrives waits in the log. The former rows are kept
 * when components or scores are not what they were.
 */
export async function rebuild(
  installation: Installation,
  { lose }: RebuildOptions,
  onProgress: OnProgress,
): Promise<Rebuilt> {
  const { store } = installation;
  await requireServices(installation, services);
  const verdict = await logVerdict(installation);
  const storeLost = verdict.problems.some(({ kind }) => kind === 'store_lost');
  if (verdict.problems.length > 0 && !storeLost) throw notFitting(verdict.problems);
  const counties = await store.counties.list();
  const scored = new Map<string, string[]>();
  for (const county of counties) {
    const months = (await store.runs.currentAll(county.code)).map(({ period }) => period);
    // An earlier registration may have left scores of months that cannot be scored any more.
    const start = await firstMonth(store, county);
    const before = start === undefined ? [] : months.filter((month) => month < start);
    if (before.length > 0) onProgress({ step: 'before_start', county, months: before, start: start! });
    scored.set(
      county.code,
      months.filter((month) => !before.includes(month)),
    );
  }
  const digests = (county: County, before?: Digests) =>
    digestsOf(installation, county, { months: scored.get(county.code)!, before });
  let before: Digests[] = [];
  if (!storeLost) {
    onProgress({ step: 'settling' });
    await settle(installation, scored);
    before = await Promise.all(counties.map((county) => digests(county)));
  }
  const kept = await withStandstill(installation, async (standstill) => {
    onProgress({ step: 'rebuilding' });
    const whenReady = () => standstill.also('computing');
    return replaceFromLog(installation, { lose, storeLost, whenReady, onProgress });
  });
  onProgress({ step: 'replaced' });
  await settle(installation, scored);
  if (storeLost) return { counties, compared: undefined, kept: undefined };
  const after = await Promise.all(counties.map((county, i) => digests(county, before[i])));
  const compared = counties.map((county, i) => {
    const [was, is] = [before[i]!, after[i]!];
    return { county, before: was, after: is, isGrown: was.watermark !== is.watermark };
  });
  if (compared.some(isDifferent)) return { counties, compared, kept };
  await store.shadow.drop(kept);
  return { counties, compared, kept: undefined };
}

const isDifferent = ({ before, after, isGrown }: CountyRebuilt): boolean =>
  before.components !== after.components || (!isGrown && before.scores !== after.scores);

interface Replacement {
  lose: bigint;
  storeLost: boolean;
  /** Called before the tables in use are touched. */
  whenReady: () => Promise<void>;
  onProgress: OnProgress;
}

/** Returns the database in which the former rows are kept. @throws Refusal when more would be lost than was allowed. */
async function replaceFromLog(installation: Installation, options: Replacement): Promise<string> {
  const { lose, storeLost, whenReady, onProgress } = options;
  const { store } = installation;
  const { clickhouse } = installation;
  const database = `${clickhouse.database}_rebuild`;
  await store.shadow.drop(database);
  const beside = createStore({ ...clickhouse, url: installation.endpoints.clickhouseUrl, database });
  try {
    await beside.migrate();
    const verdict = await logVerdict(installation);
    await buildBeside(installation, {
      ranges: rangesOf(verdict),
      epochs: verdict.epochs,
      into: beside,
      onProgress: everySoOften(onProgress),
    });
    await refuseMissing(installation, { database, lose, verdict });
    await whenReady();
    const kept = `${clickhouse.database}_before_${stamp(new Date())}`;
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
async function refuseMissing(installation: Installation, { database, lose, verdict }: Candidate): Promise<void> {
  let missing = 0;
  for (const stream of streams) missing += await installation.store.shadow.missing(stream, database);
  if (missing <= lose) return;
  const before = await versionsBefore(installation, extentOf(verdict).stored.from);
  const reason =
    before.length > 0
      ? `${before.map((one) => `  ${beforeText(one)}\n`).join('')}`
      : '  日志没有缺口：这些版本在日志里没有来历，或县、区域已不在登记之列，或所记时间晚于写入日志的时间，按现在的规则不收。\n';
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

function everySoOften(onProgress: OnProgress): (messages: number) => void {
  let told = 0;
  return (messages) => {
    if (messages - told < PROGRESS_EVERY) return;
    told = messages;
    onProgress({ step: 'read', messages });
  };
}

/** Everything that is in the log now is stored, computed and scored; `scored` has the months of each county to score. */
async function settle(installation: Installation, scored: ReadonlyMap<string, readonly string[]>): Promise<void> {
  const wanted = generationOf(await waitUntilStored(installation, await logEnd(installation), () => undefined));
  for (const [code, months] of scored) {
    await askForComponents(
      installation,
      code,
      (state) => state !== undefined && state.catalogue !== markedCatalogue && generationOf(state.watermark) >= wanted,
    );
    await scoreCountyNow(installation, code, months);
  }
}
