import { createHash } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { streams } from '@pingan/contracts';
import { workCalendar } from '@pingan/indicators';
import type { ComponentScope } from './component-scope.js';
import { componentQuery } from './component-sql.js';
import {
  changedComponents,
  computeComponents,
  generationOf,
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
 * Brings a county's components up to the watermark. Months nothing has touched are not computed again.
 * Returns the months whose numbers changed.
 */
export async function refreshComponents(client: ClickHouseClient, scope: ComponentScope): Promise<string[]> {
  const county = scope.county.code;
  const state = await readComponentState(client, county);
  const known = state?.catalogue === catalogueDigest ? state : undefined;
  if (known && generationOf(known.watermark) >= generationOf(scope.watermark)) return [];

  const months = known ? await dirtyMonths(client, scope, known.watermark) : undefined;
  if (months?.length === 0) {
    await writeComponentState(client, county, { watermark: scope.watermark, catalogue: catalogueDigest });
    return [];
  }
  const changed = new Set<string>();
  let { watermark } = scope;
  for (;;) {
    for (const month of await recompute(client, { ...scope, watermark }, months)) changed.add(month);
    const newest = (await readComponentState(client, county))?.watermark;
    if (!newest || generationOf(newest) <= generationOf(watermark)) break;
    // Overtaken while this process slept: where the other found nothing to change, the rows just written would stand. The
    // same months once more, from what the other had read.
    watermark = newest;
  }
  await writeComponentState(client, county, { watermark, catalogue: catalogueDigest });
  return [...changed].sort();
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
  return [...new Set(changed.map(({ month }) => month))].sort();
}
