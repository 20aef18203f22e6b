const MAX_BYTES_PER_UNIT = 3;
const MAX_VARINT_BYTES = 5;

/** Writes values in ClickHouse's RowBinary form into a buffer that grows. */
export class RowBuffer {
  private buffer: Buffer;
  private length = 0;

  constructor(initialBytes: number) {
    this.buffer = Buffer.allocUnsafe(Math.max(1024, initialBytes));
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  text(text: string): void {
    this.reserve(text.length * MAX_BYTES_PER_UNIT + MAX_VARINT_BYTES);
    // Written one byte behind, since nearly all texts are shorter than 128 bytes and their length takes one.
    const written = this.buffer.write(text, this.length + 1);
    if (written < 0x80) {
      this.buffer[this.length] = written;
      this.length += written + 1;
      return;
    }
    const start = this.length + 1;
    let rest = written;
    const prefix: number[] = [];
    while (rest >= 0x80) {
      prefix.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    prefix.push(rest);
    this.buffer.copyWithin(this.length + prefix.length, start, start + written);
    for (const [i, byte] of prefix.entries()) this.buffer[this.length + i] = byte;
    this.length += prefix.length + written;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length] = value;
    this.length += 1;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeUInt32LE(value, this.length);
  }

  /** A whole number up to 2^53 as 64 bits; negative ones as two's complement. */
  int64(value: number): void {
    this.reserve(8);
    const high = Math.floor(value / 2 ** 32);
    this.length = this.buffer.writeUInt32LE(value - high * 2 ** 32, this.length);
    this.length = this.buffer.writeInt32LE(high, this.length);
  }

  /** Sixteen hexadecimal digits as 64 bits. */
  hex64(digits: string): void {
    this.reserve(8);
    this.length = this.buffer.writeUInt32LE(Number.parseInt(digits.slice(8), 16), this.length);
    this.length = this.buffer.writeUInt32LE(Number.parseInt(digits.slice(0, 8), 16), this.length);
  }

  uint64(value: bigint): void {
    this.reserve(8);
    this.length = this.buffer.writeBigUInt64LE(value, this.length);
  }

  float64(value: number): void {
    this.reserve(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.length + bytes, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}
