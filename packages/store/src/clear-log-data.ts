import type { ClickHouseClient } from '@clickhouse/client';
import { streams } from '@pingan/contracts';
import { caseTable } from './case-tables.js';

/** Everything that follows from the log. Counties, schemes and what operators did are not in the log and stay. */
const derived = [
  ...streams.map(caseTable),
  'dead_letters',
  'component_state',
  'components',
  'run_current',
  'runs',
  'run_units',
  'run_dimensions',
  'run_indicators',
  'run_deductions',
  'run_priors',
  'run_stories',
  'intake',
  'block_sums',
  'version_conflicts',
  'conflict_searches',
];

/** Empties every table that the log can fill again. Nobody may be writing meanwhile. */
export async function clearLogData(client: ClickHouseClient): Promise<void> {
  for (const table of derived) await client.command({ query: `TRUNCATE TABLE ${table}` });
}
