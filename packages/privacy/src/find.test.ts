import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasIdCheckDigit, passesLuhn } from './digits.js';
import { findPersonalData, maskOf } from './index.js';

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
    ['138.1234.5678', '手机号'],
    ['138-123-45678', '手机号'],
    ['1381\u20132345\u2013678', '手机号'],
    ['138\u200b12345678', '手机号'],
    ['tel_13812345678', '手机号'],
    ['一三八一二三四五六七八', '手机号'],
    ['1 3 8 1 2 3 4 5 6 7 8', '手机号'],
    ['0917-1234567', '固定电话'],
    ['微信号 zhangsan', '网络账号'],
    ['QQ: 12345', '网络账号'],
    ['a@b.cn', '电子邮箱'],
    ['110105 19491231 002X', '身份证号'],
    ['110105-19491231-002X', '身份证号'],
    ['11010519491231002XA', '身份证号'],
    ['110105491231002', '身份证号'],
    ['610222********1234', '身份证号'],
    ['身份证110105194912310020', '身份证号'],
    ['护照E12345678', '其他证件号'],
    ['台胞证 12345678', '其他证件号'],
    ['军官证:南字第01234567号', '其他证件号'],
    ['陕a12345', '车牌号'],
    ['陕A-12345', '车牌号'],
    ['WJ陕1234X', '车牌号'],
    ['使014578', '车牌号'],
    ['报警人张三', '姓名等标注'],
    ['嫌疑人:张三', '姓名等标注'],
    ['甲方:张三', '姓名等标注'],
    ['地址:中山路12号', '住址'],
    ['某某小区3号楼2单元', '住址'],
    ['9559901234567890123', '银行卡号'],
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
    '豫S23456省道',
    '联系人:无',
    '姓名:不详',
    '申请人:某公司',
    '甲方：彭镇人民政府',
    '死者：2人',
    '报警人称其手机被盗',
    '2026-10-13 14:05 接报',
    '致使100000元损失',
    '2026-10-01T08:00:00+08:00',
  ])('lets %s pass', (text) => {
    expect(findPersonalData(text)).toBeUndefined();
  });

  it('tells the date of a case from a date of birth by the days of the record', () => {
    const born = '110105194912310029'.slice(0, 17);
    const person = [...'0123456789X'].map((check) => born + check).find(hasIdCheckDigit)!;
    const dated = [...'0123456789'].map((last) => `61022220261003001${last}`).find(hasIdCheckDigit)!;
    const days = ['2026-10-05', '2026-10-06T08:00:00+08:00'];
    expect(findPersonalData(person, { kind: 'id', county: '610222', days })).toBe('身份证号');
    expect(findPersonalData(dated, { kind: 'id', county: '610222', days })).toBeUndefined();
    expect(findPersonalData(dated, { kind: 'text', days })).toBeUndefined();
    expect(findPersonalData(`身份证${dated}`, { kind: 'text', days })).toBe('身份证号');
    expect(findPersonalData(dated, { kind: 'id', county: '610222', days: ['2060-01-01'] })).toBe('身份证号');
  });

  it('lets running numbers pass where their source vouches for them, but no identity number', () => {
    const serial = { kind: 'id', serial: true } as const;
    expect(findPersonalData('13812345678', serial)).toBeUndefined();
    expect(findPersonalData('6222021234567890128', serial)).toBeUndefined();
    expect(findPersonalData('11010519491231002X', serial)).toBe('身份证号');
    expect(findPersonalData('13812345678', { kind: 'text', serial: true })).toBe('手机号');
  });

  it('takes time in proportion to the length, whatever the text is', () => {
    const unit = [
      '1',
      '13',
      '138 ',
      'a',
      'a.',
      'x*',
      '-',
      '0917-',
      '0',
      '陕A',
      '路1',
      '当事人',
      '1*',
      '(86)',
      'QQ',
      'WJ',
    ];
    for (const text of unit.map((part) => part.repeat(40_000 / part.length))) {
      const begun = process.cpuUsage();
      findPersonalData(text);
      findPersonalData(`${text}\u3002`);
      const { user } = process.cpuUsage(begun);
      expect(user / 1000, text.slice(0, 12)).toBeLessThan(1_000);
    }
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
    const place = fc
      .tuple(fc.constantFrom(11, 23, 36, 44, 52, 61, 71, 82), fc.integer({ min: 1000, max: 9999 }))
      .map(([province, rest]) => `${province}${rest}`);
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
