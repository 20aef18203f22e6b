import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cliConfig } from '../config.js';
import type { Context } from '../context.js';
import { FOLDER_MODE, writeDurably } from './files.js';

/**
 * Files of the installation that no table holds: how far producers got (what was delivered, up to where a demo was sent) and the
 * mappings in the inbox. The ledgers themselves belong to their sources and may hold personal data: they stay where they are.
 */
const MAPPING_SUFFIX = '.mapping.yaml';

export interface HomeFile {
  /** `sources/…` or `inbox/…`. */
  file: string;
  content: Buffer;
  /** Says what was delivered. */
  isMemory: boolean;
}

function placesOf({ home }: Pick<Context, 'home'>): Record<string, string> {
  return { sources: join(home, 'sources'), inbox: cliConfig().INBOX_DIR ?? join(home, 'inbox') };
}

async function namesIn(folder: string, suffix: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

export async function readHomeFiles(context: Pick<Context, 'home'>): Promise<HomeFile[]> {
  const { sources, inbox } = placesOf(context) as { sources: string; inbox: string };
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

/** Puts files back. What is remembered beyond them is of data that are gone: a ledger or a demo is then sent again. */
export async function writeHomeFiles(
  context: Pick<Context, 'home'>,
  files: readonly string[],
  read: (file: string) => Promise<Buffer>,
): Promise<void> {
  const places = placesOf(context);
  for (const name of await namesIn(places.sources!, '.json')) {
    if (!files.includes(`sources/${name}`)) await rm(join(places.sources!, name), { force: true });
  }
  for (const file of files) {
    const [label = '', ...rest] = file.split('/');
    const folder = places[label];
    if (folder === undefined) continue;
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    await writeDurably(join(folder, ...rest), await read(file));
  }
}
