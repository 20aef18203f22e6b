import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { run } from './test-run.js';
import { helpOf, usage } from './usage.js';

it('no line of the help is wider than a terminal', () => {
  expect(usage.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
});

const names = [...new Set([...usage.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!))];

it.each(names)('%s --help shows the command, an example, and nothing of others', async (name) => {
  for (const args of [
    [name, '--help'],
    [name, '-h'],
    ['help', name],
  ]) {
    const { status, out } = await run(...args);
    expect(status).toBe(0);
    expect(out).toBe(helpOf([name]));
    expect(out).toContain('例如：');
    const shown = [...out.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, own]) => own);
    expect(new Set(shown.filter((own) => own !== 'npm'))).toEqual(new Set([name]));
  }
});

it('a verb has its own help; version is said', async () => {
  expect(helpOf(['scheme', 'what-if'])).not.toContain('scheme diff');
  expect(helpOf(['paint'])).toBeUndefined();
  expect((await run('--version')).out).toMatch(/^pingan \d+\.\d+\.\d+$/);
});

it('what is asked wrongly is named, all of it at once', async () => {
  const said = async (...args: string[]) => (await run(...args)).note;
  expect(await said('explain', '--month', '2026-10')).toBe('缺少 --county、--region');
  expect(await said('rank', '--county', 'A', '--county', 'B')).toContain('--county 写了不止一次');
  expect(await said('rank', 'extra', '--county', 'A')).toContain('多余的内容“extra”');
  expect(await said('rank', '--county')).toContain('--county 后面没有写内容');
  expect(await said('rank', '--color', 'red')).toContain('选项有误：--color');
});
