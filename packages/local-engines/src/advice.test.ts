import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { adviceFor } from './advice.js';
import { homePaths } from './home.js';
import { tryLock } from './lock.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'advice-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

it('says how to start what does not run', () => {
  expect(adviceFor({ home, env: {}, engines: ['clickhouse'] })).toContain('请先在另一个终端运行 npm start');
  expect(adviceFor({ home, env: {}, engines: [] })).toContain('请先在另一个终端运行 npm start');
});

it('does not send for a start where one runs, and names the log', () => {
  const lock = tryLock(homePaths(home).lock);
  const text = adviceFor({ home, env: {}, engines: ['clickhouse'] });
  expect(text).toContain(`npm start（进程 ${process.pid}）已在运行`);
  expect(text).toContain(homePaths(home).log('clickhouse'));
  expect(text).not.toContain('请先');
  expect(adviceFor({ home, env: {}, engines: [] })).toContain('还没有全部就绪');
  if (lock.held) lock.release();
  expect(adviceFor({ home, env: {}, engines: ['clickhouse'] })).toContain('请先在另一个终端运行 npm start');
});

it('names the variable of an engine that somebody else runs', () => {
  const env = { KAFKA_BROKERS: 'a:1', REDIS_URL: 'redis://b', CLICKHOUSE_URL: 'http://c' };
  const text = adviceFor({ home, env, engines: ['kafka', 'redis'] });
  expect(text).toContain('KAFKA_BROKERS');
  expect(text).toContain('REDIS_URL');
  expect(text).not.toMatch(/CLICKHOUSE_URL|npm start/);
});
