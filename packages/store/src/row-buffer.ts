const MAX_BYTES_PER_UNIT = 3;
const MAX_VARINT_BYTES = 5;
const SHORT_UNITS = 40;

/** Writes values in ClickHouse's RowBinary form into a buffer that grows. */
export class RowBuffer {
  private buffer: Buffer;
  private end = 0;

  constructor(initialBytes: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(1024, initialBytes));
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.end);
  }

  get length(): number {
    return this.end;
  }

  /** A view of bytes already written; good until the next write. */
  slice(from: number, to: number): Buffer {
    return this.buffer.subarray(from, to);
  }

  /** Leaves room for what `overwrite` puts there later. Returns where. */
  skip(bytes: number): number {
    this.reserve(bytes);
    this.end += bytes;
    return this.end - bytes;
  }

  /** The first so many bytes of a text of code units below 256. */
  overwrite(at: number, latin1: string, bytes: number): void {
    this.buffer.write(latin1, at, bytes, 'latin1');
  }

  text(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT + MAX_VARINT_BYTES);
    if (text.length <= SHORT_UNITS && this.plainText(text)) return;
    // Written one byte behind, since nearly all texts are shorter than 128 bytes and their length takes one.
    const written = this.buffer.write(text, this.end + 1);
    if (written < 0x80) {
      this.buffer[this.end] = written;
      this.end += written + 1;
      return;
    }
    const start = this.end + 1;
    let rest = written;
    const prefix: number[] = [];
    while (rest >= 0x80) {
      prefix.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    prefix.push(rest);
    this.buffer.copyWithin(this.end + prefix.length, start, start + written);
    for (const [i, byte] of prefix.entries()) this.buffer[this.end + i] = byte;
    this.end += prefix.length + written;
  }

  /** Short ASCII texts are most of a row, and writing their units here is half the price of a call into C++. */
  private plainText(text: string): boolean {
    const { buffer, end } = this;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return false;
      buffer[end + 1 + i] = unit;
    }
    buffer[end] = text.length;
    this.end = end + 1 + text.length;
    return true;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.end] = value;
    this.end += 1;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.end = this.buffer.writeUInt32LE(value, this.end);
  }

  /** A whole number up to 2^53 as 64 bits; negative ones as two's complement. */
  int64(value: number): void {
    this.reserve(8);
    const high = Math.floor(value / 2 ** 32);
    this.end = this.buffer.writeUInt32LE(value - high * 2 ** 32, this.end);
    this.end = this.buffer.writeInt32LE(high, this.end);
  }

  float64(value: number): void {
    this.reserve(8);
    this.end = this.buffer.writeDoubleLE(value, this.end);
  }

  private reserve(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.end + bytes, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}
