import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPersonalData, hasIdCheckDigit, maskOf, passesLuhn } from './personal-data.js';

describe('findPersonalData', () => {
  it.each([
    ['11010519491231002X', '身份证号'],
    ['身份110105194912310020', undefined],
    ['ID11010519491231002x', '身份证号'],
    ['13812345678', '手机号'],
    ['来电13812345678反映', '手机号'],
    ['+8613812345678', '手机号'],
    ['138 1234 5678', '手机号'],
    ['tel:138-1234-5678', '手机号'],
    ['\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18', '手机号'],
    ['6222021234567890128', '银行卡号'],
    ['4111 1111 1111 1111', '银行卡号'],
    ['陕A12345', '车牌号'],
    ['陕A·D12345', '车牌号'],
    ['姓名\uff1a张三', '姓名等标注'],
    ['联系人: 李四', '姓名等标注'],
  ])('%s is %s', (text, kind) => {
    expect(findPersonalData(text)).toBe(kind);
  });

  it.each([
    'BCS-00065327',
    'GD20251001138123456789',
    '610222101001',
    '1763779200000',
    '20251101138000',
    'A6102220000002025110012',
    '550e8400-e29b-41d4-a716-413812345678',
    '410122202501010016',
    '1234567890123456789',
    '陕政发2025',
    '陕A20250001号',
    'burglary',
    '2026-10-01T08:00:00+08:00',
  ])('lets %s pass', (text) => {
    expect(findPersonalData(text)).toBeUndefined();
  });

  it('lets every hexadecimal digest pass', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    // Digests made of digits only are the hard ones.
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 64, maxLength: 64 });
    const runs = { numRuns: 3000 };
    fc.assert(
      fc.property(fc.oneof(hex(24), hex(32), hex(40), hex(64), digits), (id) => !findPersonalData(id)),
      runs,
    );
    fc.assert(
      fc.property(fc.uuid(), (id) => findPersonalData(id) === undefined),
      runs,
    );
    const mixed = fc.tuple(hex(20), fc.integer({ min: 10_000_000, max: 99_999_999 }), hex(33));
    fc.assert(
      fc.property(mixed, ([a, n, b]) => findPersonalData(`${a}138${n}${b}`) === undefined),
      runs,
    );
  });

  it('finds every identity number and mobile number inside a sentence', () => {
    const day = fc.date({ min: new Date('1930-01-01'), max: new Date('2020-01-01'), noInvalidDate: true });
    const place = fc.integer({ min: 110_000, max: 820_000 });
    fc.assert(
      fc.property(place, day, fc.integer({ min: 0, max: 999 }), (code, date, order) => {
        const body = `${code}${date.toISOString().slice(0, 10).replaceAll('-', '')}${String(order).padStart(3, '0')}`;
        const valid = [...'0123456789X'].map((check) => body + check).filter(hasIdCheckDigit);
        expect(valid).toHaveLength(1);
        expect(findPersonalData(`申请人证件${valid[0]}已核`)).toBe('身份证号');
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }), (number) => {
        expect(findPersonalData(`回访${number}未接`)).toBe('手机号');
        expect(findPersonalData(`9${number}`)).toBeUndefined();
      }),
    );
  });

  it('shows nothing of what it found', () => {
    expect(maskOf('手机号')).toBe('***(手机号)');
    expect(passesLuhn('4111111111111111')).toBe(true);
    expect(passesLuhn('4111111111111112')).toBe(false);
  });
});
