import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes files into a folder and returns their paths by name. */
export function writeFiles<K extends string>(folder: string, files: Record<K, string>): Record<K, string> {
  return Object.fromEntries(
    Object.entries<string>(files).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return [name, path];
    }),
  ) as Record<K, string>;
}

/** Everything that was written below a folder, as one text. */
export function allTextBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
