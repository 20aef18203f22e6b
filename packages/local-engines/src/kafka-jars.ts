import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines, runCommand } from './commands.js';
import { isRoot } from './engine-user.js';
import { EngineError } from './errors.js';
import { cacheDirectory } from './home.js';
import { withLock } from './lock.js';
import type { StepLog } from './types.js';

/** Equal to the version in assets/pom.xml. */
export const KAFKA_VERSION = '4.1.1';

const pom = fileURLToPath(new URL('../assets/pom.xml', import.meta.url));

export function kafkaLibrary(): string {
  // Other jars of the same Kafka are another library.
  const jars = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 8);
  return join(cacheDirectory(), `kafka-${KAFKA_VERSION}-${jars}`, 'lib');
}

/** One of the jars, which stands for all. */
export const kafkaJar = (library: string) => join(library, `kafka_2.13-${KAFKA_VERSION}.jar`);

/** The directory is renamed into place when complete, so that its existence is enough. */
export function hasKafkaJars(): boolean {
  return existsSync(kafkaLibrary());
}

/** Fetches Kafka's jars once per checkout; safe to be called by several processes at once. */
export async function ensureKafkaJars(options: { maven: string | undefined; log: StepLog }): Promise<string> {
  const lib = kafkaLibrary();
  if (hasKafkaJars()) return opened(lib);
  mkdirSync(dirname(lib), { recursive: true });
  await withLock(`${dirname(lib)}.lock`, async () => {
    if (!hasKafkaJars()) await download({ maven: options.maven ?? 'mvn', lib, log: options.log });
  });
  return opened(lib);
}

/** What is downloaded into a temporary directory is closed to the user that Kafka runs as. */
function opened(lib: string): string {
  if (isRoot()) chmodSync(lib, 0o755);
  return lib;
}

async function download(options: { maven: string; lib: string; log: StepLog }): Promise<void> {
  options.log({
    phase: 'download',
    engine: 'kafka',
    message: `通过 Maven 下载 Kafka ${KAFKA_VERSION}（约 43 MB，只需一次）`,
  });
  const parent = dirname(options.lib);
  // Under the lock, any draft is one that an interrupted download has left.
  for (const name of readdirSync(parent)) rmSync(join(parent, name), { recursive: true });
  const draft = mkdtempSync(`${options.lib}.`);
  const args = ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`];
  try {
    const result = await runCommand(options.maven, [...args, '-DincludeScope=runtime']);
    if (!result.ok || !existsSync(kafkaJar(draft))) {
      throw new EngineError({
        code: 'download-failed',
        engine: 'kafka',
        message: `Maven 下载 Kafka 失败：\n${lastLines(result.output, 12)}`,
        hint: '请检查网络与 ~/.m2/settings.xml 中的镜像或代理设置后重试，或用 KAFKA_BROKERS 指向已有的 Kafka。',
      });
    }
    renameSync(draft, options.lib);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
