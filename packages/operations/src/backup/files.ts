import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';

/** A backup holds events: for its owner only. */
const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

export interface Written {
  bytes: number;
  sha256: string;
}

class Counter extends Transform {
  bytes = 0;
  readonly hash: Hash = createHash('sha256');

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.hash.update(chunk);
    done(null, chunk);
  }

  get written(): Written {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

/** Native blocks are columns: the quickest level finds most of what there is to find. */
const GZIP_LEVEL = 1;

/** Writes chunks compressed into a new file; on disk when the promise resolves. Memory does not depend on how many come. */
export async function writeCompressed(path: string, chunks: AsyncIterable<Buffer>): Promise<Written> {
  const counter = new Counter();
  const file = createWriteStream(path, { flags: 'wx', mode: FILE_MODE });
  await pipeline(Readable.from(chunks, { objectMode: false }), createGzip({ level: GZIP_LEVEL }), counter, file);
  await sync(path);
  return counter.written;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file in one step, on disk when the promise resolves. */
export async function writeDurably(path: string, content: string | Buffer): Promise<Written> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const draft = `${path}.${process.pid}.tmp`;
  await writeFile(draft, content, { mode: FILE_MODE });
  await sync(draft);
  await rename(draft, path);
  const bytes = Buffer.from(content);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export async function digestOfFile(path: string): Promise<Written> {
  const counter = new Counter();
  counter.resume();
  await pipeline(createReadStream(path), counter);
  return counter.written;
}

/** What `writeCompressed` was given. */
export function readCompressed(path: string): Readable {
  const plain = createGunzip();
  createReadStream(path)
    .on('error', (error) => plain.destroy(error))
    .pipe(plain);
  return plain;
}
