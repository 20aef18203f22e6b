/** GB/T 2260: the first two digits of a division code. */
export const provinces = '(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])';

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

const chineseDigits: Record<string, string> = {
  零: '0',
  〇: '0',
  '○': '0',
  一: '1',
  壹: '1',
  幺: '1',
  二: '2',
  贰: '2',
  两: '2',
  三: '3',
  叁: '3',
  四: '4',
  肆: '4',
  五: '5',
  伍: '5',
  六: '6',
  陆: '6',
  七: '7',
  柒: '7',
  八: '8',
  捌: '8',
  九: '9',
  玖: '9',
};
const chineseDigit = new RegExp(`[${Object.keys(chineseDigits).join('')}]`, 'g');
const chineseNumber = new RegExp(
  `[${Object.keys(chineseDigits).join('')}][ -]?[${Object.keys(chineseDigits).join('')}]`,
);

/** The text with digits written in Chinese as figures; undefined when it has no two in a row. */
export function withFigures(text: string): string | undefined {
  return chineseNumber.test(text) ? text.replace(chineseDigit, (c) => chineseDigits[c] ?? c) : undefined;
}

const DAY_MS = 86_400_000;

/** Days since 1970 of `YYYYMMDD` at a place; NaN when there is no such day. */
export function dayAt(digits: string, at = 0): number {
  const [year, month, day] = [digits.slice(at, at + 4), digits.slice(at + 4, at + 6), digits.slice(at + 6, at + 8)];
  const ms = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  return new Date(ms).getUTCDate() === Number(day) ? ms / DAY_MS : Number.NaN;
}
