import { dayAt, hasIdCheckDigit, passesLuhn, provinces } from './digits.js';
import type { PersonalData, TextContext } from './kinds.js';

/** The words before a number decide what it is. */
const LABEL_CHARS = 14;
const before = (text: string, at: number) => text.slice(Math.max(0, at - LABEL_CHARS), at);

const idLabel = /(?:身份证|身份号|公民身份|证件)[^\d]{0,8}$/;
const cardLabel = /(?:银行卡|储蓄卡|信用卡|借记卡|卡号|账号|帐号|账户|帐户|收款|转账|汇入|汇款)[^\d]{0,8}$/;
const spokenLabel = /(?:tel|phone|mobile|mob|wx|vx|qq)$/i;

/** Numbers made around the days of a record carry one of them: a case opened in spring may be recorded in summer. */
const NEAR_DAYS = 100;
/** Numbers of the county's own that are not of these days: a case taken up again, another record that is named. */
const OWN_DAYS = 6 * 365;
const OWN_REFERENCE_DAYS = 15 * 365;

/** Like `some` over `matchAll`, which copies its pattern and is several times slower. */
function someMatch(pattern: RegExp, text: string, test: (match: RegExpExecArray) => boolean): boolean {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) if (test(match)) return true;
  return false;
}

const isDivision = (county: string | undefined): county is string => county !== undefined && /^\d{6}$/.test(county);

const dayNumbers = (context: TextContext) =>
  (context.days ?? []).map((day) => Date.parse(day.slice(0, 10)) / 86_400_000).filter(Number.isFinite);

const isNear = (day: number, context: TextContext): boolean =>
  dayNumbers(context).some((one) => Math.abs(day - one) <= NEAR_DAYS);

/** Whether a date inside a number is that of a case. */
function isCaseDate(day: number, digits: string, context: TextContext): boolean {
  const days = dayNumbers(context);
  if (days.length === 0) return false;
  if (isNear(day, context)) return true;
  const { county, kind, reference } = context;
  const isOwn = kind === 'id' && isDivision(county) && digits.startsWith(county);
  // Nobody is born after the record, or so shortly before.
  return day > Math.max(...days) - (!isOwn ? NEAR_DAYS : reference ? OWN_REFERENCE_DAYS : OWN_DAYS);
}

const id18 = /(?<!\d)[1-8]\d(?:[- ]?\d){15}[- ]?[\dXx](?!\d)/g;
const id15 = new RegExp(
  `(?<![0-9A-Za-z])${provinces}\\d{4}(\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01]))\\d{3}(?![0-9A-Za-z])`,
  'g',
);
const province = new RegExp(`^${provinces}`);
const maskedId = /(?<![\dA-Za-z])[1-8]\d{1,13}[*xX×•●#]{4,14}[\dXx]{0,4}(?![\dA-Za-z*])/g;
const labelledId = /身份证(?:号码?|件号?)?\s?[:为是]?\s?[\dXx*]{6,}/;

function isIdentityNumber({ 0: found, index, input }: RegExpExecArray, context: TextContext): boolean {
  const digits = found.replace(/[- ]/g, '');
  const day = dayAt(digits, 6);
  if (!province.test(digits) || Number.isNaN(day) || !/^(?:19|20)/.test(digits.slice(6))) return false;
  return idLabel.test(before(input, index)) || (hasIdCheckDigit(digits) && !isCaseDate(day, digits, context));
}

function isOldIdentityNumber({ 0: digits, 1: birth, index, input }: RegExpExecArray, context: TextContext): boolean {
  const day = dayAt(`19${birth}`);
  if (Number.isNaN(day)) return false;
  if (idLabel.test(before(input, index))) return true;
  // As an id of a case: only a person of the county's own province.
  const { kind, county, days = [] } = context;
  if (kind === 'id' && isDivision(county) && !digits.startsWith(county.slice(0, 2))) return false;
  // Given until 1999; two digits up to the year of the record are more likely the year of a case.
  const newest = [...days].sort().at(-1)?.slice(2, 4) ?? '26';
  return birth!.slice(0, 2) > newest && !isCaseDate(day, digits, context);
}

function hasIdentityNumber(text: string, context: TextContext): boolean {
  return (
    someMatch(id18, text, (match) => isIdentityNumber(match, context)) ||
    someMatch(id15, text, (match) => isOldIdentityNumber(match, context)) ||
    someMatch(maskedId, text, ([found]) => found.length === 18 || found.length === 15) ||
    labelledId.test(text)
  );
}

const mobile = /(?<!\d)(?:(?:\+|00)?86[-. )]{0,2})?(1(?:[-. _/·]{0,3}\d){10})(?!\d)/g;
const maskedMobile = /(?<!\d)1[3-9]\d[*xX×•●]{4,5}\d{3,4}(?![\d*])/g;
const separators = /[-. _/·]+/;
/** How people write eleven digits; any other grouping is dates, times and counts that happen to stand together. */
const groupings = new Set([
  '11',
  '3,4,4',
  '3,3,5',
  '4,4,3',
  '4,3,4',
  '3,8',
  '7,4',
  '3,2,2,2,2',
  '3,2,3,3',
  Array(11).fill(1).join(),
]);
const besideNumber = /\d[-. _/·]{1,3}$/;
const beforeNumber = /^[-. _/·]{1,3}\d/;

function isMobile({ 0: found, 1: number, index, input }: RegExpExecArray, context: TextContext): boolean {
  const groups = number!.split(separators);
  const digits = groups.join('');
  if (digits[1]! < '3' || !groupings.has(groups.map((group) => group.length).join())) return false;
  const prefix = before(input, index);
  const rest = input.slice(index + found.length, index + found.length + 4);
  if (groups.length > 1 && (besideNumber.test(prefix) || beforeNumber.test(rest))) return false;
  if (context.kind !== 'id') return true;
  // Letters beside it are part of a case number, unless they are what a telephone is called.
  if (context.serial || /^[A-Za-z]/.test(rest)) return false;
  if (/[A-Za-z]$/.test(prefix) && !spokenLabel.test(prefix)) return false;
  return !isNear(dayAt(`20${digits.slice(0, 6)}`), context);
}

function hasMobile(text: string, context: TextContext): boolean {
  return (
    someMatch(mobile, text, (match) => isMobile(match, context)) ||
    someMatch(maskedMobile, text, ([found]) => found.length === 11)
  );
}

const landline =
  /(?<![\dA-Za-z])(?<![\dA-Za-z][-_. ])(?:\+?86[- ]?)?\(?(0(?:10|2\d|[3-9]\d{2})|(?<=86[- ]?)(?:10|2\d|[3-9]\d{2}))(\)?[-. ]{0,3})[1-9]\d{6,7}(?!\d)(?!-\d)/g;
const labelledTelephone =
  /(?:电话|座机|热线|致电|传真|(?<![A-Za-z])(?:tel|phone))(?:号码?|为|是|[: ])*[2-8]\d{2,3}[- ]?\d{4}(?!\d)/i;
const labelledNumber = /(?:电话|联系方式|手机)(?:号码?)?\s?:\s?[-\d *()+]{7,}/;

function isLandline({ 1: area, 2: gap }: RegExpExecArray, context: TextContext): boolean {
  if (context.kind !== 'id') return true;
  // 0917-… may be the seventeenth of September.
  const isDate = (context.days ?? []).some((day) => isNear(dayAt(`${day.slice(0, 4)}${area}`), context));
  return gap !== '' && !isDate;
}

function hasLandline(text: string, context: TextContext): boolean {
  return (
    someMatch(landline, text, (match) => isLandline(match, context)) ||
    labelledTelephone.test(text) ||
    labelledNumber.test(text)
  );
}

const card = /(?<![0-9A-Za-z])\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?![0-9A-Za-z])/g;
const longCard = /(?<![0-9A-Za-z])\d{6}[ -]\d{10,13}(?![0-9A-Za-z])/g;
/** UnionPay, Visa, Mastercard, JCB, and older debit cards. */
const issuer = /^(?:62|4|5[1-5]|35|95588|60)/;
/** Numbers without a word or gap that says what they are: only heads of the banks' own, by length. */
const heads: Record<number, RegExp> = {
  16: /^(?:62(?:14|17|2[1-9]|5\d|8[2-4])|4|5[1-5]|35(?:2[89]|[3-8]))/,
  17: /^(?:62225[89]|622260)/,
  18: /^62290[89]/,
  19: /^(?:62[1-3]|95588|60)/,
};
/** An id of sixteen digits is seldom a card: only heads of debit cards that are used most. */
const idHeads16 = /^62(?:148[356]|177[13]|257[5-9]|258[0-8]|26(?:1[5-9]|2[0-2]|3[0-2]|6\d|7[0-2]|9\d))/;
const idHeads = /^(?:62|9)/;
/** Case numbers of this length carry the day they were made. */
const dated = /(?:19[5-9]|20[0-4])\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;

function isBankCard({ 0: found, index, input }: RegExpExecArray, context: TextContext): boolean {
  const { kind, county, serial } = context;
  const digits = found.replace(/\D/g, '');
  // Numbers of the Agricultural Bank's older cards need not satisfy the check.
  if (digits.length === 19 && digits.startsWith('95599') && !serial) return true;
  if (!passesLuhn(digits)) return false;
  if (cardLabel.test(before(input, index)) || found.length > digits.length) return issuer.test(digits);
  if (serial || dated.test(digits) || !heads[digits.length]?.test(digits)) return false;
  if (isDivision(county) && digits.startsWith(county)) return false;
  return kind !== 'id' || (digits.length === 16 ? idHeads16 : idHeads).test(digits);
}

function hasBankCard(text: string, context: TextContext): boolean {
  return [card, longCard].some((pattern) => someMatch(pattern, text, (match) => isBankCard(match, context)));
}

/** Kinds of personal data that are numbers of a known form; the text has been folded (`find.ts`). */
export function findNumber(text: string, context: TextContext): PersonalData | undefined {
  if (hasIdentityNumber(text, context)) return '身份证号';
  if (hasMobile(text, context)) return '手机号';
  if (hasLandline(text, context)) return '固定电话';
  return hasBankCard(text, context) ? '银行卡号' : undefined;
}
