import { expect, test } from 'vitest';
import { ensurePrerequisites, javaMajor, missingError, neededTools } from './prerequisites.js';

test('only what the engines to be started need is asked for', () => {
  expect(neededTools(['kafka', 'redis', 'clickhouse'], false)).toEqual(['java', 'maven', 'redis-server']);
  expect(neededTools(['kafka', 'redis'], true)).toEqual(['java', 'redis-server']);
  expect(neededTools(['redis'], false)).toEqual(['redis-server']);
  expect(neededTools(['clickhouse'], false)).toEqual([]);
});

test('Java versions in both spellings', () => {
  expect(javaMajor('openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(javaMajor('openjdk version "21" 2023-09-19')).toBe(21);
  expect(javaMajor('java version "1.8.0_402"')).toBe(8);
  expect(javaMajor('command not found')).toBeUndefined();
});

test('the message names the tools and the exact command', () => {
  const error = missingError({ missing: ['java', 'redis-server'], oldJava: 11 });
  expect(error).toMatchObject({ code: 'prerequisite-missing', engine: 'kafka' });
  expect(error.message).toContain('Java 17 以上，现有版本 11 过旧');
  expect(error.message).toContain('redis-server');
  if (process.platform === 'linux') {
    expect(error.hint).toContain('apt-get install -y openjdk-17-jre-headless redis-server');
  }
});

test('what apt said is kept', () => {
  const error = missingError({ missing: ['maven'], oldJava: undefined }, 'E: no space left');
  expect(error.message).toContain('自动安装失败');
  expect(error.message).toContain('E: no space left');
});

test('ClickHouse alone needs no program', async () => {
  expect(await ensurePrerequisites({ engines: ['clickhouse'], allowInstall: false, env: {} })).toEqual({});
});
