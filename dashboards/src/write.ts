import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dashboards, fileOf } from './index.js';

/** Writes the committed files anew: `node dashboards/dist/write.js`. */
const folder = new URL('../json/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) rmSync(new URL(name, folder));
for (const { name, text } of dashboards.map(fileOf)) writeFileSync(new URL(name, folder), text);
