import {
  besideTexts,
  type Cells,
  cellsOf,
  changesParts,
  explanationParts,
  monthMetaCells,
  monthTableCells,
  monthTableParts,
  type Part,
  quarterCells,
  quarterParts,
  rankingCells,
  rankingParts,
  sensitivityParts,
  shareTexts,
  sideBySideCells,
  sideBySideParts,
  stalenessText,
  staleText,
  whatIfCells,
  whatIfParts,
  withoutCaseParts,
  yearCells,
  yearParts,
} from '@pingan/presentation';
import {
  type ExplanationFound,
  findChanges,
  findExplanation,
  findMonthTable,
  findQuarter,
  findRanking,
  findSensitivity,
  findSideBySide,
  findWhatIf,
  findWithoutCase,
  findYear,
  type QuarterFound,
  type RankingFound,
  type YearFound,
} from '@pingan/queries';
import type { Context, Output } from '../context.js';
import { spreadsheet } from '../csv.js';
import { readAnnualItems } from '../input/annual-items.js';
import { printJson, printParts } from '../print.js';

/** How a question's answer is shown: `json` is the answer itself, `csv` for spreadsheets the tables without the sentences. */
interface Shown<F> {
  parts: (found: F) => Part[];
  /** Where a spreadsheet has more columns than a terminal. */
  cells?: (found: F) => Cells;
  /** What a spreadsheet has no room for, and must not be missed. */
  remark?: (found: F) => string | null;
}

type Format<A> = A & { format: 'table' | 'json' | 'csv' };

function show<F extends { answer: object; stale?: string[] }>(
  output: Output,
  { found, format, parts, cells, remark }: { found: F; format: string } & Shown<F>,
): void {
  const notes = [staleText(found.stale ?? []), format === 'csv' && remark ? remark(found) : null];
  for (const note of notes) if (note !== null) output.note(note);
  if (format === 'json') printJson(output.out, found.answer);
  else if (format === 'csv') output.out(spreadsheet(cells ? cells(found) : cellsOf(parts(found))));
  else printParts(output, parts(found));
}

type Find<A, F> = (store: Context['store'], asked: A, now: number) => Promise<F>;

/** A command that answers one question about a county and changes nothing. */
const question =
  <A, F extends { answer: object; stale?: string[] }>(find: Find<A, F>, shown: Shown<F>) =>
  async (context: Context, { format, ...asked }: Format<A>): Promise<void> =>
    show(context, { found: await find(context.store, asked as A, Date.now()), format, ...shown });

const monthRemark = ({ answer, head }: RankingFound | ExplanationFound) => {
  if (answer.stale !== undefined) return stalenessText(answer.stale, head);
  return answer.unplaced ? shareTexts(head.period, answer.unplaced).join('\n') : null;
};

const monthsRemark = ({ answer }: QuarterFound | YearFound) => besideTexts(answer).join('\n') || null;

/** `pingan rank`. */
export const rankCommand = question(findRanking, { parts: rankingParts, cells: rankingCells, remark: monthRemark });

/** `pingan explain`: every number behind one score; contributions less deductions are the score. */
export const explainCommand = question(findExplanation, { parts: explanationParts, remark: monthRemark });

/** `pingan changes`: the way from one month's score to another's. */
export const changesCommand = question(findChanges, { parts: changesParts });

/** `pingan without-case`: who stands where if one case were not there. Stores nothing. */
export const withoutCaseCommand = question(findWithoutCase, { parts: withoutCaseParts });

/** `pingan quarter`: means of three months on what is known now, ranked. */
export const quarterCommand = question(findQuarter, {
  parts: quarterParts,
  cells: quarterCells,
  remark: monthsRemark,
});

const year = question(findYear, { parts: yearParts, cells: yearCells, remark: monthsRemark });

/** `pingan year`: mean of twelve months, annual items and vetoes, graded. */
export const yearCommand = (
  context: Context,
  { items, ...asked }: Format<{ county: string; period: string; items: string | undefined }>,
): Promise<void> =>
  year(context, { ...asked, readItems: items ? (units) => readAnnualItems(items, units) : undefined });

/** `pingan table month`: units and their indicators, as other commands read them. */
export const tableMonth = question(findMonthTable, { parts: monthTableParts, cells: monthTableCells });

/** `pingan table month --meta`: the indicator table that goes with it. */
export const tableMonthMeta = question(findMonthTable, { parts: monthTableParts, cells: monthMetaCells });

/** `pingan scheme what-if`: the months under another scheme beside the one in force. Stores nothing. */
export const schemeWhatIf = question(findWhatIf, { parts: whatIfParts, cells: whatIfCells });

/** `pingan scheme what-if` with several files: each beside the one in force. Stores nothing. */
export const schemeSideBySide = question(findSideBySide, { parts: sideBySideParts, cells: sideBySideCells });

/** `pingan scheme sensitivity`: how much of a month's ranking is the scheme's choice. */
export const schemeSensitivity = question(findSensitivity, { parts: sensitivityParts });
