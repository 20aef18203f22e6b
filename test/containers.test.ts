import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { laneEngines } from './harness/lane.js';
import { deployed } from './harness/monitoring.js';
import { until } from './harness/poll.js';
import { freePorts } from './harness/ports.js';

const secretsOf = (folder: string) =>
  Object.fromEntries(
    readdirSync(join(folder, 'secrets')).map((name) => [name, readFileSync(join(folder, 'secrets', name), 'utf8')]),
  );

function makeSecrets(): string {
  const folder = mkdtempSync(join(laneEngines().home, 'deploy-'));
  cpSync(deployed('make-secrets'), join(folder, 'make-secrets'));
  execFileSync(join(folder, 'make-secrets'));
  return folder;
}

test('secrets are made once, differ, and lie in a closed folder', () => {
  const folder = makeSecrets();
  const first = secretsOf(folder);
  execFileSync(join(folder, 'make-secrets'));
  expect(secretsOf(folder)).toEqual(first);
  expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
  expect(new Set(Object.values(first)).size).toBe(6);
  expect(first.redis_url).toMatch(/^redis:\/\/default:[0-9a-f]{48}@redis:6379\n$/);
  for (const name of ['clickhouse', 'grafana_reader', 'grafana_admin'])
    expect(first[`${name}_password`]).toMatch(/^[0-9a-f]{48}\n$/);
});

test('Redis as it is started there keeps what is written, evicts nothing and asks for the password', async () => {
  const folder = makeSecrets();
  const [port = 0] = await freePorts(1);
  const conf = join(folder, 'redis.conf');
  const own = `\nport ${port}\nbind 127.0.0.1\ndir ${folder}\n`;
  writeFileSync(conf, readFileSync(deployed('redis/redis.conf'), 'utf8').replace(/^dir .*$/m, '') + own);
  const env = {
    ...process.env,
    REDIS_CONF: conf,
    REDIS_URL_FILE: join(folder, 'secrets/redis_url'),
    REDIS_PORT: String(port),
  };
  const password = /:([^:@]+)@/.exec(secretsOf(folder).redis_url!)![1]!;
  const server = spawn(deployed('redis/start'), { env, stdio: 'ignore' });
  try {
    await until('it is healthy', () => execFileSync(deployed('redis/healthy'), { env, stdio: 'ignore' }) === null);
    const stranger = execFileSync('redis-cli', ['-p', String(port), 'get', 'a'], { encoding: 'utf8' });
    expect(stranger).toContain('NOAUTH');
    const redis = new Redis(port, { password });
    const settings = ['appendonly', 'maxmemory-policy', 'appendfsync', 'save'];
    const found = await Promise.all(settings.map((name) => redis.config('GET', name)));
    expect(found.flat()).toEqual(settings.flatMap((name, i) => [name, ['yes', 'noeviction', 'everysec', ''][i]]));
    redis.disconnect();
    expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(password);
    const wrong = join(folder, 'wrong');
    writeFileSync(wrong, 'redis://default:wrong@redis:6379\n');
    expect(() =>
      execFileSync(deployed('redis/healthy'), { env: { ...env, REDIS_URL_FILE: wrong }, stdio: 'ignore' }),
    ).toThrow();
  } finally {
    server.kill('SIGKILL');
  }
});
