import { defineConfig } from 'vitest/config';

/** The package that starts the engines, tested on its own engines. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['packages/local-engines/src/**/*.engine.test.ts'],
    exclude: ['**/dist/**', '**/node_modules/**'],
    fileParallelism: false,
  },
});
