import { describe, expect, it } from 'vitest';
import { RowBuffer } from './row-buffer.js';

/** ClickHouse's reading of a text: its length as a varint, then its bytes. */
function readText(bytes: Buffer, at: number): { text: string; end: number } {
  let length = 0;
  let shift = 0;
  let from = at;
  for (; ; from += 1) {
    const byte = bytes[from]!;
    length += (byte & 0x7f) * 2 ** shift;
    shift += 7;
    if (byte < 0x80) break;
  }
  const end = from + 1 + length;
  return { text: bytes.toString('utf8', from + 1, end), end };
}

describe('RowBuffer', () => {
  it('writes texts of any length and script, one behind the other', () => {
    const lengths = [0, 1, 39, 40, 41, 127, 128, 129, 16_383, 16_384, 70_000];
    const texts = lengths.flatMap((length) => ['a'.repeat(length), '镇'.repeat(length), `${'b'.repeat(length)}é👮`]);
    // Smaller than one of the longer texts: the buffer has to grow between and inside them.
    const buffer = new RowBuffer(1);
    for (const text of texts) buffer.text(text);
    const bytes = buffer.bytes();
    let at = 0;
    for (const text of texts) {
      const found = readText(bytes, at);
      expect(found.text === text).toBe(true);
      at = found.end;
    }
    expect(at).toBe(bytes.length);
  });

  it('writes numbers in little endian, whole ones up to 2^53 and below zero', () => {
    const buffer = new RowBuffer(1);
    const whole = [0, 1, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    for (const value of whole) buffer.int64(value);
    buffer.uint32(2 ** 32 - 1);
    buffer.float64(-0.1);
    buffer.byte(255);
    const bytes = buffer.bytes();
    expect(whole.map((_, i) => bytes.readBigInt64LE(8 * i))).toEqual(whole.map(BigInt));
    const at = 8 * whole.length;
    expect([bytes.readUInt32LE(at), bytes.readDoubleLE(at + 4), bytes[at + 12]]).toEqual([2 ** 32 - 1, -0.1, 255]);
    expect(bytes).toHaveLength(at + 13);
  });

  it('keeps what was skipped for later, also when it has grown since', () => {
    const buffer = new RowBuffer(1);
    buffer.text('before');
    const at = buffer.skip(8);
    buffer.text('x'.repeat(5_000));
    buffer.overwrite(at, '\u00ff\u0000\u0080abcdefg', 8);
    expect([...buffer.slice(at, at + 8)]).toEqual([255, 0, 128, 97, 98, 99, 100, 101]);
    expect(readText(buffer.bytes(), 0).text).toBe('before');
    expect(readText(buffer.bytes(), at + 8).text).toBe('x'.repeat(5_000));
  });
});
