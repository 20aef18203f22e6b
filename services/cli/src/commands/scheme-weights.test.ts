import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newFolder, put, run, scoringData } from '../test-run.js';

const folder = newFolder();

interface Answer {
  groups: { parent: string | null; weights: { code: string; weight: number }[]; dropped: number }[];
}

async function weigh(...args: string[]) {
  const ran = await run('scheme', 'weights', ...args, '--format', 'json');
  if (ran.status !== 0) return { ...ran, weights: [], answer: { groups: [] } as Answer };
  const answer = JSON.parse(ran.out) as Answer;
  return { ...ran, answer, weights: answer.groups.flatMap(({ weights }) => weights.map(({ weight }) => weight)) };
}

const matrix = (text: string) => put(folder, 'm.csv', text);
const table = (rows: readonly (readonly number[])[]) => {
  const header = ['uCode', ...rows[0]!.map((_, i) => `c${i + 1}`)].join(',');
  return put(folder, 'd.csv', [header, ...rows.map((row, i) => [`u${i}`, ...row].join(','))].join('\n'));
};

describe('pingan scheme weights ahp', () => {
  const sound = ',P01,P03,P04\nP01,1,3,3\nP03,1/3,1,2\nP04,1/3,1/2,1\n';

  it('gives weights and the consistency ratio', async () => {
    const { weights, answer } = await weigh('ahp', '--matrix', matrix(sound));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(answer.groups[0]).toMatchObject({ consistency: { index: expect.closeTo(0.0268107879, 9) } });
    const { out } = await run('scheme', 'weights', 'ahp', '--matrix', matrix(sound));
    expect(out).toMatch(/P01 {3}违法犯罪警情万人率 +59\.36%/);
    expect(out).toContain('一致性比率 CR 0.0462');
  });

  it('finds rows by their code', async () => {
    const swapped = ',P01,P03,P04\nP04,1/3,1/2,1\nP01,1,3,3\nP03,1/3,1,2\n';
    const { weights } = await weigh('ahp', '--matrix', matrix(swapped));
    expect(weights).toEqual((await weigh('ahp', '--matrix', matrix(sound))).weights);
  });

  it.each([
    [
      'not reciprocal',
      sound.replace('P03,1/3', 'P03,0.33'),
      /P03 对 P01 是 0\.33，P01 对 P03 是 3，不互为倒数。.*1\/3/,
    ],
    [
      'inconsistent',
      ',a,b,c\na,1,5,1/5\nb,1/5,1,5\nc,5,1/5,1\n',
      /一致性比率 CR \d\.\d{4}，须小于 0\.1。最不合的一处：\w 对 \w/,
    ],
    ['not positive', sound.replace('P04,1/3', 'P04,-1'), /第 4 行，P04 对 P01：“-1”不是正数/],
    ['not a number', sound.replace('P04,1/3', 'P04,x'), /P04 对 P01：“x”不是正数/],
    ['a division by zero', sound.replace('P04,1/3', 'P04,1/0'), /“1\/0”不是正数/],
    ['an unequal diagonal', sound.replace('P01,1,', 'P01,2,'), /P01 对自己是 2，须为 1/],
    ['a row missing', ',a,b\na,1,2\n', /代码 b 有列没有行/],
    ['a row twice', ',a,b\na,1,2\na,1,2\nb,1/2,1\n', /第 3 行：代码 a 重复/],
    ['a row unknown', ',a,b\na,1,2\nb,1/2,1\nc,1,1\n', /第 4 行：代码“c”不在表头里。表头的代码：a、b/],
  ])('refuses %s', async (_name, text, expected) => {
    const { status, note } = await run('scheme', 'weights', 'ahp', '--matrix', matrix(text));
    expect(status).toBe(2);
    expect(note).toMatch(expected);
  });

  it('takes up to ten items', async () => {
    const codes = (n: number) => Array.from({ length: n }, (_, i) => `k${i}`);
    const equal = (n: number) =>
      `,${codes(n).join(',')}\n${codes(n)
        .map((code) => `${code}${',1'.repeat(n)}\n`)
        .join('')}`;
    expect((await weigh('ahp', '--matrix', matrix(equal(10)))).status).toBe(0);
    expect((await weigh('ahp', '--matrix', matrix(equal(11)))).note).toMatch(/多于 10 项/);
  });
});

describe('pingan scheme weights from data', () => {
  const diakoulaki = [
    [61, 1.08, 4.33],
    [20.7, 0.26, 4.34],
    [16.3, 1.98, 2.53],
    [9, 3.29, 1.65],
    [5.4, 2.77, 2.33],
    [4, 4.12, 1.21],
    [-6.1, 3.52, 2.1],
    [-34.6, 3.31, 0.98],
  ];

  it('reproduces the published CRITIC example', async () => {
    const { weights } = await weigh('critic', '--data', table(diakoulaki));
    expect(weights).toEqual([0.20222554, 0.48090173, 0.31687273].map((weight) => expect.closeTo(weight, 8)));
  });

  it.each(['entropy', 'critic', 'pca', 'bod'])('%s gives shares', async (method) => {
    const rows = diakoulaki.map(([a, b, c]) => [a! + 40, b!, 5 - c!]);
    const { weights } = await weigh(method, '--data', table(rows));
    expect(weights).toHaveLength(3);
    expect(weights.reduce((sum, weight) => sum + Math.abs(weight), 0)).toBeCloseTo(1, 12);
  });

  it('weighs inside every aggregate when the indicator table is given', async () => {
    const data = scoringData('A_treated.csv');
    const { answer } = await weigh('entropy', '--data', data, '--meta', scoringData('asem_iMeta.csv'));
    expect(answer.groups).toHaveLength(8);
    for (const { weights } of answer.groups) {
      expect(weights.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
  });

  it('gives a weight table a recipe can name', async () => {
    const { out } = await run('scheme', 'weights', 'critic', '--data', table(diakoulaki), '--format', 'csv');
    expect(out).toMatch(/^iCode,Weight\nc1,0\.2022255\d+\nc2,0\.48090\d+\nc3,0\.31687\d+$/);
  });

  it('says what it left out and what cannot be used', async () => {
    const opposed = put(folder, 'o.csv', 'uCode,a,b,c\nu1,1,1,9\nu2,2,3,5\nu3,3,2,2\nu4,4,5,1\nu5,NA,1,1\n');
    const ran = await run('scheme', 'weights', 'pca', '--data', opposed);
    expect(ran.note).toContain('有 1 个单元缺数，没有用');
    expect(ran.note).toContain('c 的权重是负数，不能写进方案');
  });

  it.each([
    ['entropy', 'uCode,a,b\nu1,1,-2\nu2,2,3\nu3,3,1\n', /熵权 b 列：有负数/],
    ['critic', 'uCode,a,b\nu1,1,2\nu2,2,2\nu3,3,2\n', /CRITIC 权重 b 列：所有值都相同/],
    ['bod', 'uCode,a,b\nu1,1,2\nu2,0,0\nu3,3,2\n', /单元 u2：所有值都是 0/],
    ['pca', 'uCode,a,b\nu1,1,2\nu2,x,0\nu3,3,2\n', /第 3 行，单元 u2，列 a：值“x”不是数/],
    ['pca', 'uCode,a b\nu1,1\n', /第 1 行：列名“a b”含空白/],
    ['pca', 'uCode\nu1\n', /除了单元代码没有别的列/],
  ])('%s refuses %j', async (method, text, expected) => {
    const { status, note } = await run('scheme', 'weights', method, '--data', put(folder, 'bad.csv', text));
    expect(status).toBe(2);
    expect(note).toMatch(expected);
  });

  it('bounds the units of bod', async () => {
    const rows = Array.from({ length: 2001 }, (_, i) => [i + 1, 2]);
    expect((await run('scheme', 'weights', 'bod', '--data', table(rows))).note).toMatch(
      /有 2001 个单元，bod 至多 2000 个/,
    );
  });

  it('lists the methods', async () => {
    expect((await run('scheme', 'weights', 'guess')).note).toBe('scheme weights 后应为 ahp、entropy、critic、pca、bod');
  });
});

describe('pingan scheme weights with columns of the catalogue', () => {
  // P01: less is better; P09: more is better. Turned, they say the same. S01 is flat.
  const month = 'uCode,uName,P01,P09,S01,S02\nu1,甲,1,90,100,1\nu2,乙,2,80,100,5\nu3,丙,4,60,100,2\n';
  const data = put(folder, 'month.csv', month);

  it('turns them as the catalogue says, by dimension, and leaves out what does not differ', async () => {
    const { answer, note } = await weigh('entropy', '--data', data);
    expect(answer.groups.map(({ parent, weights }) => [parent, weights.map(({ code }) => code)])).toEqual([
      ['police', ['P01', 'P09']],
      ['mediation', ['S02']],
    ]);
    expect(answer.groups[0]!.weights.map(({ weight }) => weight)).toEqual([0.5, 0.5].map((w) => expect.closeTo(w, 12)));
    expect(note).toContain('S01 在各单元之间没有差异，没有参加');
    expect(note).toContain('只有 3 个单元');
    const { out } = await run('scheme', 'weights', 'pca', '--data', data);
    expect(out).toContain('按维度分组，各列已按指标目录的方向归一化到 0–1');
    expect(out).toMatch(/警情 +P01 .* 50\.00%/);
  });

  it('takes scores as they are: more is better', async () => {
    const { answer } = await weigh('pca', '--data', data, '--scores');
    expect(Math.min(...answer.groups[0]!.weights.map(({ weight }) => weight))).toBeLessThan(0);
  });

  it('names columns whose direction nobody has said', async () => {
    const mixed = put(folder, 'mixed.csv', 'uCode,P01,own\nu1,1,9\nu2,2,8\nu3,4,6\n');
    const { answer, note } = await weigh('pca', '--data', mixed);
    expect(answer.groups).toMatchObject([{ parent: null, weights: [{ weight: 0.5 }, { weight: 0.5 }] }]);
    expect(note).toContain('指标目录里没有 own，视为越大越好');
  });
});

describe('pingan scheme weights --into', () => {
  const text = `name: 试行 # 说明
dimensions:
  - { id: police, weight: 60, indicators: [{ code: P01, weight: 30 }, { code: P09, weight: 10 }, { code: P04, weight: 60 }] }
  - { id: mediation, weight: 40, indicators: [{ code: S01, weight: 1 }] }
`;
  const scheme = put(folder, 'into.yaml', text);
  const into = (matrixText: string) =>
    run('scheme', 'weights', 'ahp', '--matrix', put(folder, 'into.csv', matrixText), '--into', scheme);

  it('prints the scheme with the weights; those beside them keep their part', async () => {
    const { status, out, note } = await into(',P01,P09\nP01,1,1/3\nP09,3,1\n');
    expect(status).toBe(0);
    expect(out).toContain('{ code: P01, weight: 10 }, { code: P09, weight: 30 }, { code: P04, weight: 60 }');
    expect(out).toContain('# 说明');
    expect(note).toContain('维度“警情”的 2 项（合计仍为 40）');
    expect(readFileSync(scheme, 'utf8')).toBe(text);
  });

  it('takes dimensions by name or id', async () => {
    const { out } = await into(',警情,mediation\n警情,1,4\nmediation,1/4,1\n');
    expect(out).toMatch(/id: police, weight: 80,/);
    expect(out).toMatch(/id: mediation, weight: 20,/);
  });

  it.each([
    [',P01,P10\nP01,1,2\nP10,1/2,1\n', '里没有 P10'],
    [',P01,S01\nP01,1,2\nS01,1/2,1\n', '不属于方案'],
  ])('refuses what has no place', async (matrixText, expected) => {
    const { status, note } = await into(matrixText);
    expect([status, note]).toEqual([2, expect.stringContaining(expected)]);
  });
});
