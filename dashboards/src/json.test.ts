import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertFiles, dashboards, fileOf } from './index.js';

const folder = new URL('../json/', import.meta.url);

it('the committed files are those of the source; if not: node dashboards/dist/write.js', () => {
  const files = dashboards.map(fileOf);
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  expect(found.sort()).toEqual(files.map(({ name }) => name).sort());
  for (const { name, text } of files) expect(readFileSync(new URL(name, folder), 'utf8') === text, name).toBe(true);
});

it('so are the rules of alerts and their runbook', () => {
  const deploy = new URL('../../deploy/', import.meta.url);
  for (const { name, text } of alertFiles)
    expect(readFileSync(new URL(name, deploy), 'utf8') === text, name).toBe(true);
});
