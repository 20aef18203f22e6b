import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  image: string;
  command?: string[];
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  restart?: string;
  init?: boolean;
  ports?: string[];
  networks: string[];
  secrets?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, { file: string }>;
  networks: Record<string, { internal?: boolean }>;
}

const compose = parse(read('deploy/compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('deploy/Dockerfile');

it('compose.yaml is one by the schema of the Compose Specification', () => {
  // The schema is that of compose-spec, which dclint carries.
  const folder = join(createRequire(import.meta.url).resolve('dclint/package.json'), '..');
  const schema = JSON.parse(readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8')) as object;
  const { $schema: _, ...plain } = schema as { $schema: string };
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { duration: true, ports: true, expose: true, subnet_ip_address: true },
  });
  const validate = ajv.compile(plain);
  validate(compose);
  expect(validate.errors).toBeNull();
  expect(validate({ ...compose, services: { a: { imagee: 'x' } } })).toBe(false);
});

describe.each(services)('%s', (name, service) => {
  it('is of a pinned image, bounded and hardened', () => {
    expect(service.image).toMatch(/^[a-z/-]+:(v?\d+\.\d+|\$\{PINGAN_VERSION:-\d+\.\d+\.\d+\})/);
    expect(service.image).not.toContain('latest');
    expect(service.mem_limit).toBeDefined();
    expect(service.restart).toBe('unless-stopped');
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    if (!['kafka', 'clickhouse'].includes(name)) expect(service.read_only).toBe(true);
    expect(service.user ?? 'of the image').not.toMatch(/^(0|root)/);
  });

  it('says whether it is well', () => {
    expect(service.healthcheck?.test[0]).toMatch(/^CMD/);
    if (service.image.startsWith('pingan-index:')) expect(service.healthcheck?.test.at(-1)).toContain('/readyz');
  });

  it('waits for services that are there, by their health', () => {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(compose.services[other], other).toBeDefined();
      expect(condition).toBe('service_healthy');
    }
  });

  it('uses volumes, secrets, networks and files that there are', () => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(/:(?=\/)/);
      if (source.startsWith('.')) expect(existsSync(join(root, 'deploy', source)), source).toBe(true);
      else if (/^[a-z]/.test(source)) expect(compose.volumes, source).toHaveProperty(source);
    }
    for (const secret of service.secrets ?? []) expect(compose.secrets, secret).toHaveProperty(secret);
    for (const network of service.networks) expect(compose.networks, network).toHaveProperty(network);
  });

  it('holds no secret of its own', () => {
    for (const [key, value] of Object.entries(service.environment ?? {}))
      if (/PASSWORD|SECRET|TOKEN/.test(key)) expect(value, key).toMatch(/^\/run\/secrets\/\w+$/);
  });
});

it('each service of ours is started by its name, and is scraped', () => {
  const ours = services.filter(([, { image }]) => image.startsWith('pingan-index:'));
  for (const [name, { command, init }] of ours) {
    expect(command).toEqual([name]);
    expect(init).toBe(true);
    expect(existsSync(join(root, 'services', name, 'src/main.ts')), name).toBe(true);
  }
  const prometheus = parse(read('deploy/prometheus/prometheus.yaml')) as {
    scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
  };
  const targets = prometheus.scrape_configs.find(({ job_name }) => job_name === 'pingan')!.static_configs[0]!.targets;
  expect(targets.sort()).toEqual(ours.map(([name]) => `${name}:9464`).sort());
});

it('only Grafana can be reached from outside, on this machine unless told otherwise', () => {
  expect(services.filter(([, { ports }]) => ports).map(([name, { ports }]) => [name, ports])).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the file
    ['grafana', ['${GRAFANA_ADDRESS:-127.0.0.1:3000}:3000']],
  ]);
  expect(compose.networks.inside).toEqual({ internal: true });
});

it('Kafka keeps messages and the places of readers for decades', () => {
  const { KAFKA_LOG_RETENTION_MS, KAFKA_OFFSETS_RETENTION_MINUTES } = compose.services.kafka!.environment!;
  expect(KAFKA_LOG_RETENTION_MS).toBe('-1');
  expect(Number(KAFKA_OFFSETS_RETENTION_MINUTES)).toBe(20 * 365 * 24 * 60);
});

it('every secret is used, made by make-secrets, and not in the repository', () => {
  const made = [...read('deploy/make-secrets').matchAll(/^make (\w+) /gm)].map(([, name]) => name);
  const used = new Set(services.flatMap(([, { secrets = [] }]) => secrets));
  expect(Object.keys(compose.secrets).sort()).toEqual(made.sort());
  expect([...used].sort()).toEqual(made.sort());
  for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
  expect(read('.gitignore')).toContain('deploy/secrets/');
});

it('the image runs as a user without rights, and what it starts with can be run', () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  for (const file of ['image/run', 'image/pingan', 'make-secrets', 'redis/start', 'clickhouse/start', 'grafana/start'])
    expect(statSync(join(root, 'deploy', file)).mode & 0o111, file).toBeGreaterThan(0);
});
