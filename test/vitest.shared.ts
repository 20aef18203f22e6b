import { fileURLToPath } from 'node:url';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { FULL, isShort } from './harness/full.js';

/** What is built is loaded as Node loads it: read as source again, it would take each file seconds. */
export const built = { deps: { external: [/\/dist\//] } };

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

/** Every file that needs the engines of the run. */
export const onEnginesAll = ['test/*.test.ts', ...faults];

/** Files that take longest, longest first: what begins last must not be what all the others wait for. */
const LONGEST = [
  'test/faults/none-counts-twice',
  'test/faults/no-event-lost',
  'test/faults/index-equals-raw-events',
  'test/supervision',
  'test/backup',
  'test/pipeline',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return place < 0 ? LONGEST.length : place;
};

/** The same order on every machine: the longest files first, then the largest. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const bySize = await super.sort(files);
    return [...bySize].sort((a, b) => placeOf(a) - placeOf(b));
  }
}

const tags = [{ name: FULL, description: 'only in npm run test:full' }];

/** Suites on real engines. Files share them one after the other; files that run beside each other have engines of their own. */
export const onEngines = (
  include: readonly string[],
  { exclude = [], lanes = 1 }: { exclude?: readonly string[]; lanes?: number } = {},
) => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: [...include],
    exclude: [...exclude],
    globalSetup: ['test/harness/engines.ts'],
    server: built,
    fileParallelism: lanes > 1,
    maxWorkers: lanes,
    sequence: { sequencer: LongestFirst },
    tags,
    ...(isShort && { tagsFilter: [`!${FULL}`] }),
    retry: 0,
    // What takes a minute on a quiet machine takes longer beside other work: a bound is for what hangs.
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    teardownTimeout: 60_000,
  },
});
