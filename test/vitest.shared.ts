import { fileURLToPath } from 'node:url';

/** Files that break an engine or a service, or wait for one: most of their time nothing is computed. */
export const faults = [
  'test/faults/*.test.ts',
  'test/supervision.test.ts',
  'test/backpressure.test.ts',
  'test/engine-down.test.ts',
];

/** Files about the log, the store and keeping both: they take things away and bring them back. */
export const upkeep = [
  'test/backup.test.ts',
  'test/kafka-log.test.ts',
  'test/log-identity.test.ts',
  'test/reconcile.test.ts',
  'test/watching-itself.test.ts',
];

/** Suites on real engines, one after the other, because they share them. */
export const onEngines = (include: readonly string[], exclude: readonly string[]) => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: [...include],
    exclude: [...exclude],
    globalSetup: ['test/harness/engines.ts'],
    fileParallelism: false,
    retry: 0,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
