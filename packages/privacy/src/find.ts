import { withFigures } from './digits.js';
import type { PersonalData, TextContext } from './kinds.js';
import { findNumber } from './numbers.js';
import { findAsciiWords, findWords } from './words.js';

/** Hashes and UUIDs are what a ledger should carry instead of identities; digits inside them mean nothing. */
const hashLike =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9A-Za-z])/gi;

/** Without one of these an ASCII text has room for nothing: seven digits nearly together, a mask, a mark that names. */
const worthLooking = /\d(?:[-. _/()]{0,3}\d){6}|[@:*#]|[xX]{4}|[qQ]{2}|(?:w|v)x|wechat|weixin|[EG]\d/i;
const ENOUGH = 10;
const SHORTEST_HASH = 24;
const isDigit = (c: number) => c >= 48 && c <= 57;
/** x X # * hide digits. */
const isMask = (c: number) => c === 120 || c === 88 || c === 35 || c === 42;
/** Blank ( ) + - . / _ may stand between digits. */
const isGap = (c: number) => c === 32 || c === 40 || c === 41 || c === 43 || (c >= 45 && c <= 47) || c === 95;
const follows = (id: string, at: number, small: number) => (id.charCodeAt(at + 1) | 32) === small;

/** The same question for an id, of which there is one in every event: a look at each character is much cheaper. */
function idWorthLooking(id: string): boolean {
  let digits = 0;
  let gap = 0;
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (isDigit(c) || isMask(c)) {
      digits += 1;
      gap = 0;
      if (digits >= ENOUGH) return true;
    } else if (isGap(c)) {
      gap += 1;
      if (gap > 3) digits = 0;
      // @ : and anything beyond ASCII; QQ and wx in any case.
    } else if (c === 64 || c === 58 || c > 126) return true;
    else if (((c | 32) === 113 && follows(id, i, 113)) || ((c | 32) === 119 && follows(id, i, 120))) return true;
    else digits = 0;
  }
  return false;
}

const ascii = /^[ -~]*$/;
const hidden = /\p{Default_Ignorable_Code_Point}/gu;
const dashes = /[\u2010-\u2015\u2212]/g;
const blanks = /[\s\u2800]+/g;

const folded = (text: string): string =>
  text.normalize('NFKC').replace(hidden, '').replace(dashes, '-').replace(blanks, ' ');

/** The first kind of personal data found in a text. */
export function findPersonalData(text: string, context: TextContext = {}): PersonalData | undefined {
  const isId = context.kind === 'id';
  if (isId && !idWorthLooking(text)) return undefined;
  const isAscii = ascii.test(text);
  if (isAscii && !isId && !worthLooking.test(text)) return undefined;
  // Full-width digits, hidden characters and unusual hyphens are the usual way round a filter.
  const plain = isAscii ? text : folded(text);
  const rest = plain.length < SHORTEST_HASH ? plain : plain.replace(hashLike, ' ');
  const number = findNumber(rest, context);
  if (number !== undefined) return number;
  if (isAscii && isId) return findAsciiWords(rest);
  const figures = isAscii ? undefined : withFigures(rest);
  return (figures === undefined ? undefined : findNumber(figures, context)) ?? findWords(rest, context);
}

/** What may be shown of a value that holds personal data: its kind, nothing of itself. */
export function maskOf(kind: PersonalData): string {
  return `***(${kind})`;
}
