import { describe, expect, it } from 'vitest';
import { newFolder, put, readCells, run } from '../test-run.js';

const folder = newFolder();

/** P01: less is better; P09: more is better. S01 is flat, X02 is missing in most units. */
const data = put(
  folder,
  'month.csv',
  'uCode,uName,P01,P09,S01,X02\nu1,甲,1,90,100,50\nu2,乙,2,80,100,NA\nu3,丙,4,60,100,\nu4,丁,5,50,100,\n',
);

describe('pingan table stats', () => {
  it('tells each column and how well a group goes together', async () => {
    const { status, out } = await run('table', 'stats', '--data', data);
    expect(status).toBe(0);
    expect(out).toContain('单元 4 个，指标 4 个');
    expect(out).toMatch(/P01 违法犯罪警情万人率 +4 +3 +3 +1\.826 +1 +5/);
    expect(out).toMatch(/X02 按期办结率 .*缺数多/);
    expect(out).toMatch(/警情 +2 +1\.000/);
    expect(out).toMatch(/社情 +0 +—/);
  });

  it('has all of it for programs', async () => {
    const { out } = await run('table', 'stats', '--data', data, '--format', 'csv');
    const cells = readCells(put(folder, 'stats.csv', out));
    expect(cells.get('P09')?.get('median')).toBe('70');
    expect(cells.get('X02')?.get('sd')).toBe('NA');
    const json = JSON.parse((await run('table', 'stats', '--data', data, '--format', 'json')).out);
    expect(json.alphas[0]).toMatchObject({ parent: 'police', alpha: expect.closeTo(1, 12) });
  });
});

describe('pingan table correlations', () => {
  it('is positive where two are good together, whichever way they count', async () => {
    const { out } = await run('table', 'correlations', '--data', data);
    expect(out).toMatch(/P01 +P09 +是 +1\.000 +0\.000 +4/);
    expect((await run('table', 'correlations', '--data', data, '--scores')).out).toMatch(/P01 +P09 +是 +-1\.000/);
  });

  it('gives the matrix as CSV', async () => {
    const { out } = await run('table', 'correlations', '--data', data, '--kind', 'kendall', '--format', 'csv');
    expect(out.split('\n').slice(0, 3)).toEqual(['iCode,P01,P09,S01,X02', 'P01,1,1,NA,NA', 'P09,1,1,NA,NA']);
  });
});

it('names what table can do', async () => {
  expect((await run('table', 'print')).note).toBe('table 后应为 score、month、stats、correlations');
});
