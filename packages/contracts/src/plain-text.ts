/**
 * One form for texts that look the same, so that what a person takes for one name or number is one name or number to the
 * index, whichever way it comes in (docs/decisions/004).
 */

/** Characters without a shape: zero-width ones, joiners, soft hyphen, BOM, direction marks, variation selectors, fillers. */
const hidden = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Everything that prints as white; line ends and tabs are control characters and are left to the rules of the field. */
const blanks = /[\p{Zs}\p{Zl}\p{Zp}\u2800]+/gu;

const outerBlanks = /^[\s\u0085]+|[\s\u0085]+$/g;

const fullWidth = /[\uff01-\uff5e]/g;
const FULL_WIDTH_OFFSET = 0xfee0;

/** Hyphens and dashes that stand for the hyphen of a keyboard: input methods and word processors put them in numbers. */
const dashes = /[\u2010-\u2015\u2212\ufe58\ufe63]/g;

/** Texts that certainly have this form already; nearly all have, and the test costs as much as comparing them. */
const certainlyId =
  /^[!-~\u3001-\u3003\u3008-\u3015\u4e00-\u9fff]+(?: [!-~\u3001-\u3003\u3008-\u3015\u4e00-\u9fff]+)*$/;
const certainlyText =
  /^[!-~\u3001-\u3003\u3008-\u3015\u4e00-\u9fff\uff01-\uff5e]+(?: [!-~\u3001-\u3003\u3008-\u3015\u4e00-\u9fff\uff01-\uff5e]+)*$/;

export const isPlainId = (text: string): boolean => certainlyId.test(text);
export const isPlainText = (text: string): boolean => certainlyText.test(text);

const seen = (text: string): string => text.replace(hidden, '').replace(blanks, ' ').replace(outerBlanks, '');

/**
 * An identity (of a case, grid, unit, region, county): no hidden characters, one ordinary blank where there are blanks, none
 * outside, ASCII instead of its full-width forms, the ordinary hyphen, NFC. Upper and lower case stay different, and so do
 * ① and 1.
 */
export function plainId(text: string): string {
  if (certainlyId.test(text)) return text;
  return seen(text)
    .replace(fullWidth, (c) => String.fromCharCode(c.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replace(dashes, '-')
    .normalize('NFC');
}

/** A name or free text: the same, but full-width punctuation and dashes are how Chinese is written, and stay. */
export function plainText(text: string): string {
  return certainlyText.test(text) ? text : seen(text).normalize('NFC');
}

/** What nobody sees in a text, or what steers a terminal. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** For reports: hidden characters as `\u200b`, because the value as it stands may look exactly like the right one. */
export function visibleText(text: string): string {
  return text.replace(unseen, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}
