import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newFolder, put, run } from '../test-run.js';
import { writeFolder } from './write.js';

const files = [
  { name: 'scores.csv', text: 'uCode\n' },
  { name: 'weights.csv', text: 'iCode\n' },
];

it('makes the folder, with its parents, and leaves nothing beside it', async () => {
  const parent = newFolder();
  await writeFolder({ folder: join(parent, 'a/b'), files, inputs: [] });
  expect(readdirSync(join(parent, 'a'))).toEqual(['b']);
  expect(readdirSync(join(parent, 'a/b')).sort()).toEqual(['scores.csv', 'weights.csv']);
});

it('keeps foreign files, replaces its own and removes those of an earlier run', async () => {
  const folder = newFolder();
  put(folder, '笔记.txt', '留着');
  put(folder, 'scores.csv', 'old');
  put(folder, '07-aggregate.csv', 'old');
  put(folder, '02-treat-points.csv', 'old');
  await writeFolder({ folder, files, inputs: [] });
  expect(readdirSync(folder).sort()).toEqual(['scores.csv', 'weights.csv', '笔记.txt']);
  expect(readFileSync(join(folder, 'scores.csv'), 'utf8')).toBe('uCode\n');
});

it('changes nothing when it cannot write everything', async () => {
  const folder = newFolder();
  put(folder, 'scores.csv', 'old');
  mkdirSync(join(folder, 'weights.csv'));
  await expect(writeFolder({ folder, files, inputs: [] })).rejects.toMatchObject({ kind: 'request' });
  expect(readFileSync(join(folder, 'scores.csv'), 'utf8')).toBe('old');
  await expect(writeFolder({ folder: put(folder, 'plain', ''), files, inputs: [] })).rejects.toThrow(/是一个文件/);
});

it('never replaces or removes what it was made from', async () => {
  const folder = newFolder();
  const meta = 'Level,iCode,Parent,Direction,Weight,Type\n1,a,top,1,1,Indicator\n2,top,,1,1,Aggregate\n';
  put(folder, 'weights.csv', 'iCode,Weight\na,2\n');
  const args = ['--data', put(folder, '02-screen.csv', 'uCode,a\nu1,1\nu2,3\n'), '--meta', put(folder, 'm.csv', meta)];
  const steps = [{ step: 'weights', file: 'weights.csv' }, { step: 'aggregate' }];
  const recipe = put(folder, 'r.json', JSON.stringify({ steps }));
  const ran = await run('table', 'score', ...args, '--recipe', recipe, '--out', folder);
  expect(ran.status).toBe(2);
  expect(ran.note).toMatch(/结果会替换输入文件 .*(02-screen|weights)\.csv/);
  expect(existsSync(join(folder, '02-screen.csv'))).toBe(true);
  expect(readFileSync(join(folder, 'weights.csv'), 'utf8')).toBe('iCode,Weight\na,2\n');
});

it('keeps codes exactly, in the order of the index, whatever they look like', async () => {
  const folder = newFolder();
  const meta =
    'Level,iCode,Parent,Direction,Weight,Type\n1,z,top,1,1,Indicator\n1,7,top,1,1,Indicator\n2,top,,1,1,Aggregate\n';
  const data = 'uCode,7,z\n=1+1,1,2\n"a,""b",3,5\n-x,1e-7,1\n';
  const recipe = put(
    folder,
    'r.json',
    '{"steps":[{"step":"normalise","method":"minmax","to":[0,1]},{"step":"aggregate"}]}',
  );
  const args = ['--data', put(folder, 'd.csv', data), '--meta', put(folder, 'm.csv', meta), '--recipe', recipe];
  expect(await run('table', 'score', ...args, '--out', join(folder, 'out'))).toMatchObject({ status: 0 });
  const scores = readFileSync(join(folder, 'out/scores.csv'), 'utf8').split('\n');
  expect(scores.slice(0, 3).map((line) => line.split(',').slice(0, 2).join(','))).toEqual([
    'uCode,z',
    '=1+1,0.25',
    '"a,""b"',
  ]);
});
