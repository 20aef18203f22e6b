import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dashboards, fileOf } from './index.js';

/** Writes the committed files anew: `node dashboards/dist/write.js`. */
const folder = new URL('../json/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
for (const { name, text } of dashboards.map(fileOf)) {
  const file = new URL(name, folder);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
