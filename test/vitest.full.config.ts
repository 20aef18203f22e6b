import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { built } from './vitest.shared.js';

/** What takes minutes: clusters, full disks. Each file starts the engines it needs. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    include: ['test/full/*.test.ts', 'packages/*/src/**/*.full.test.ts'],
    server: built,
    fileParallelism: false,
    testTimeout: 1_200_000,
    hookTimeout: 300_000,
  },
});
