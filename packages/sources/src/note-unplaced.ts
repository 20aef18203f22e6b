import type { Store } from '@pingan/store';
import type { DeliveryReport } from './deliver-ledger.js';
import type { Mapping } from './mapping.js';

/** Notes of each delivered file how many of its rows have no place, so that who reads a ranking can be told. */
export async function noteUnplaced(
  store: Pick<Store, 'unplaced'>,
  { county, mapping, report }: { county: string; mapping: Mapping; report: DeliveryReport },
): Promise<void> {
  const { source, schema } = mapping;
  for (const { file, unplaced } of report.files) {
    await store.unplaced.note({ county, source, schema, file, rows: unplaced, nowMs: Date.now() });
  }
}
