import kafkajs from 'kafkajs';

// Node sees these two only as members of the default export.
const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Bits 0–2 of a batch's attributes, as Kafka numbers them. */
const names = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

export const compressionName = (type: number): string => names[type] ?? `type ${type}`;

/** Java clients and brokers frame snappy in chunks, librdkafka does not. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** The magic bytes, a version and the oldest version that can read it. */
const XERIAL_HEADER = XERIAL.length + 8;

async function unsnappy(bytes: Buffer): Promise<Buffer> {
  const { uncompress } = await import('snappy');
  const plain = async (part: Buffer) => (await uncompress(part)) as Buffer;
  if (!bytes.subarray(0, XERIAL.length).equals(XERIAL)) return plain(bytes);
  const parts: Buffer[] = [];
  for (let at = XERIAL_HEADER; at < bytes.length; ) {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    if (at > bytes.length) throw new RangeError('a snappy chunk is cut short');
    parts.push(await plain(bytes.subarray(start, at)));
  }
  return Buffer.concat(parts);
}

async function unlz4(bytes: Buffer): Promise<Buffer> {
  const { decompressFrame } = await import('lz4-napi');
  return decompressFrame(bytes);
}

async function unzstd(bytes: Buffer): Promise<Buffer> {
  // node:zlib knows zstd only from Node 22.15 on.
  const { decompress } = await import('fzstd');
  const { buffer, byteOffset, byteLength } = decompress(bytes);
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The product itself writes without compression. */
const compress = () => Promise.reject(new Error('compressing is not supported'));

/** Teaches kafkajs, which has gzip only, to read every compression of Kafka. A codec is loaded when a batch needs it. */
export function registerCodecs(): void {
  for (const [type, decompress] of [
    [CompressionTypes.Snappy, unsnappy],
    [CompressionTypes.LZ4, unlz4],
    [CompressionTypes.ZSTD, unzstd],
  ] as const)
    CompressionCodecs[type] = () => ({ compress, decompress });
}
