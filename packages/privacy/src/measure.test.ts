import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { innocent, personal } from './corpus.js';
import { lineOf, type Measured, measure } from './measure.js';

const measured: Measured[] = [];

describe('on the generated corpus', () => {
  it.each(personal.map((row) => [row.name, row] as const))('finds %s', (_, row) => {
    const result = measure(row);
    measured.push(result);
    expect(result.share, result.examples.join(' ; ')).toBeGreaterThanOrEqual(row.bound);
  });

  it.each(innocent.map((row) => [row.name, row] as const))('lets pass %s', (_, row) => {
    const result = measure(row);
    measured.push(result);
    expect(result.share, result.examples.join(' ; ')).toBeLessThanOrEqual(row.bound);
  });

  it('has the shares that the README says', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +\|/g, ' |');
    for (const one of measured) expect(readme).toContain(lineOf(one));
  });
});
