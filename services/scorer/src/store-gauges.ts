import { addMonths } from '@pingan/contracts';
import { addWorkingDays } from '@pingan/indicators';
import { type County, lastCompleteMonth, localDayStart } from '@pingan/regions';
import type { Metrics } from '@pingan/runtime';
import type { Store } from '@pingan/store';

/** Beyond this nobody needs to know how many. */
const MOST_WORKING_DAYS = 20;

/** Working days that have begun in the zone since the end of a month `YYYY-MM`; 20 at most. */
export function workingDaysSince(month: string, nowMs: number, timeZone: string): number {
  const lastDay = new Date(Date.parse(`${addMonths(month, 1)}-01`) - 86_400_000).toISOString().slice(0, 10);
  const begun = (count: number) => localDayStart(addWorkingDays(lastDay, count).day, timeZone) <= nowMs;
  let count = 0;
  while (count < MOST_WORKING_DAYS && begun(count + 1)) count++;
  return count;
}

/** Working days begun since the last month ended while it has no score; 0 with one, undefined before anything is computed. */
async function unscoredWorkingDays(store: Store, county: County, nowMs: number): Promise<number | undefined> {
  const month = lastCompleteMonth(nowMs, county.timeZone);
  if (await store.runs.current(county.code, month)) return 0;
  if (!(await store.components.state(county.code))) return undefined;
  return workingDaysSince(month, nowMs, county.timeZone);
}

/** What only the store knows and operators are told of; everything is absent while ClickHouse does not answer. */
export function storeGauges(metrics: Metrics, store: Store): void {
  metrics.gauge({
    name: 'pingan_month_unscored_working_days',
    help: 'Working days begun since the last month ended while it has no score; 0 when it is scored',
    labels: ['county'],
    read: async (gauge) => {
      for (const county of await store.counties.list()) {
        const days = await unscoredWorkingDays(store, county, Date.now());
        if (days !== undefined) gauge.set({ county: county.code }, days);
      }
    },
  });
  metrics.gauge({
    name: 'pingan_stream_silence_seconds',
    help: 'Time since the hour in which a stream of a county last delivered',
    labels: ['county', 'stream'],
    read: async (gauge) => {
      for (const { county, stream, silentSeconds } of await store.operation.rhythms())
        gauge.set({ county, stream }, silentSeconds);
    },
  });
  metrics.gauge({
    name: 'pingan_stream_usual_silence_seconds',
    help: 'The second longest pause of the stream in half a year; absent where too little has come to tell',
    labels: ['county', 'stream'],
    read: async (gauge) => {
      for (const { county, stream, usualSeconds } of await store.operation.rhythms())
        if (usualSeconds !== null) gauge.set({ county, stream }, usualSeconds);
    },
  });
  metrics.gauge({
    name: 'pingan_reconcile_differences',
    help: 'Differences that the last reconciliation left; county is empty for all of them together',
    labels: ['county'],
    read: async (gauge) => {
      for (const { county, differences } of await store.reconciles.states()) gauge.set({ county }, differences);
    },
  });
  metrics.gauge({
    name: 'pingan_reconcile_age_seconds',
    help: 'Time since log and store were last compared, for all counties; before the first time, since the store was made',
    read: async (gauge) => {
      const lastMs = (await store.reconciles.lastAttempt()) ?? (await store.operation.firstUse());
      gauge.set(Math.max(0, (Date.now() - lastMs) / 1000));
    },
  });
  metrics.gauge({
    name: 'pingan_clickhouse_detached_parts',
    help: 'Parts of tables that ClickHouse has put aside, whose rows are in no answer',
    read: async (gauge) => {
      gauge.set((await store.operation.detachedParts()).reduce((sum, { parts }) => sum + parts, 0));
    },
  });
  metrics.gauge({
    name: 'pingan_version_conflicts',
    help: 'Versions of cases that came with different contents, as of the last hourly search',
    read: async (gauge) => gauge.set((await store.health.notedConflicts({ limit: 1 })).total),
  });
  const disk = (name: string, help: string, value: 'freeBytes' | 'sizeBytes') =>
    metrics.gauge({
      name,
      help,
      labels: ['disk'],
      read: async (gauge) => {
        for (const found of await store.operation.disks()) gauge.set({ disk: found.name }, found[value]);
      },
    });
  disk('pingan_clickhouse_disk_free_bytes', 'Space left on a disk of ClickHouse', 'freeBytes');
  disk('pingan_clickhouse_disk_size_bytes', 'Size of a disk of ClickHouse', 'sizeBytes');
}
