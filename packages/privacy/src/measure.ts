import { type CorpusRow, drawOf, innocent, personal } from './corpus.js';
import { findPersonalData } from './find.js';

const SEED = 20_261_001;

export interface Measured {
  row: CorpusRow;
  /** Percent in which personal data was found. */
  share: number;
  /** Some texts that went wrong. */
  examples: string[];
}

/** Over the row's own number of texts, or over its first few. */
export function measure(row: CorpusRow, texts = row.count): Measured {
  const draw = drawOf(SEED);
  const isPersonal = personal.includes(row);
  const examples: string[] = [];
  let found = 0;
  for (let i = 0; i < texts; i++) {
    const { text, context } = row.make(draw);
    const isFound = findPersonalData(text, context) !== undefined;
    if (isFound) found += 1;
    if (isFound !== isPersonal && examples.length < 5) examples.push(text);
  }
  return { row, share: (100 * found) / texts, examples };
}

/** A line of the README's tables. */
export function lineOf({ row, share }: Measured): string {
  return `| ${row.name} | ${row.count} | ${share.toFixed(2)} % |`;
}

/** Both tables: forms found, innocent forms taken for personal data. */
export function measuredTables(): string {
  return [personal, innocent].map((rows) => rows.map((row) => lineOf(measure(row))).join('\n')).join('\n\n');
}
