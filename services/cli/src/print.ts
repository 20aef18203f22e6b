import type { Part } from '@pingan/presentation';
import type { Output } from './context.js';
import { renderTable } from './table.js';

type Out = Output['out'];

export function printParts({ out, coloured }: Pick<Output, 'out' | 'coloured'>, parts: readonly Part[]): void {
  for (const part of parts) {
    if (typeof part === 'string') out(part);
    else if (coloured) coloured((paint) => renderTable(part, { paint }));
    else out(renderTable(part));
  }
}

/** For programs: null where a number cannot be known. */
export const printJson = (out: Out, answer: object): void => out(JSON.stringify(answer, null, 2));
