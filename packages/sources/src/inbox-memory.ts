import { statSync } from 'node:fs';
import { z } from 'zod';
import { readJsonNow, writeWhole } from './json-file.js';

const delivered = z.object({
  size: z.int(),
  mtimeMs: z.number(),
  sha256: z.string(),
  /** Digest of the mapping it was read with. */
  mapping: z.string(),
  /** Line of the last row. */
  lastLine: z.int(),
});

/** What Kafka has acknowledged of one ledger. */
export type Delivered = z.infer<typeof delivered>;

const memory = z.object({ delivered: z.record(z.string(), delivered) });

export interface InboxMemory {
  get: (key: string) => Delivered | undefined;
  /** Durable when the promise resolves. */
  set: (key: string, value: Delivered) => Promise<void>;
}

/**
 * Which ledgers were delivered, kept in one file. A lost or damaged file costs a second delivery of the same versions. A file that
 * was put in its place (`pingan restore`) counts from the next question on.
 */
export async function openInboxMemory(file: string): Promise<InboxMemory> {
  const stamp = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  let entries = new Map<string, Delivered>();
  let readAt: number | undefined;
  const fresh = (): Map<string, Delivered> => {
    const now = stamp();
    if (now !== readAt) {
      const parsed = memory.safeParse(readJsonNow(file));
      entries = new Map(parsed.success ? Object.entries(parsed.data.delivered) : []);
      readAt = now;
    }
    return entries;
  };
  return {
    get: (key) => fresh().get(key),
    set: async (key, value) => {
      const known = fresh().set(key, value);
      await writeWhole(file, `${JSON.stringify({ delivered: Object.fromEntries(known) }, null, 1)}\n`);
      readAt = stamp();
    },
  };
}
