import { readFileSync } from 'node:fs';
import { config as aggregator } from '@pingan/aggregator';
import { config as ingestor } from '@pingan/ingestor';
import { readConfig, secretFiles, serviceConfig } from '@pingan/runtime';
import { config as scorer } from '@pingan/scorer';
import { producerConfig } from '@pingan/sources';
import { expect, it } from 'vitest';

const text = (name: string) => readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');

/** Name and value of every line that sets something or shows how it would be set. */
const example = new Map(
  [...text('.env.example').matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
);
const schemas = [ingestor, aggregator, scorer, producerConfig, serviceConfig];
const settings = new Set([
  ...schemas.flatMap((schema) => Object.keys(schema.shape)),
  ...secretFiles.map((name) => `${name}_FILE`),
  // Node.js reads it itself.
  'NODE_EXTRA_CA_CERTS',
]);
const interpolated = new Map(
  [...text('compose.yaml').matchAll(/\$\{([A-Z0-9_]+):-([^}]*)\}/g)].map(([, name, value]) => [name!, value!]),
);

it('every setting a service reads is explained in .env.example, and nothing else', () => {
  expect([...example.keys()].sort()).toEqual([...new Set([...settings, ...interpolated.keys()])].sort());
});

it('each has a comment above it, or above the one beside it', () => {
  const lines = text('.env.example').split('\n');
  const bare = lines.filter((line, i) => /^#?[A-Z0-9_]+=/.test(line) && !/^#( |[A-Z0-9_]+=)/.test(lines[i - 1]!));
  expect(bare).toEqual([]);
});

it('shows the values that hold without it', () => {
  const needed = {
    KAFKA_BROKERS: 'kafka:9092',
    REDIS_URL: 'redis://redis:6379',
    CLICKHOUSE_URL: 'http://clickhouse:8123',
  };
  // What the image and compose.yaml set themselves.
  const own = [
    'KAFKA_BROKERS',
    'REDIS_URL',
    'CLICKHOUSE_URL',
    'CLICKHOUSE_USERNAME',
    'HEALTH_HOST',
    'HEALTH_PORT',
    'PINGAN_HOME',
    'INBOX_DIR',
  ];
  for (const schema of schemas) {
    for (const [name, value] of Object.entries(readConfig(schema, needed))) {
      if (!own.includes(name)) expect(example.get(name), name).toBe(String(value ?? ''));
    }
    const names = Object.keys(schema.shape).filter((name) => !own.includes(name));
    const shown = Object.fromEntries(names.map((name) => [name, example.get(name)]));
    expect(readConfig(schema, { ...needed, ...shown })).toEqual(readConfig(schema, needed));
  }
  for (const [name, value] of interpolated) expect(example.get(name), name).toBe(value);
});
