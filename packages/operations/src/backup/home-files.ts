import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { streams, topicOf } from '@pingan/contracts';
import type { Installation } from '../installation.js';
import { writeDurably } from './files.js';

/**
 * Files of the installation that no table holds: how far producers got (what was delivered, up to where a demo was sent) and the
 * mappings in the inbox. The ledgers themselves belong to their sources and may hold personal data: they stay where they are.
 */
const MAPPING_SUFFIX = '.mapping.yaml';

type Folders = Pick<Installation, 'home' | 'inbox'>;

export interface HomeFile {
  /** `sources/…` or `inbox/…`. */
  file: string;
  content: Buffer;
  /** Says what was delivered. */
  isMemory: boolean;
}

function placesOf({ home, inbox }: Folders): Record<string, string> {
  return { sources: join(home, 'sources'), inbox };
}

async function namesIn(folder: string, suffix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

export async function readHomeFiles(installation: Folders): Promise<HomeFile[]> {
  const { sources, inbox } = placesOf(installation) as { sources: string; inbox: string };
  const read = async (folder: string, label: string, suffix: string) =>
    Promise.all(
      (await namesIn(folder, suffix)).map(async (name) => ({
        file: `${label}/${name}`,
        content: await readFile(join(folder, name)),
        isMemory: label === 'sources',
      })),
    );
  return [...(await read(sources, 'sources', '.json')), ...(await read(inbox, 'inbox', MAPPING_SUFFIX))];
}

/** Of which stream a memory tells. */
const memoryName = new RegExp(`^sources/[a-z]+-(${streams.join('|')})[-.]`);

/**
 * Puts files back. What producers remember goes with the log: of a log that is kept it is right as it is, of another one it tells of
 * messages that are gone, so that ledgers and demos must be sent again from where the backup stands. Mappings that are there stay.
 */
export async function writeHomeFiles(
  installation: Folders,
  { files, freshTopics, read }: { files: readonly string[]; freshTopics: ReadonlySet<string>; read: ReadFile },
): Promise<void> {
  const places = placesOf(installation);
  const pathOf = (file: string) => {
    const [label = '', ...rest] = file.split('/');
    return join(places[label] ?? installation.home, ...rest);
  };
  const isReplaced = (file: string) => {
    const stream = streams.find((one) => one === memoryName.exec(file)?.[1]);
    return stream !== undefined && freshTopics.has(topicOf(stream));
  };
  const there = (await readHomeFiles(installation)).map(({ file }) => file);
  for (const file of there.filter(isReplaced)) await rm(pathOf(file), { force: true });
  for (const file of files) {
    if (isReplaced(file) || !there.includes(file)) await writeDurably(pathOf(file), await read(file));
  }
}

type ReadFile = (file: string) => Promise<Buffer>;
