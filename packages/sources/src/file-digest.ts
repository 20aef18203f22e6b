import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export interface FileDigest {
  sha256: string;
  /** Digest of the first `prefixBytes`, when asked for, and whether they end with a line end. */
  prefix?: { sha256: string; endsLine: boolean };
}

/** Reads a file once for the digest of all of it and, on the way, of its beginning. */
export async function digestFile(file: string, prefixBytes = 0): Promise<FileDigest> {
  const whole = createHash('sha256');
  let prefix: FileDigest['prefix'];
  let read = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    if (prefix === undefined && prefixBytes > 0 && read + chunk.length >= prefixBytes) {
      const end = prefixBytes - read;
      const sha256 = whole.copy().update(chunk.subarray(0, end)).digest('hex');
      prefix = { sha256, endsLine: chunk[end - 1] === 0x0a };
    }
    whole.update(chunk);
    read += chunk.length;
  }
  return { sha256: whole.digest('hex'), ...(prefix && { prefix }) };
}
