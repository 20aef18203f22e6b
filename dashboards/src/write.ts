import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dashboards, fileOf, jsonFolder } from './index.js';

/** Writes the committed files anew: `node dashboards/dist/write.js`. */
rmSync(jsonFolder, { recursive: true, force: true });
for (const { name, text } of dashboards.map(fileOf)) {
  const file = new URL(name, jsonFolder);
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, text);
}
