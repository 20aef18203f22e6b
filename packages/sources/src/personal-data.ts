/** Kinds of personal data that must never enter the log (domain.md 6); the text names them in rejections. */
export type PersonalData = '身份证号' | '手机号' | '车牌号' | '银行卡号' | '姓名等标注';

/** Hashes and UUIDs are what a ledger should carry instead of identities; digits inside them mean nothing. */
const hashLike =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9A-Za-z])/gi;

const idNumber = /(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g;
/** Letters before it are part of a case number, unless they are what a telephone is called. */
const mobile =
  /(?:(?<![0-9A-Za-z])|(?<=tel|phone|mobile|mob))(?:\+?86|0086)?[- ]?1[3-9]\d([- ]?)\d{4}\1\d{4}(?![0-9A-Za-z])/i;
const bankCard =
  /(?<![0-9A-Za-z])\d{16,19}(?![0-9A-Za-z])|(?<![0-9A-Za-z])\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?(?!\d)/g;
/** Issuers seen here: UnionPay, Visa, Mastercard, JCB, and older debit cards. Other long numbers are case numbers. */
const issuer = /^(?:62|4|5[1-5]|35|9558|60)/;
/** Case numbers of this length carry the day they were made. */
const dated = /(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;
const plate =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. ]?(?=[A-Z]{0,2}\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![0-9A-Za-z])/;
const label = /(?:姓名|报警人|当事人|联系人|信访人|申请人|联系电话|手机号码?|身份证号?码?|家庭住址|住址)\s*:\s*\S/;

const idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643: the last place is the check of the other seventeen. */
export function hasIdCheckDigit(id: string): boolean {
  const sum = idWeights.reduce((total, weight, i) => total + weight * Number(id[i]), 0);
  return '10X98765432'[sum % 11] === id[17]?.toUpperCase();
}

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const value = i % 2 === 0 ? digit : digit * 2;
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** Nothing can match without eleven digits, a colon or a plate's two first letters. */
const worthLooking = /\d{3}(?:[- ]?\d{4}){2}|:|[\u4e00-\u9fff][A-Z]/;

/** The first kind of personal data found in a text. */
export function findPersonalData(text: string): PersonalData | undefined {
  // Full-width digits and letters are the usual way round a filter.
  const plain = /^[ -~]*$/.test(text) ? text : text.normalize('NFKC');
  if (!worthLooking.test(plain)) return undefined;
  const rest = plain.replace(hashLike, ' ');
  for (const [found] of rest.matchAll(idNumber)) if (hasIdCheckDigit(found)) return '身份证号';
  if (mobile.test(rest)) return '手机号';
  for (const [found] of rest.matchAll(bankCard)) {
    const digits = found.replace(/\D/g, '');
    if (issuer.test(digits) && passesLuhn(digits) && !dated.test(digits)) return '银行卡号';
  }
  if (plate.test(rest)) return '车牌号';
  return label.test(rest) ? '姓名等标注' : undefined;
}

/** What may be shown of a value that holds personal data: its kind, nothing of itself. */
export function maskOf(kind: PersonalData): string {
  return `***(${kind})`;
}
