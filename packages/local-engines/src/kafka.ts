import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type KafkaAccess, PATIENCE_MS } from '@pingan/runtime';
import { UTF8_LOCALE } from './commands.js';
import { type EngineSpec, STOP_DEADLINES_MS } from './engine.js';
import { EngineError } from './errors.js';
import { type Owner, writeFileAtomic } from './files.js';
import { ENGINE_USER } from './types.js';

export interface KafkaOptions {
  dataDir: string;
  port: number;
  controllerPort: number;
  password: string;
  java: string;
  /** Directory of the jars. */
  lib: string;
  /** Java heap, such as 512m. */
  heap: string;
  runAs?: Owner | undefined;
}

const run = promisify(execFile);
export const log4j = fileURLToPath(new URL('../assets/log4j2.xml', import.meta.url));
/** A second of work, and minutes on a machine that has fifty other things to do. */
const FORMAT_TIMEOUT_MS = 300_000;

/** Writes the configuration and formats the log directory the first time. */
export async function kafkaSpec(options: KafkaOptions): Promise<EngineSpec> {
  // One broker beside everything else on a small machine: a quick start counts more than the last bit of throughput.
  const lean = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const java = [`-Xmx${options.heap}`, ...lean, `-Dlog4j2.configurationFile=${log4j}`, '-cp', join(options.lib, '*')];
  const clusterId = clusterIdOf(options);
  await formatOnce(options, java, clusterId);
  writeProperties('server.properties', options, 'data');
  const broker = `127.0.0.1:${options.port}`;
  return {
    engine: 'kafka',
    command: options.java,
    args: [...java, 'kafka.Kafka', 'server.properties'],
    // Paths in the configuration are relative to here, so that any character may occur in the real path.
    cwd: options.dataDir,
    runAs: options.runAs,
    startTimeoutMs: 300_000,
    stopDeadlineMs: STOP_DEADLINES_MS.kafka,
    ready: () => coordinates({ broker, clusterId, access: accessBy(options.password) }),
  };
}

function writeProperties(name: string, options: KafkaOptions, logDir: string): void {
  writeFileAtomic(join(options.dataDir, name), serverProperties({ ...options, logDir }), options.runAs);
}

const accessBy = (password: string): KafkaAccess => ({
  ssl: false,
  sasl: { mechanism: 'plain', username: ENGINE_USER, password },
});

/** PLAIN, because the password never leaves this machine and SCRAM cannot be added to a log that is formatted already. */
export function serverProperties(options: {
  port: number;
  controllerPort: number;
  password: string;
  logDir: string;
}): string {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required username="${ENGINE_USER}" password="${options.password}" user_${ENGINE_USER}="${options.password}";`;
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${options.controllerPort}`,
    listeners: `CLIENTS://127.0.0.1:${options.port},CONTROLLER://127.0.0.1:${options.controllerPort}`,
    'advertised.listeners': `CLIENTS://127.0.0.1:${options.port}`,
    'listener.security.protocol.map': 'CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT',
    'sasl.enabled.mechanisms': 'PLAIN',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.clients.plain.sasl.jaas.config': login,
    'listener.name.controller.plain.sasl.jaas.config': login,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'CLIENTS',
    'log.dirs': options.logDir,
    // A mistyped topic is an error, not a new topic.
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 8,
    // The log is the source of truth: nothing expires, and a consumer that slept for years goes on where it was.
    'log.retention.ms': -1,
    'log.retention.bytes': -1,
    'offsets.retention.minutes': 20 * 365 * 24 * 60,
    'message.max.bytes': 4 * 1024 * 1024,
    'replica.fetch.max.bytes': 4 * 1024 * 1024,
    'log.cleaner.dedupe.buffer.size': 32 * 1024 * 1024,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/**
 * Just after the port opens, the group coordinator and producer ids are not available for a moment. Ready means both
 * are, so that no client has to retry. The cluster id tells our broker from another one on the same port.
 */
async function coordinates(options: { broker: string; clusterId: string; access: KafkaAccess }): Promise<void> {
  const { broker, clusterId, access } = options;
  const { describeCluster, requireCoordinators } = await import('@pingan/messaging/probe');
  const probe = { brokers: [broker], access, ms: PATIENCE_MS };
  const cluster = await describeCluster(probe);
  if (cluster.clusterId !== clusterId) throw new Error('another Kafka answers on this port');
  await requireCoordinators(probe);
}

function clusterIdOf({ dataDir, runAs }: KafkaOptions): string {
  const path = join(dataDir, 'cluster-id');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  let id: string;
  do id = randomBytes(16).toString('base64url');
  while (id.startsWith('-'));
  writeFileAtomic(path, `${id}\n`, runAs);
  return id;
}

/** Formats beside the final place and renames, so that an interrupted start leaves nothing half done. */
async function formatOnce(options: KafkaOptions, java: string[], clusterId: string): Promise<void> {
  if (existsSync(join(options.dataDir, 'data'))) return;
  const draft = join(options.dataDir, 'data.new');
  rmSync(draft, { recursive: true, force: true });
  writeProperties('format.properties', options, 'data.new');
  const args = [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', 'format.properties'];
  try {
    const env = { ...process.env, ...UTF8_LOCALE };
    await run(options.java, args, { cwd: options.dataDir, timeout: FORMAT_TIMEOUT_MS, env, ...options.runAs });
  } catch (cause) {
    const {
      stdout = '',
      stderr = '',
      killed = false,
    } = cause as { stdout?: string; stderr?: string; killed?: boolean };
    const why = killed ? `${FORMAT_TIMEOUT_MS / 1000} 秒内没有完成` : '';
    throw new EngineError({
      code: 'engine-exited',
      engine: 'kafka',
      message: `Kafka 日志目录格式化失败：${why}\n${`${stdout}${stderr}`.trim().split('\n').slice(-10).join('\n')}`,
      hint: killed ? '机器可能过于繁忙，请稍后重试。' : `请检查 ${options.dataDir} 的权限与剩余空间。`,
      cause,
    });
  }
  renameSync(draft, join(options.dataDir, 'data'));
}
