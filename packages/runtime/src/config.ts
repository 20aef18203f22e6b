import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Names whose values are never printed. */
const secretName = /PASSWORD|SECRET|TOKEN|_KEY$/;

/** Credentials inside a URL (`redis://user:secret@host`) are as secret as a variable named so, whatever they consist of. */
function withoutCredentials(value: string): string {
  return value
    .replace(/(\w+:\/\/)\S*@/g, '$1***@')
    .replace(/([?&][^=&\s]*(?:password|user|token)[^=&\s]*=)[^&\s]*/gi, '$1***');
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What holds a password may stand in a file, which `<NAME>_FILE` names: so containers are given secrets. */
export const secretFiles = ['KAFKA_PASSWORD', 'CLICKHOUSE_PASSWORD', 'REDIS_URL'] as const;

/**
 * The environment with the contents of those files, without the line break at their end.
 * @throws ConfigError when a file cannot be read, or the variable itself is set as well.
 */
export function withSecretFiles<T extends Record<string, string | undefined>>(env: T): T {
  const read: Record<string, string | undefined> = {};
  for (const name of secretFiles) {
    const file = env[`${name}_FILE`] ?? '';
    if (file === '') continue;
    if ((env[name] ?? '') !== '') throw new ConfigError(`配置有误：\n  ${name}：与 ${name}_FILE 只能设置一个`);
    try {
      read[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    } catch (error) {
      throw new ConfigError(`配置有误：\n  ${name}_FILE：读不到文件（${(error as NodeJS.ErrnoException).code}）`);
    }
  }
  return { ...env, ...read };
}

/**
 * Reads a service's configuration once. The schema's keys are environment variables; see `withSecretFiles`.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function readConfig<T extends z.ZodObject>(schema: T, env: Record<string, string | undefined>): z.infer<T> {
  const result = schema.safeParse(withSecretFiles(env));
  const lines = result.success
    ? incompleteLogin(result.data)
    : result.error.issues.map((issue) => `${issue.path.join('.')}：${issue.message}`);
  if (result.success && lines.length === 0) return result.data;
  throw new ConfigError(`配置有误：\n  ${lines.join('\n  ')}`);
}

/** The configuration as it may be printed. */
export function printableConfig(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (value !== undefined && secretName.test(name)) return [name, '***'];
      if (Array.isArray(value)) return [name, value.map((v) => (typeof v === 'string' ? withoutCredentials(v) : v))];
      return [name, typeof value === 'string' ? withoutCredentials(value) : value];
    }),
  );
}

/** `a:1,b:2` → `['a:1', 'b:2']`. */
export const hostList = z
  .string()
  .min(1)
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (hosts) => hosts.every((host) => /^[^\s:]+:\d+$/.test(host)),
    '应为 host:9092 这样的主机和端口，多个以逗号分隔',
  );

/** What `runService` itself reads. */
export const serviceConfig = z.object({
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** Where `/healthz`, `/readyz` and `/metrics` are answered; port 0 takes a free one, see `pingan status`. */
  HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** Work that has not moved for this long while its engines answer ends the process. */
  WATCHDOG_SECONDS: z.coerce.number().min(1).max(3_600).default(45),
});

/** A setting that is a time. */
export const milliseconds = ({ from, to, usual }: { from: number; to: number; usual: number }) =>
  z.coerce.number().int().min(from).max(to).default(usual);

/** A window is stored in well under a second, a county scored in a few; a worker that is silent this long is dead. */
export const jobLock = milliseconds({ from: 1_000, to: 600_000, usual: 30_000 });

/** A URL of one of the protocols. An invalid one is refused here, where its text is not printed. */
function urlOf(protocols: readonly string[]) {
  const known = (text: string) => URL.canParse(text) && protocols.includes(new URL(text).protocol);
  return z.string().refine(known, `应为网址，以 ${protocols.map((protocol) => `${protocol}//`).join(' 或 ')} 开头`);
}

/** An empty variable is one that is not set. */
const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

/** How engines that are not on this machine are reached. */
const accessShape = {
  KAFKA_TLS: z.enum(['true', 'false'], '应为 true 或 false').default('false'),
  KAFKA_SASL_MECHANISM: z
    .enum(['', 'plain', 'scram-sha-256', 'scram-sha-512'], '应为 plain、scram-sha-256 或 scram-sha-512')
    .optional()
    .transform((mechanism) => (mechanism === '' ? undefined : mechanism)),
  KAFKA_USERNAME: optionalText,
  KAFKA_PASSWORD: optionalText,
  CLICKHOUSE_USERNAME: optionalText,
  CLICKHOUSE_PASSWORD: optionalText,
};

/** The part of the configuration that says how to log in. */
export const accessConfig = z.object(accessShape);
export type AccessConfig = z.infer<typeof accessConfig>;

/** Where the engines are and how to log in to them. */
export const engineConfig = z.object({
  KAFKA_BROKERS: hostList,
  REDIS_URL: urlOf(['redis:', 'rediss:']),
  CLICKHOUSE_URL: urlOf(['http:', 'https:']),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/, '只能用小写字母、数字和下划线')
    .default('pingan'),
  /** After this long the fate of a request is unknown and it is sent again. */
  CLICKHOUSE_TIMEOUT_MS: milliseconds({ from: 1_000, to: 3_600_000, usual: 60_000 }),
  ...accessShape,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

/** Kafka's login is three variables: two of them are a mistake that would show only as a broker that does not answer. */
function incompleteLogin(config: Record<string, unknown>): string[] {
  const names = ['KAFKA_SASL_MECHANISM', 'KAFKA_USERNAME', 'KAFKA_PASSWORD'];
  const missing = names.filter((name) => config[name] === undefined);
  if (missing.length === 0 || missing.length === names.length) return [];
  return missing.map((name) => `${name}：与 ${names.filter((one) => one !== name).join('、')} 须一起设置`);
}

export interface KafkaAccess {
  ssl: boolean;
  sasl?: { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
}

/** How to log in to Kafka; the authorities a certificate may come from are Node's (`NODE_EXTRA_CA_CERTS` adds one). */
export function kafkaAccess(config: AccessConfig): KafkaAccess {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = config;
  const ssl = config.KAFKA_TLS === 'true';
  if (mechanism === undefined || username === undefined || password === undefined) return { ssl };
  return { ssl, sasl: { mechanism, username, password } };
}

export interface ClickHouseAccess {
  username?: string;
  password?: string;
}

/** How to log in to ClickHouse; without either, what the URL says. */
export function clickhouseAccess(config: AccessConfig): ClickHouseAccess {
  const { CLICKHOUSE_USERNAME: username, CLICKHOUSE_PASSWORD: password } = config;
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

/** What a service needs to open the store. */
export function storeAccess(
  config: Pick<z.infer<typeof engineConfig>, 'CLICKHOUSE_URL' | 'CLICKHOUSE_DATABASE' | 'CLICKHOUSE_TIMEOUT_MS'> &
    AccessConfig,
): ClickHouseAccess & { url: string; database: string; timeoutMs: number } {
  const { CLICKHOUSE_URL: url, CLICKHOUSE_DATABASE: database, CLICKHOUSE_TIMEOUT_MS: timeoutMs } = config;
  return { url, database, timeoutMs, ...clickhouseAccess(config) };
}
