import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stream, streams } from '@pingan/contracts';
import { openInboxMemory } from './inbox-memory.js';
import { ERROR_SUFFIX, isLedgerName, MAPPING_SUFFIX } from './inbox-names.js';
import { straysOfInbox, straysOfStream, UNREAD, unknownCounty, unmatchedReason } from './unread.js';

/** A file of the inbox that is not, or not as it is now, in the log. */
export interface InboxTrouble {
  /** Relative to the inbox. */
  file: string;
  /** `failed`: it was read and refused, see its `.error.txt`; `unread`: nobody has delivered it. */
  kind: 'failed' | 'unread';
  /** Milliseconds. */
  since: number;
  /** Chinese. */
  reason: string;
}

export interface InboxPlace {
  inbox: string;
  /** Folder where the producers remember what they delivered. */
  memories: string;
  /** Codes of registered counties; undefined when they cannot be asked for. */
  counties: ReadonlySet<string> | undefined;
  now: number;
}

/** A producer looks every two seconds, waits until a file stands still for three, and reads one after the other. */
const PATIENCE_MS = 60_000;

const REASON_LIMIT = 500;

/** A folder that is not there has nothing in it. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function oneLine(text: string): string {
  const line = text
    .split('\n')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  return line.length > REASON_LIMIT ? `${line.slice(0, REASON_LIMIT)}…` : line;
}

/** What of the inbox has not arrived, from the notes beside the files and the memory of the producers. */
export async function lookAtInbox(place: InboxPlace): Promise<InboxTrouble[]> {
  const found = await straysIn(place, '', straysOfInbox(await entriesOf(place.inbox)));
  for (const stream of streams) {
    const entries = await entriesOf(join(place.inbox, stream));
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    for (const name of folders) found.push(...(await lookAtFolder(place, stream, name)));
    // Files of a county that is not registered are named one by one.
    found.push(...(await straysIn(place, `${stream}/`, straysOfStream(stream, entries, new Set(folders)))));
  }
  return found.sort((a, b) => a.since - b.since || (a.file < b.file ? -1 : 1));
}

/** What lies where nobody looks. */
async function straysIn(
  place: InboxPlace,
  below: string,
  strays: ReadonlyMap<string, string>,
): Promise<InboxTrouble[]> {
  const found: InboxTrouble[] = [];
  for (const [name, reason] of strays) {
    const file = below + name;
    const since = await stat(join(place.inbox, file)).then(
      ({ ctimeMs }) => ctimeMs,
      () => undefined,
    );
    if (since !== undefined && place.now - since >= PATIENCE_MS) found.push({ file, kind: 'unread', since, reason });
  }
  return found;
}

async function lookAtFolder(place: InboxPlace, stream: Stream, county: string): Promise<InboxTrouble[]> {
  const folder = join(place.inbox, stream, county);
  const memory = await openInboxMemory(join(place.memories, `inbox-${stream}.json`));
  const names = (await entriesOf(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  const known = new Set(names);
  const stems = names
    .filter((name) => name.endsWith(MAPPING_SUFFIX))
    .map((name) => name.slice(0, -MAPPING_SUFFIX.length));
  const found: InboxTrouble[] = [];
  for (const name of names) {
    if (name.endsWith(ERROR_SUFFIX) || !(isLedgerName(name) || name.endsWith(MAPPING_SUFFIX))) continue;
    const file = `${stream}/${county}/${name}`;
    try {
      if (known.has(name + ERROR_SUFFIX)) {
        const note = join(folder, name + ERROR_SUFFIX);
        const reason = oneLine(await readFile(note, 'utf8'));
        const since = (await stat(note)).mtimeMs;
        const isUnread = reason.startsWith(UNREAD);
        found.push({ file, since, kind: isUnread ? 'unread' : 'failed', reason: reason.replace(UNREAD, '') });
        continue;
      }
      if (!isLedgerName(name)) continue;
      const { size, mtimeMs, ctimeMs } = await stat(join(folder, name));
      const delivered = stems.map((stem) => memory.get(`${county}/${stem}/${name}`)).filter((one) => one !== undefined);
      if (delivered.some((one) => one.size === size && one.mtimeMs === mtimeMs)) continue;
      if (place.now - ctimeMs < PATIENCE_MS) continue;
      const reason = unreadReason({ name, place, county, stream, stems, wasDelivered: delivered.length > 0 });
      found.push({ file, kind: 'unread', since: ctimeMs, reason });
    } catch (error) {
      // Taken away while being looked at.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return found;
}

function unreadReason(of: {
  name: string;
  place: InboxPlace;
  county: string;
  stream: Stream;
  stems: readonly string[];
  wasDelivered: boolean;
}): string {
  const { name, place, county, stream, stems, wasDelivered } = of;
  if (place.counties !== undefined && !place.counties.has(county)) return unknownCounty(county);
  if (wasDelivered) return `改动后还没有送出；请看 producer-${stream} 是否在运行`;
  const mappings = stems.map((stem) => stem + MAPPING_SUFFIX);
  return `${unmatchedReason(name, mappings)}，或 producer-${stream} 没有运行`;
}
