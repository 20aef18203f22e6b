import { streams } from '@pingan/contracts';
import { describe, expect, it } from 'vitest';
import { linkedTo, lossCaps, scoredCases } from './case-links.js';
import { paramsOf } from './component-scope.js';
import { changeQuery, componentQuery } from './component-sql.js';

const part = { cases: 'SELECT source, case_id FROM touched', caps: 'SELECT * FROM caps' };

/** The SQL as it is sent, to be read and compared as a whole: `vitest -u` writes the files anew. */
const file = (name: string) => new URL(`../testdata/sql/${name}.sql`, import.meta.url).pathname;

describe('statements over linked cases', () => {
  it.each(streams)('of %s are those of the files', async (stream) => {
    await expect(`${scoredCases(stream)}\n`).toMatchFileSnapshot(file(`${stream}-cases`));
    await expect(`${scoredCases(stream, part)}\n`).toMatchFileSnapshot(file(`${stream}-cases-of-a-part`));
    await expect(`${linkedTo(stream, part.cases)}\n`).toMatchFileSnapshot(file(`${stream}-linked`));
  });

  it('of caps are those of the files', async () => {
    await expect(`${lossCaps()}\n`).toMatchFileSnapshot(file('loss-caps'));
    await expect(`${lossCaps(true)}\n`).toMatchFileSnapshot(file('loss-caps-at-both-watermarks'));
  });

  it.each(streams)('of %s name no value that nobody gives', (stream) => {
    const scope = { county: { code: 'LDN', timeZone: 'Europe/London' }, watermark: {} };
    const given = Object.keys(paramsOf(scope, stream));
    const named = (sql: string) => [...new Set([...sql.matchAll(/\{(\w+):/g)].map(([, name]) => name!))];
    expect(given).toEqual(expect.arrayContaining(named(componentQuery(stream, false))));
    expect([...given, 'since']).toEqual(expect.arrayContaining(named(changeQuery(stream, part))));
  });
});
