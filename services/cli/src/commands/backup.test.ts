import { expect, it } from 'vitest';
import { newFolder, run } from '../test-run.js';
import { unregisteredText } from './rebuild.js';

it('says what may follow backup, and that a folder is none', async () => {
  expect(await run('backup', 'everything')).toMatchObject({
    status: 2,
    note: 'backup 后应为 --to 目录，或 verify --from 备份',
  });
  expect((await run('backup', 'verify', '--from', newFolder())).note).toContain('不是备份');
});

it('counties nobody registered are named, the largest first', () => {
  expect(unregisteredText(new Map())).toBeUndefined();
  expect(
    unregisteredText(
      new Map([
        ['610999', 3],
        ['A', 1_320],
      ]),
    ),
  ).toContain('A（1,320 条）、610999（3 条）。');
});
