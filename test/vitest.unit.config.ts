import { defineConfig } from 'vitest/config';
import { built } from './vitest.shared.js';

/** Fast tests beside the code, and the rules of the workspace itself. No engine. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: [
      '{packages,services}/*/src/**/*.test.ts',
      '{dashboards,deploy/local}/src/**/*.test.ts',
      'test/workspace/**/*.test.ts',
      'test/fuzz/**/*.test.ts',
    ],
    server: built,
    exclude: ['**/dist/**', '**/node_modules/**', '**/*.engine.test.ts', '**/*.full.test.ts'],
    setupFiles: ['test/harness/property-seed.ts'],
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
  },
});
