import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { alertFiles, dashboards, fileOf } from './index.js';

/** Writes the committed files anew: `node dashboards/dist/write.js`. */
const json = new URL('../json/', import.meta.url);
const deploy = new URL('../../deploy/', import.meta.url);

function write(folder: URL, files: readonly { name: string; text: string }[]): void {
  for (const { name, text } of files) {
    const file = new URL(name, folder);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
  }
}

rmSync(json, { recursive: true, force: true });
write(json, dashboards.map(fileOf));
write(deploy, alertFiles);
