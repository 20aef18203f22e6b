// Bundles the page and the camera: `node build.mjs`, after `pnpm install` in this folder.
import { build } from 'esbuild';

const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  logLevel: 'warning',
  outdir: 'dist',
  legalComments: 'linked',
};

await build({
  ...common,
  entryPoints: { app: 'src/main.tsx' },
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  jsx: 'automatic',
  loader: { '.svg': 'dataurl', '.woff2': 'dataurl', '.woff': 'dataurl', '.ttf': 'dataurl', '.png': 'dataurl' },
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
});
await build({
  ...common,
  entryPoints: { shots: 'shots.ts' },
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  outExtension: { '.js': '.mjs' },
});
