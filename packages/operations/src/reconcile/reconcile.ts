import { requireCounty } from '@pingan/queries';
import { requireServices } from '../brokers.js';
import type { Installation } from '../installation.js';
import type { OnProgress } from '../progress.js';
import { compareComponents } from './compare-components.js';
import { compareLog, type LogComparison } from './compare-log.js';
import { Differences } from './differences.js';
import { recomputeComponents, type StoreAgain, withStoreAgain } from './store-again.js';

export interface ReconcileOptions {
  county?: string | undefined;
  repair: boolean;
  /** Is told what was found before anything is mended. */
  onCompared: (found: Comparison) => void;
}

export interface Comparison {
  log: LogComparison;
  differences: Differences;
}

async function codesOf(installation: Installation, county: string | undefined): Promise<string[]> {
  return county === undefined ? (await installation.store.counties.list()).map(({ code }) => code) : [county];
}

async function compare(
  installation: Installation,
  county: string | undefined,
  onMissing?: StoreAgain,
): Promise<Comparison> {
  const differences = new Differences();
  const log = await compareLog(installation, { county, differences, onMissing });
  for (const code of await codesOf(installation, county)) await compareComponents(installation, code, differences);
  return { log, differences };
}

export interface Reconciled {
  found: Differences;
  /** What is left after a repair; undefined where nothing was mended. */
  left: Differences | undefined;
}

/** Whether log, stored versions and components agree; with `repair` what the log has is stored again. */
export async function reconcile(
  installation: Installation,
  { county: asked, repair, onCompared }: ReconcileOptions,
  onProgress: OnProgress,
): Promise<Reconciled> {
  const county = asked === undefined ? undefined : (await requireCounty(installation.store, asked)).code;
  if (repair) await requireServices(installation, ['ingestor', 'aggregator']);
  const compared = repair
    ? await withStoreAgain(installation, (store) => compare(installation, county, store))
    : await compare(installation, county);
  onCompared(compared);
  const { log, differences } = compared;
  let left: Differences | undefined;
  if (repair && differences.total > 0) {
    onProgress({ step: 'repairing' });
    for (const code of await codesOf(installation, county)) await recomputeComponents(installation, code);
    left = (await compare(installation, county)).differences;
  }
  const { watermark, messages } = log;
  const { total } = left ?? differences;
  await installation.store.reconciles.record({ county: county ?? '', watermark, messages, differences: total });
  return { found: differences, left };
}
