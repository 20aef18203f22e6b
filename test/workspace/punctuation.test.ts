import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { literalsOf } from './literals.js';

/**
 * Chinese prose has Chinese punctuation, full-width. Rooms whose strings are read by people of a county; a room is added when
 * its texts are mended.
 */
const rooms = [
  'dashboards/src',
  'deploy/local',
  'deploy/local/src',
  'packages/appraisal/src',
  'packages/composite/src',
  'packages/contracts/src',
  'packages/intake/src',
  'packages/local-engines/src',
  'packages/messaging/src',
  'packages/operations/src',
  'packages/presentation/src',
  'packages/queries/src',
  'packages/regions/src',
  'packages/runtime/src',
  'packages/scoring/src',
  'packages/sources/src',
  'packages/store/src',
  ...['aggregator', 'cli', 'ingestor', 'scorer'].map((service) => `services/${service}/src`),
];

/** What tests read as input. */
const leftOut = /\/test-[^/]*$/;

/** Half-width beside a Chinese character, with or without a space between. */
const halfWidth = /\p{Script=Han} ?[,;:!?()]|[,;:!?()] ?\p{Script=Han}/gu;

const root = fileURLToPath(new URL('../../', import.meta.url));
const sourcesOf = (room: string) =>
  (readdirSync(join(root, room), { recursive: room.endsWith('src') }) as string[])
    .filter((name) => /\.(tsx?|mjs)$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => join(room, name))
    .filter((path) => !leftOut.test(path));

const faultsIn = (source: string) =>
  literalsOf(source).flatMap(({ text, line }) =>
    [...text.matchAll(halfWidth)].map(({ index }) => `${line}: ${text.slice(Math.max(0, index - 8), index + 8)}`),
  );

it.each(rooms)('%s: Chinese texts have full-width punctuation', (room) => {
  const sources = sourcesOf(room);
  expect(sources.length).toBeGreaterThan(2);
  expect(
    sources.flatMap((path) => faultsIn(readFileSync(join(root, path), 'utf8')).map((fault) => `${path}:${fault}`)),
  ).toEqual([]);
});

it('strings and templates are read, comments, expressions and regular expressions are not', () => {
  const source = [
    '// 没有,数据',
    "/* 没有,数据 */ const pattern = /没有,'数据/;",
    'const a = \'一,二\' + "三:四";',
    `const b = \`五(\${of({ x: \`六;七\` })})八\`;`,
    `const c = \`SELECT '九！十', \${a}\`;`,
  ].join('\n');
  expect(literalsOf(source).map(({ text }) => text)).toEqual([
    '一,二',
    '三:四',
    '六;七',
    '五(\0)八',
    "SELECT '九！十', \0",
  ]);
  expect(faultsIn(source).map((fault) => fault.split(':')[0])).toEqual(['3', '3', '4', '4', '4']);
});
