import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, clickhouseAccess, engineConfig, kafkaAccess, printableConfig, readConfig } from './config.js';

const engines = {
  KAFKA_BROKERS: 'a:9092, b:9092',
  REDIS_URL: 'redis://127.0.0.1:6379',
  CLICKHOUSE_URL: 'http://127.0.0.1:8123',
};
const read = (env: Record<string, string>) => readConfig(engineConfig, { ...engines, ...env });

describe('engineConfig', () => {
  it('reaches engines in plain text and without a login unless told', () => {
    const config = read({});
    expect(config.KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
    expect([kafkaAccess(config), clickhouseAccess(config)]).toEqual([{ ssl: false }, {}]);
  });

  it('takes TLS and logins', () => {
    const config = read({
      KAFKA_TLS: 'true',
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_USERNAME: 'u',
      KAFKA_PASSWORD: 'p',
      REDIS_URL: 'rediss://u:p@redis:6380',
      CLICKHOUSE_URL: 'https://clickhouse:8443',
      CLICKHOUSE_USERNAME: 'u',
      CLICKHOUSE_PASSWORD: 'p',
    });
    expect(kafkaAccess(config)).toEqual({
      ssl: true,
      sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'p' },
    });
    expect(clickhouseAccess(config)).toEqual({ username: 'u', password: 'p' });
  });

  it.each([
    [{ KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'secret' }, 'KAFKA_SASL_MECHANISM'],
    [{ KAFKA_SASL_MECHANISM: 'plain', KAFKA_PASSWORD: 'secret', KAFKA_USERNAME: '' }, 'KAFKA_USERNAME'],
    [{ KAFKA_TLS: 'secret' }, 'KAFKA_TLS'],
    [{ KAFKA_SASL_MECHANISM: 'secret' }, 'KAFKA_SASL_MECHANISM'],
    [{ REDIS_URL: 'rediss://u:secret@a b' }, 'REDIS_URL'],
    [{ REDIS_URL: 'http://u:secret@redis:6379' }, 'REDIS_URL'],
    [{ CLICKHOUSE_URL: 'clickhouse://u:secret@host' }, 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_DATABASE: 'x; DROP secret' }, 'CLICKHOUSE_DATABASE'],
    [{ KAFKA_BROKERS: 'u:secret@host' }, 'KAFKA_BROKERS'],
  ])('%j is refused by name, without its value', (env, name) => {
    const attempt = () => read(env as unknown as Record<string, string>);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(name);
    expect(attempt).not.toThrow('secret');
  });
});

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pingan-secrets-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const login = { KAFKA_SASL_MECHANISM: 'plain', KAFKA_USERNAME: 'u' };

  it('are read as they are, without the last line break', () => {
    const config = read({
      ...login,
      REDIS_URL: '',
      KAFKA_PASSWORD_FILE: file('kafka', ' se cret\n\n'),
      CLICKHOUSE_PASSWORD_FILE: file('clickhouse', 'secret\r\n'),
      REDIS_URL_FILE: file('redis', 'rediss://u:secret@redis:6380\n'),
    });
    expect(config).toMatchObject({
      KAFKA_PASSWORD: ' se cret\n',
      CLICKHOUSE_PASSWORD: 'secret',
      REDIS_URL: 'rediss://u:secret@redis:6380',
    });
  });

  it.each([
    [{ KAFKA_PASSWORD_FILE: '/nowhere/secret' }, 'KAFKA_PASSWORD_FILE：读不到文件（ENOENT）'],
    [{ CLICKHOUSE_PASSWORD: 'secret', CLICKHOUSE_PASSWORD_FILE: '/nowhere' }, '只能设置一个'],
    [{ REDIS_URL: '', REDIS_URL_FILE: file('wrong', 'no address: secret') }, 'REDIS_URL'],
  ])('%j is refused, without the secret', (env, text) => {
    const attempt = () => read(env as unknown as Record<string, string>);
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(text);
    expect(attempt).not.toThrow('no address');
  });
});

describe('printableConfig', () => {
  it.each([
    'redis://u:secret@host:6379',
    'redis://:se/cret@host',
    'rediss://u:se@cret@host/0',
    'https://host:8443/?user=secret&password=secret',
    'http://secret@host',
  ])('prints %s without what is secret', (url) => {
    const printed = JSON.stringify(printableConfig({ URL: url, LIST: [url], KAFKA_PASSWORD: 'secret' }));
    expect(printed).not.toMatch(/secret|cret/);
    expect(printed).toContain('host');
  });
});
