import { createHash, randomUUID } from 'node:crypto';
import { type Stream, streams } from '@pingan/contracts';
import { workCalendar } from '@pingan/indicators';
import type { Statements } from './client.js';
import { noteChanges } from './component-changes.js';
import type { ComponentScope, Watermark } from './component-scope.js';
import { componentQuery } from './component-sql.js';
import {
  addToComponents,
  arrivedSince,
  generationOf,
  monthsWrittenBetween,
  monthsWrittenIn,
  newestGeneration,
  noteComponents,
  offsetsIn,
  readComponentState,
  replaceComponents,
  writeComponentState,
} from './components.js';
import { dirtyMonths } from './dirty-months.js';
import { type Arrivals, arrivedStreams } from './touched-cases.js';

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
 * months are computed anew from the cases. Everything is after a change of a definition, or when most of the log is new. Where
 * nothing that arrived is the county's own, nobody can have written components of it either: only the state moves on.
 *
 * Returns the months whose numbers changed.
 */
export async function refreshComponents(client: Statements, scope: ComponentScope): Promise<string[]> {
  const county = scope.county.code;
  const state = await readComponentState(client, county);
  const known = state?.catalogue === catalogueDigest ? state : undefined;
  if (known && generationOf(known.watermark) >= generationOf(scope.watermark)) return [];

  const noted = { watermark: scope.watermark, catalogue: catalogueDigest };
  const arrived = known && (await arrivedStreams(client, scope, known.watermark));
  if (arrived?.size === 0) {
    await writeComponentState(client, county, noted);
    return [];
  }
  const mostIsKnown = known && arrivedSince(known.watermark, scope.watermark) <= offsetsIn(known.watermark);
  if (arrived && mostIsKnown) await catchUp(client, scope, { before: known.watermark, arrived });
  else await recompute(client, scope, undefined);
  const changed = await monthsWrittenIn(client, county, generationOf(scope.watermark));
  await writeComponentState(client, county, noted);
  await settle(client, scope, { changed, before: state ? generationOf(state.watermark) : 0n });
  return changed;
}

/**
 * One process at a time refreshes a county, but one that was frozen for longer than its lock wakes up and goes on. Two that
 * overlap may leave what the slower one saw earlier; whichever notes its state last finds the other's months here and
 * computes them anew.
 */
async function settle(
  client: Statements,
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

async function catchUp(
  client: Statements,
  scope: ComponentScope,
  { before, arrived }: { before: Watermark; arrived: ReadonlyMap<Stream, Arrivals> },
): Promise<void> {
  const county = scope.county.code;
  const refresh = randomUUID();
  await noteChanges(client, arrived, refresh);
  if ((await newestGeneration(client, county)) > generationOf(before)) {
    const touched = await dirtyMonths(client, arrived);
    if (touched.length > 0) await recompute(client, scope, touched);
  } else await addToComponents(client, { county, refresh, watermark: scope.watermark }, before);
}

async function recompute(
  client: Statements,
  scope: ComponentScope,
  months: readonly string[] | undefined,
): Promise<void> {
  const refresh = randomUUID();
  await noteComponents(client, scope, { months, refresh });
  await replaceComponents(client, { county: scope.county.code, refresh, watermark: scope.watermark }, months);
}
