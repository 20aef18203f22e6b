import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, it } from 'vitest';
import { expectGolden, lasting, runHere, transcript } from '../harness/golden.js';
import { trialScheme } from '../harness/trial-scheme.js';

/** What the commands that need no engine print, word for word; those of a county are in `test/golden.test.ts`. */

const json = ['--format', 'json'];
const csv = ['--format', 'csv'];

const path = (place: string) => fileURLToPath(new URL(place, import.meta.url));
const scoringData = (name: string) => path(`../../packages/composite/testdata/${name}`);
const recipe = path('../../services/cli/testdata/recipes/A.json');
const folder = mkdtempSync(join(tmpdir(), 'pingan-golden-'));

const file = (name: string, text: string): string => {
  const at = join(folder, name);
  writeFileSync(at, text);
  return at;
};

beforeAll(() => {
  Object.assign(process.env, {
    KAFKA_BROKERS: '127.0.0.1:1',
    REDIS_URL: 'redis://127.0.0.1:1',
    CLICKHOUSE_URL: 'http://127.0.0.1:1',
  });
});

async function compare(name: string, commands: readonly (readonly string[])[]): Promise<void> {
  const texts: string[] = [];
  for (const args of commands) texts.push(lasting(transcript(args, await runHere(args)), [folder]));
  expectGolden(name, texts.join('\n\n'));
}

it('documents of schemes, and weights', () => {
  const [a, b] = [file('other.yaml', trialScheme), file('same.yaml', trialScheme.replace('weight: 60', 'weight: 30'))];
  const c = file('trend.yaml', `${trialScheme.replace('试算', '又一试算')}trend: { share: 0.2 }\n`);
  const bad = file('bad.yaml', trialScheme.replace('P04', '破案率').replace('S01', 'S99'));
  const matrix = file('matrix.csv', ',P01,P03,P04\nP01,1,3,3\nP03,1/3,1,2\nP04,1/3,1/2,1\n');
  const wrong = file('wrong.csv', ',a,b,c\na,1,5,1/5\nb,1/5,1,5\nc,5,1/5,1\n');
  const ahp = ['scheme', 'weights', 'ahp', '--matrix'];
  const data = file('data.csv', 'uCode,a,b,c\nu1,1,5,2\nu2,3,1,NA\nu3,4,2,2\nu4,2,3,9\n');
  return compare('schemes', [
    ['scheme', 'show'],
    ['scheme', 'show', a],
    ['scheme', 'validate', a],
    ['scheme', 'validate', bad],
    ['scheme', 'validate', join(folder, 'gone.yaml')],
    ['scheme', 'diff', a, c],
    ['scheme', 'diff', a, b],
    ['scheme', 'diff', a, a],
    ['scheme', 'diff', bad, join(folder, 'gone.yaml')],
    ['scheme', 'schema'],
    [...ahp, matrix],
    [...ahp, matrix, ...json],
    [...ahp, matrix, ...csv],
    [...ahp, wrong],
    ...['entropy', 'critic', 'pca', 'bod'].map((method) => ['scheme', 'weights', method, '--data', data]),
    ['scheme', 'weights', 'critic', '--data', data, ...json],
    ['scheme', 'weights', 'none'],
  ]);
});

it('any table by a recipe', () =>
  compare('table-score', [
    [
      ...['table', 'score', '--data', scoringData('asem_iData.csv'), '--meta', scoringData('asem_iMeta.csv')],
      ...['--recipe', recipe, '--out', join(folder, 'scored')],
    ],
    [
      ...['table', 'score', '--data', scoringData('asem_iMeta.csv'), '--meta', scoringData('asem_iData.csv')],
      ...['--recipe', recipe, '--out', join(folder, 'scored')],
    ],
    ['table', 'print'],
  ]));

it('the catalogue', () =>
  compare('indicators', [
    ['indicators'],
    ['indicators', 'p02'],
    ['indicators', 'P02', '--sql'],
    ['indicators', 'X06'],
    ['indicators', 'P09', ...json],
    ['indicators', 'Z01'],
    ['indicators', 'P01', '--html', 'x.html'],
  ]));

const of = ['--county', '610222', '--month', '2025-03'];

it('help, and what is asked wrongly', () =>
  compare('requests', [
    [],
    ['help'],
    ['rang'],
    ['rank'],
    ['rank', ...of],
    ['rank', ...of, '--color', 'red'],
    ['rank', ...of, '--format', 'xml'],
    ['explain', ...of],
    ['changes', ...of, '--region', '610222102', '--against', 'week'],
    ['county', 'rename'],
    ['county', 'remove'],
    ['scheme', 'paint'],
    ['scheme', 'validate'],
    ['scheme', 'show', '--month', '2025-03'],
    ['backup'],
    ['backup', 'all'],
    ['rebuild', '--lose', 'x'],
    ['dead-letter', 'look'],
    ['zero-report', ...of, '--region', '丙镇', '--stream', 'x'],
  ]));
