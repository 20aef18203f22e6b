import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run.js';

export interface Ran {
  status: number;
  out: string;
  note: string;
}

/** Runs a command with engines that cannot be there, and keeps what it prints. */
export async function run(...args: string[]): Promise<Ran> {
  Object.assign(process.env, {
    KAFKA_BROKERS: '127.0.0.1:1',
    REDIS_URL: 'redis://127.0.0.1:1',
    CLICKHOUSE_URL: 'http://127.0.0.1:1',
  });
  const out: string[] = [];
  const note: string[] = [];
  const status = await runCommand(args, { out: (text) => out.push(text), note: (text) => note.push(text) });
  return { status, out: out.join('\n'), note: note.join('\n') };
}

export const scoringData = (name: string) =>
  fileURLToPath(new URL(`../../../packages/composite/testdata/${name}`, import.meta.url));

export const recipe = (name: string) => fileURLToPath(new URL(`../testdata/recipes/${name}.json`, import.meta.url));

export const newFolder = () => mkdtempSync(join(tmpdir(), 'pingan-cli-'));

/** Writes a file into a folder and gives its path. */
export function put(folder: string, name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** Cells of a CSV file without quotes, by the code in the first column and the column. */
export function readCells(path: string): Map<string, Map<string, string>> {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = header!.split(',');
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      return [cells[0]!, new Map(names.map((name, i) => [name, cells[i]!]))];
    }),
  );
}
