/** One Kafka message as it was read; `value` null is a tombstone, which no producer of ours writes. */
export interface RawMessage {
  offset: bigint;
  key: Buffer | null;
  value: Buffer | null;
}

const ABSENT = 0xffffffff;
const HEADER_BYTES = 16;

/** Packs messages as [offset u64][key length u32][value length u32][key][value]…: any byte survives, nothing is parsed. */
export function packMessages(messages: readonly RawMessage[]): Buffer {
  let size = 0;
  for (const { key, value } of messages) size += HEADER_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  const packed = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { offset, key, value } of messages) {
    at = packed.writeBigUInt64LE(offset, at);
    at = packed.writeUInt32LE(key?.length ?? ABSENT, at);
    at = packed.writeUInt32LE(value?.length ?? ABSENT, at);
    if (key) at += key.copy(packed, at);
    if (value) at += value.copy(packed, at);
  }
  return packed;
}

/** The messages one by one, so that none outlives its handling. @throws RangeError when the bytes were cut. */
export function* unpackMessages(packed: Buffer): Generator<RawMessage> {
  let at = 0;
  const take = (length: number): Buffer | null => {
    if (length === ABSENT) return null;
    if (at + length > packed.length) throw new RangeError('packed window is cut short');
    const part = packed.subarray(at, at + length);
    at += length;
    return part;
  };
  while (at < packed.length) {
    const offset = packed.readBigUInt64LE(at);
    const keyLength = packed.readUInt32LE(at + 8);
    const valueLength = packed.readUInt32LE(at + 12);
    at += HEADER_BYTES;
    const key = take(keyLength);
    yield { offset, key, value: take(valueLength) };
  }
}
