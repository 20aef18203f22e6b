import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { innocent, personal } from './corpus.js';
import { lineOf, measure } from './measure.js';

it('the shares that the README says are those of all texts, and inside their bounds', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8').replace(/ +\|/g, ' |');
  for (const row of personal) {
    const measured = measure(row);
    expect(measured.share, measured.examples.join(' ; ')).toBeGreaterThanOrEqual(row.bound);
    expect(readme).toContain(lineOf(measured));
  }
  for (const row of innocent) {
    const measured = measure(row);
    expect(measured.share, measured.examples.join(' ; ')).toBeLessThanOrEqual(row.bound);
    expect(readme).toContain(lineOf(measured));
  }
});
