import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Attack, outcome and evidence of each row of the tables. */
const rows = readFileSync(join(root, 'test/faults/attacks.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| Attack or fault') && !line.startsWith('| --'))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );

/** `file`: beginning of a title. */
const entry = /^`([\w./-]+)`: (.+)$/;

it('every attack has a test, or the reason why it has none', () => {
  expect(rows.length).toBeGreaterThan(80);
  for (const [attack, outcome, evidence, ...rest] of rows) {
    expect([attack, rest.length]).toEqual([attack, 0]);
    if (evidence === '—') expect([attack, outcome]).toEqual([attack, expect.stringMatching(/^— ./)]);
  }
});

it.each(rows.filter(([, , evidence]) => evidence !== '—'))('%s: %s', (_attack, _outcome, evidence) => {
  for (const one of evidence!.split('; ')) {
    const [, file, title] = entry.exec(one) ?? [];
    const path = join(root, `${file}.test.ts`);
    expect([one, file !== undefined && existsSync(path)]).toEqual([one, true]);
    const text = readFileSync(path, 'utf8');
    const opening = ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}`));
    expect([one, opening]).toEqual([one, true]);
  }
});
