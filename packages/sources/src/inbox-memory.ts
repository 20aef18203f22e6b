import { z } from 'zod';
import { readJson, writeWhole } from './json-file.js';

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

/** Which ledgers were delivered, kept in one file. A lost or damaged file costs a second delivery of the same versions. */
export async function openInboxMemory(file: string): Promise<InboxMemory> {
  const parsed = memory.safeParse(await readJson(file));
  const entries = new Map(parsed.success ? Object.entries(parsed.data.delivered) : []);
  return {
    get: (key) => entries.get(key),
    set: async (key, value) => {
      entries.set(key, value);
      await writeWhole(file, `${JSON.stringify({ delivered: Object.fromEntries(entries) }, null, 1)}\n`);
    },
  };
}
