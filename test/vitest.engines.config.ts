import { defineConfig } from 'vitest/config';
import { built } from './vitest.shared.js';

/** The package that starts the engines, tested on its own engines. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['packages/local-engines/src/**/*.engine.test.ts'],
    server: built,
    exclude: ['**/dist/**', '**/node_modules/**'],
    fileParallelism: false,
  },
});
