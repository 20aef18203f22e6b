import { createHash } from 'node:crypto';
import { withheldMessage } from '@pingan/contracts';
import { MessagePack, unpackMessages } from '@pingan/messaging';
import { describe, expect, it } from 'vitest';
import { deadLetterOf } from './letter.js';

const letterOf = (value: string | null, key = '610222/src/C-1') => {
  const pack = new MessagePack();
  pack.add({ offset: 7, timestamp: 0, key: Buffer.from(key), value: value === null ? null : Buffer.from(value) });
  const [message] = unpackMessages(pack.bytes());
  const verdict = { kind: 'dead', reason: 'invalid_event', detail: '' } as const;
  return deadLetterOf({ topic: 'pingan.police', partition: 2 }, message!, verdict);
};
const bytesOf = (value: string | null, key?: string) => Buffer.from(letterOf(value, key).bytes, 'base64').toString();

describe('deadLetterOf', () => {
  it.each(['{"case_id":"C-1","n":1}', 'no json', '', '{"case_id":"610222202610030012","occurred_at":"2026-10-03"}'])(
    'keeps the bytes of %s',
    (value) => expect(bytesOf(value)).toBe(value),
  );

  it('keeps nothing of a tombstone', () => expect(letterOf(null).bytes).toBe(''));

  it.each([
    ['{"case_id":"C-1","note":"电话13812345678"}', '{"case_id":"C-1","note":"***(手机号)"}'],
    ['{"a":[{"姓名":"张三"}]}', '{"a":[{"姓名":"***(姓名等标注)"}]}'],
    ['{"phone":13812345678}', '{"phone":"***(手机号)"}'],
    ['{"13812345678":1}', '{"***(手机号)":"***(手机号)"}'],
    ['not json 13812345678', '***(手机号)'],
    [`${'['.repeat(40)}"13812345678"${']'.repeat(40)}`, '***(手机号)'],
  ])('withholds %s', (value, masked) => {
    expect(withheldMessage(bytesOf(value))).toEqual({
      withheld: 'personal_data',
      sha256: createHash('sha256').update(value).digest('hex'),
      bytes: Buffer.byteLength(value),
      masked,
    });
  });

  it('masks the free part of a key', () => {
    expect(letterOf('{}', '610222/src/张三13812345678').key).toBe('610222/src/***(手机号)');
    expect(letterOf('{}', '13812345678').key).toBe('***(手机号)');
    expect(letterOf('{}', '610222/src/C/1').key).toBe('610222/src/C/1');
  });
});

describe('withheldMessage', () => {
  it.each(['', '{"withheld":"personal_data",', '{"withheld":"personal_data","sha256":"x","bytes":1,"masked":""}'])(
    'is not %s',
    (text) => expect(withheldMessage(text)).toBeUndefined(),
  );
});
