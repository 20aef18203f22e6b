import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { alertFiles, dashboards, deployFolder, fileOf, jsonFolder } from './index.js';

/** Writes the committed files anew: `node dashboards/dist/write.js`. */
function write(folder: URL, files: readonly { name: string; text: string }[]): void {
  for (const { name, text } of files) {
    const file = new URL(name, folder);
    mkdirSync(new URL('.', file), { recursive: true });
    writeFileSync(file, text);
  }
}

rmSync(jsonFolder, { recursive: true, force: true });
write(jsonFolder, dashboards.map(fileOf));
write(deployFolder, alertFiles);
