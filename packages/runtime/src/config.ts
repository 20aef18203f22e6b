import { z } from 'zod';

/** Names whose values are never printed. */
const secretName = /PASSWORD|SECRET|TOKEN|_KEY$/;

/** Credentials inside a URL (`redis://user:secret@host`) are as secret as a variable named so. */
function withoutCredentials(value: string): string {
  return value.replace(/(\w+:\/\/)[^/@\s]*@/g, '$1***@');
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads a service's configuration once. The schema's keys are environment variables.
 * @throws ConfigError naming every variable that is missing or wrong.
 */
export function readConfig<T extends z.ZodObject>(schema: T, env: Record<string, string | undefined>): z.infer<T> {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `${issue.path.join('.')}:${issue.message}`);
  throw new ConfigError(`配置有误:\n  ${lines.join('\n  ')}`);
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
  .refine((hosts) => hosts.every((host) => /^[^\s:]+:\d+$/.test(host)), '应为 主机:端口,多个以逗号分隔');

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

/** Where the engines are. */
export const engineConfig = z.object({
  KAFKA_BROKERS: hostList,
  REDIS_URL: z.string().regex(/^rediss?:\/\//, '应以 redis:// 开头'),
  CLICKHOUSE_URL: z.string().regex(/^https?:\/\//, '应以 http:// 开头'),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[a-z_][a-z0-9_]*$/)
    .default('pingan'),
  /** After this long the fate of a request is unknown and it is sent again. */
  CLICKHOUSE_TIMEOUT_MS: milliseconds({ from: 1_000, to: 3_600_000, usual: 60_000 }),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});
