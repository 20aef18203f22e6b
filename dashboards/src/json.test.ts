import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertFiles, dashboards, deployFolder, fileOf, jsonFolder } from './index.js';

it('the committed files are those of the source; if not: node dashboards/dist/write.js', () => {
  const files = dashboards.map(fileOf);
  const found = readdirSync(jsonFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  expect(found.sort()).toEqual(files.map(({ name }) => name).sort());
  for (const { name, text } of files) expect(readFileSync(new URL(name, jsonFolder), 'utf8') === text, name).toBe(true);
});

it('so are the rules of alerts and their runbook', () => {
  for (const { name, text } of alertFiles)
    expect(readFileSync(new URL(name, deployFolder), 'utf8') === text, name).toBe(true);
});
