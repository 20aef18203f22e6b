import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { compress } from 'snappy';
import { expect, it } from 'vitest';
import { registerCodecs } from './codecs.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;
registerCodecs();
type Codec = { decompress: (bytes: Buffer) => Promise<Buffer> };
const codec = (type: 2 | 3 | 4) => (CompressionCodecs[type]() as Codec).decompress;
const text = Buffer.from('平安'.repeat(50_000));

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

it('reads lz4 frames', async () => {
  const bytes = await compressFrame(text);
  expect((await codec(CompressionTypes.LZ4)(bytes)).equals(text)).toBe(true);
  await expect(codec(CompressionTypes.LZ4)(bytes.subarray(0, bytes.length / 2))).rejects.toThrow();
});

it('reads snappy as librdkafka writes it, and in the chunks of Java clients', async () => {
  const unsnappy = codec(CompressionTypes.Snappy);
  expect((await unsnappy(await compress(text))).equals(text)).toBe(true);
  const header = Buffer.concat([Buffer.from([0x82]), Buffer.from('SNAPPY\0'), int32(1), int32(1)]);
  const chunks = await Promise.all(
    [text.subarray(0, 32_768), text.subarray(32_768)].map(async (part) => {
      const bytes = await compress(part);
      return Buffer.concat([int32(bytes.length), bytes]);
    }),
  );
  const framed = Buffer.concat([header, ...chunks]);
  expect((await unsnappy(framed)).equals(text)).toBe(true);
  await expect(unsnappy(framed.subarray(0, -3))).rejects.toThrow('cut short');
});

it('reads zstd', async () => {
  // `printf '平安平安平安平安平安平安平安平安' | zstd`, since node:zlib of the oldest Node that serves cannot write it.
  const bytes = Buffer.from('KLUv/QRYZQAAMOW5s+WuiQEAA5Ui5KluAg==', 'base64');
  expect(String(await codec(CompressionTypes.ZSTD)(bytes))).toBe('平安'.repeat(8));
  await expect(codec(CompressionTypes.ZSTD)(Buffer.from('torn'))).rejects.toThrow();
});
