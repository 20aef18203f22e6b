import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** Suites with real engines: one after the other, because they share them. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['test/*.test.ts', 'test/faults/*.test.ts'],
    globalSetup: ['test/harness/engines.ts'],
    fileParallelism: false,
    retry: 0,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});
