import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { LedgerError } from './ledger-error.js';

export const encodings = ['utf-8', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

const CHUNK_BYTES = 64 * 1024;

/** First bytes of files that are often renamed to .csv but are none. */
const foreignStarts: ReadonlyArray<{ bytes: readonly number[]; text: string }> = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], text: '这是 Excel（xlsx）或压缩文件，请用 WPS 或 Excel 打开，另存为 CSV UTF-8' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], text: '这是 Excel（xls）文件，请用 WPS 或 Excel 打开，另存为 CSV UTF-8' },
  { bytes: [0xff, 0xfe], text: '编码为 UTF-16，请另存为 UTF-8' },
  { bytes: [0xfe, 0xff], text: '编码为 UTF-16，请另存为 UTF-8' },
];

/**
 * The text of a file piece by piece, without byte order mark; `seen` is given the bytes it is made of.
 * @throws LedgerError at the first byte that is no text.
 */
export async function* textOf(file: string, encoding: Encoding, seen?: Hash): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let offset = 0;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      const hint =
        encoding === 'utf-8'
          ? '若为 GB18030/GBK，请在映射中写 encoding: gb18030，或另存为 UTF-8'
          : '请核对映射中的 encoding';
      throw new LedgerError(basename(file), [
        `不是有效的 ${encoding.toUpperCase()} 文本（第 ${offset + 1} 字节之后）；${hint}`,
      ]);
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (offset === 0) {
      const foreign = foreignStarts.find(({ bytes }) => bytes.every((byte, i) => chunk[i] === byte));
      if (foreign) throw new LedgerError(basename(file), [foreign.text]);
    }
    seen?.update(chunk);
    yield decode(chunk);
    offset += chunk.length;
  }
  if (offset === 0) throw new LedgerError(basename(file), ['文件是空的']);
  yield decode();
}

/**
 * Reads the whole file once to be sure that it is text in this encoding, so that a wrong one is refused before its first
 * row is sent. Returns the SHA-256 of its bytes. @throws LedgerError
 */
export async function checkText(file: string, encoding: Encoding): Promise<string> {
  const seen = createHash('sha256');
  for await (const _ of textOf(file, encoding, seen));
  return seen.digest('hex');
}
