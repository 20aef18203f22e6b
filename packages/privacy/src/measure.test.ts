import { describe, expect, it } from 'vitest';
import { type CorpusRow, innocent, personal } from './corpus.js';
import { measure } from './measure.js';

/** A tenth of the texts; what the README says of all of them is measured in the long form. */
const textsOf = ({ count }: CorpusRow) => count / 10;

describe('on the generated corpus', () => {
  it.each(personal.map((row) => [row.name, row] as const))('finds %s', (_, row) => {
    const { share, examples } = measure(row, textsOf(row));
    expect(share, examples.join(' ; ')).toBeGreaterThanOrEqual(row.bound);
  });

  it.each(innocent.map((row) => [row.name, row] as const))('lets pass %s', (_, row) => {
    const { share, examples } = measure(row, textsOf(row));
    expect(share, examples.join(' ; ')).toBeLessThanOrEqual(row.bound);
  });
});
