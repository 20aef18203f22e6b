import type { Row } from '@pingan/composite';

const FRACTION = /^(\d+(?:\.\d+)?)\s*[/／]\s*(\d+(?:\.\d+)?)$/;

/** `1/3` as a number; anything else as it is. */
export function judgement(text: string): string | number {
  const [, over, under] = FRACTION.exec(text.trim()) ?? [];
  return over === undefined || Number(under) === 0 ? text : Number(over) / Number(under);
}

/** A row of a judgement table with its fractions worked out; the code stays text. */
export function judgementRow(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, cell]) => [
      key,
      key === 'iCode' || typeof cell !== 'string' ? cell : judgement(cell),
    ]),
  );
}
