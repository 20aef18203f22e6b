/** One Kafka message; `value` null is a tombstone, which no producer of ours writes. Offsets stay below 2^53. */
export interface RawMessage {
  offset: number;
  /** When it was written to the log, milliseconds. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
}

const ABSENT = 0xffffffff;
const HEADER_BYTES = 24;
const HIGH_WORD = 2 ** 32;
const SMALLEST_BYTES = 4_096;

/**
 * Collects messages as [offset u64][timestamp f64][key length u32][value length u32][key][value]…: any byte survives,
 * nothing is parsed. Another form needs another `windowBytesKey`, or windows that wait in Redis at an upgrade are misread.
 * The bytes are copied at once, since a message as kafkajs hands it over keeps its whole fetch in memory.
 */
export class MessagePack {
  private buffer = Buffer.allocUnsafeSlow(SMALLEST_BYTES);
  private length = 0;

  add({ offset, timestamp, key, value }: RawMessage): void {
    this.reserve(HEADER_BYTES + (key?.length ?? 0) + (value?.length ?? 0));
    const { buffer } = this;
    let at = buffer.writeUInt32LE(offset % HIGH_WORD, this.length);
    at = buffer.writeUInt32LE(Math.floor(offset / HIGH_WORD), at);
    at = buffer.writeDoubleLE(timestamp, at);
    at = buffer.writeUInt32LE(key?.length ?? ABSENT, at);
    at = buffer.writeUInt32LE(value?.length ?? ABSENT, at);
    if (key) at += key.copy(buffer, at);
    if (value) at += value.copy(buffer, at);
    this.length = at;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Starts anew in the same memory: bytes handed out before are overwritten. */
  clear(): void {
    this.length = 0;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.length + bytes, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

/** One message inside the bytes of its window; key and value are cut out only when someone asks. */
export class PackedMessage {
  constructor(
    private readonly packed: Buffer,
    readonly offset: number,
    readonly timestamp: number,
    private readonly keyStart: number,
    private readonly keyLength: number | null,
    /** Bytes of the value, null for a tombstone. */
    readonly valueLength: number | null,
  ) {}

  get key(): Buffer | null {
    if (this.keyLength === null) return null;
    return this.packed.subarray(this.keyStart, this.keyStart + this.keyLength);
  }

  get value(): Buffer | null {
    if (this.valueLength === null) return null;
    return this.packed.subarray(this.valueStart, this.valueStart + this.valueLength);
  }

  /** The value as UTF-8 text, with U+FFFD for what is not; empty for a tombstone. */
  text(): string {
    return this.packed.toString('utf8', this.valueStart, this.valueStart + (this.valueLength ?? 0));
  }

  private get valueStart(): number {
    return this.keyStart + (this.keyLength ?? 0);
  }
}

/** The messages one by one, so that none outlives its handling. @throws RangeError when the bytes were cut. */
export function* unpackMessages(packed: Buffer): Generator<PackedMessage> {
  let at = 0;
  while (at < packed.length) {
    const offset = packed.readUInt32LE(at) + packed.readUInt32LE(at + 4) * HIGH_WORD;
    const timestamp = packed.readDoubleLE(at + 8);
    const keyLength = packed.readUInt32LE(at + 16);
    const valueLength = packed.readUInt32LE(at + 20);
    const keyStart = at + HEADER_BYTES;
    at = keyStart + (keyLength === ABSENT ? 0 : keyLength) + (valueLength === ABSENT ? 0 : valueLength);
    if (at > packed.length) throw new RangeError('packed window is cut short');
    const absent = (length: number) => (length === ABSENT ? null : length);
    yield new PackedMessage(packed, offset, timestamp, keyStart, absent(keyLength), absent(valueLength));
  }
}
