import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { streams } from '@pingan/contracts';
import { workCalendar } from '@pingan/indicators';
import { componentChanges } from './component-changes.js';
import type { ComponentScope, Watermark } from './component-scope.js';
import { componentQuery } from './component-sql.js';
import {
  addChanges,
  type Component,
  changedComponents,
  computeComponents,
  generationOf,
  monthsWrittenBetween,
  newestGeneration,
  readComponentState,
  readComponents,
  writeComponentState,
  writeComponents,
} from './components.js';
import { dirtyMonths } from './dirty-months.js';

/** Changes when a definition, a join or the calendar changes: then every month is computed anew. */
export const catalogueDigest = createHash('sha256')
  .update(JSON.stringify([streams.map((stream) => componentQuery(stream, false)), workCalendar]))
  .digest('hex')
  .slice(0, 12);

/**
 * Brings a county's components up to the watermark, at the price of what has arrived since the last time.
 *
 * The changes are added to what is stored, and rest on its being that of the last watermark. Components newer than the
 * state were written by a refresh that did not live to note it, or by one that runs at the same time: then the touched
 * months are computed anew from the cases. Everything is after a change of a definition, or when most of the log is new.
 *
 * Returns the months whose numbers changed.
 */
export async function refreshComponents(client: ClickHouseClient, scope: ComponentScope): Promise<string[]> {
  const county = scope.county.code;
  const state = await readComponentState(client, county);
  const known = state?.catalogue === catalogueDigest ? state : undefined;
  if (known && generationOf(known.watermark) >= generationOf(scope.watermark)) return [];

  const mostIsKnown = known && generationOf(scope.watermark) < 2n * generationOf(known.watermark);
  const changed = mostIsKnown
    ? await catchUp(client, scope, known.watermark)
    : await recompute(client, scope, undefined);
  await writeComponentState(client, county, { watermark: scope.watermark, catalogue: catalogueDigest });
  await settle(client, scope, { changed, before: state ? generationOf(state.watermark) : 0n });
  return changed;
}

const monthsOf = (components: readonly Component[]) => [...new Set(components.map(({ month }) => month))].sort();

/**
 * One process at a time refreshes a county, but one that was frozen for longer than its lock wakes up and goes on. Two that
 * overlap may leave what the slower one saw earlier; whichever notes its state last finds the other's months here and
 * computes them anew.
 */
async function settle(
  client: ClickHouseClient,
  scope: ComponentScope,
  { changed, before }: { changed: readonly string[]; before: bigint },
): Promise<void> {
  const county = scope.county.code;
  const own = generationOf(scope.watermark);
  const newest = (await readComponentState(client, county))!;
  const months = new Set(await monthsWrittenBetween(client, county, { after: before, before: own }));
  if (generationOf(newest.watermark) > own) for (const month of changed) months.add(month);
  if (months.size > 0) await recompute(client, { ...scope, watermark: newest.watermark }, [...months].sort());
}

async function catchUp(client: ClickHouseClient, scope: ComponentScope, before: Watermark): Promise<string[]> {
  const county = scope.county.code;
  const changes = await componentChanges(client, scope, before);
  const months = monthsOf(changes);
  const range = { from: months[0] ?? '', to: months.at(-1) ?? '' };
  const regions = [...new Set(changes.map(({ region_code }) => region_code))];
  const stored = months.length === 0 ? [] : await readComponents(client, county, range, regions);
  if ((await newestGeneration(client, county)) > generationOf(before)) {
    const touched = await dirtyMonths(client, scope, before);
    return touched.length === 0 ? [] : recompute(client, scope, touched);
  }
  await writeComponents(client, county, addChanges(stored, changes), scope.watermark);
  return months;
}

async function recompute(
  client: ClickHouseClient,
  scope: ComponentScope,
  months: readonly string[] | undefined,
): Promise<string[]> {
  const wanted = months && new Set(months);
  const range = months && { from: months[0]!, to: months.at(-1)! };
  const [stored, computed] = await Promise.all([
    readComponents(client, scope.county.code, range),
    computeComponents(client, scope, months),
  ]);
  const changed = changedComponents(wanted ? stored.filter(({ month }) => wanted.has(month)) : stored, computed);
  await writeComponents(client, scope.county.code, changed, scope.watermark);
  return monthsOf(changed);
}
