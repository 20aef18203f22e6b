import { rmSync } from 'node:fs';
import { clickhousePrograms, clickhouseSpec, clickhouseUrl } from './clickhouse.js';
import { type EndpointsFile, endpointsFromEnv } from './endpoints.js';
import type { EngineSpec } from './engine.js';
import { engineUser, outOfReach, ROOT } from './engine-user.js';
import { EngineError } from './errors.js';
import { checkExternal } from './external.js';
import { makeClosedDirectory, type Owner, writeJson } from './files.js';
import { closeHome, homePaths, notWritable, prepareHome } from './home.js';
import { type HomePorts, reserveHomePorts } from './home-ports.js';
import { kafkaSpec, log4j } from './kafka.js';
import { ensureKafkaJars, kafkaJar } from './kafka-jars.js';
import { launchEngine, type RunningEngine } from './launch.js';
import { tryLock } from './lock.js';
import { stopOrphans } from './orphans.js';
import { ensurePrerequisites, type Tools } from './prerequisites.js';
import { ownRef } from './processes.js';
import { redisSpec, redisUrl } from './redis.js';
import { type HomeSecrets, homeSecrets } from './secrets.js';
import {
  ENGINE_LABELS,
  ENGINE_NAMES,
  ENGINE_USER,
  type Endpoints,
  type EngineExit,
  type EngineName,
  type Environment,
  type StepLog,
} from './types.js';

export interface StartOptions {
  home: string;
  /** KAFKA_BROKERS, REDIS_URL and CLICKHOUSE_URL name engines to be used instead of started. */
  env?: Environment;
  log?: StepLog;
  /** May missing packages be installed through apt, and root make the engines' user? Yes by default. */
  allowInstall?: boolean;
  /** Called when a started engine ends although nobody stopped it. It is not started again by itself. */
  onExit?: (exit: EngineExit) => void;
  /** Gives up starting: what was started is stopped, then the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface Engines {
  endpoints: Endpoints;
  /** The engines started here; the others were named by the environment. */
  started: EngineName[];
  /** Process ids of the engines running now. */
  readonly pids: Partial<Record<EngineName, number>>;
  /** Stops one engine and leaves the others; for maintenance and fault tests. */
  stopEngine(engine: EngineName): Promise<void>;
  /** Starts one engine again at the same place, after it was stopped or has died. */
  startEngine(engine: EngineName): Promise<void>;
  /** Stops everything that was started and gives the home free. Calling it twice is harmless. */
  stop(): Promise<void>;
}

/** Starts the engines that the environment does not name, waits until they serve, and owns them from then on. */
export async function startEngines(options: StartOptions): Promise<Engines> {
  const { home, env = process.env, log = () => {}, allowInstall = true } = options;
  prepareHome(home);
  const lock = tryLock(homePaths(home).lock);
  if (!lock.held) throw alreadyRunning(home, lock.holder.pid);

  const named = endpointsFromEnv(env);
  const places = { kafka: named.kafkaBrokers, redis: named.redisUrl, clickhouse: named.clickhouseUrl };
  const started = ENGINE_NAMES.filter((engine) => places[engine] === undefined);
  let ports: HomePorts | undefined;
  try {
    const external = ENGINE_NAMES.filter((engine) => !started.includes(engine));
    await Promise.all([checkExternal({ engines: external, endpoints: named, env, log }), stopOrphans({ home, log })]);
    const user = started.length > 0 ? await engineUser({ log, allowInstall }) : undefined;
    const tooOpen = closeHome(home, user);
    if (tooOpen !== undefined) log({ phase: 'notice', message: tooOpen });
    const secrets = homeSecrets(home);
    ports = await reserveHomePorts({ home, engines: started });
    const own = { allowInstall, ports, named, started, user, secrets, release: lock.release };
    const session = new Session({ ...options, env, log, ...own });
    await session.start();
    return session;
  } catch (error) {
    ports?.release();
    lock.release();
    throw error;
  }
}

export function alreadyRunning(home: string, pid: number): EngineError {
  return new EngineError({
    code: 'already-running',
    engine: 'home',
    message: `数据目录 ${home} 上的引擎已在运行（进程 ${pid}）。`,
    hint: `请先停止进程 ${pid}，或用环境变量 PINGAN_HOME 指定另一个目录。`,
    pid,
  });
}

interface SessionOptions extends StartOptions {
  env: Environment;
  log: StepLog;
  allowInstall: boolean;
  ports: HomePorts;
  named: Partial<Endpoints>;
  started: EngineName[];
  /** Whom engines run as when that is not us. */
  user: Owner | undefined;
  secrets: HomeSecrets;
  release: () => void;
}

class Session implements Engines {
  readonly endpoints: Endpoints;
  readonly started: EngineName[];
  readonly #options: SessionOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #specs = new Map<EngineName, EngineSpec>();
  readonly #running = new Map<EngineName, RunningEngine>();
  readonly #starting = new Map<EngineName, Promise<void>>();
  readonly #giveUp = new AbortController();
  readonly #signal: AbortSignal;
  #published = false;
  #toldOfRoot = false;
  #stopped: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    const { ports, named, started, secrets } = options;
    this.#options = options;
    const outside = options.signal ? [options.signal] : [];
    this.#signal = AbortSignal.any([this.#giveUp.signal, ...outside]);
    this.started = started;
    this.endpoints = {
      kafkaBrokers: named.kafkaBrokers ?? [`127.0.0.1:${ports.port('kafka')}`],
      ...(named.kafkaBrokers ? {} : { kafkaPassword: secrets.kafka }),
      redisUrl: named.redisUrl ?? redisUrl(ports.port('redis'), secrets.redis),
      clickhouseUrl: named.clickhouseUrl ?? clickhouseUrl(ports.port('clickhouse'), secrets.clickhouse),
    };
  }

  get pids(): Partial<Record<EngineName, number>> {
    return Object.fromEntries([...this.#running].map(([engine, { pid }]) => [engine, pid]));
  }

  /** Starts all in parallel; when one fails, the others are given up at once and its failure is thrown. */
  async start(): Promise<void> {
    const { env, log, allowInstall } = this.#options;
    const tools = ensurePrerequisites({ engines: this.started, env, log, allowInstall });
    const starts = this.started.map(async (engine) => {
      this.#specs.set(engine, await this.#specOf(engine, tools));
      this.#signal.throwIfAborted();
      await this.startEngine(engine);
    });
    const attempts = [tools, ...starts];
    for (const attempt of attempts) attempt.catch((error: unknown) => this.#giveUp.abort(error));
    await Promise.allSettled(attempts);
    if (this.#signal.aborted) {
      await this.stop();
      throw this.#signal.reason;
    }
    this.#published = true;
    this.#writeEndpoints();
  }

  startEngine(engine: EngineName): Promise<void> {
    if (this.#running.has(engine) || this.#stopped) return Promise.resolve();
    const begun = this.#starting.get(engine) ?? this.#launch(engine).finally(() => this.#starting.delete(engine));
    this.#starting.set(engine, begun);
    return begun;
  }

  async stopEngine(engine: EngineName): Promise<void> {
    const running = this.#running.get(engine);
    if (!running) return;
    const begun = Date.now();
    this.#options.log({ phase: 'stop', engine, message: `正在停止 ${ENGINE_LABELS[engine]}` });
    this.#running.delete(engine);
    await running.stop();
    const elapsedMs = Date.now() - begun;
    this.#options.log({ phase: 'stopped', engine, message: `${ENGINE_LABELS[engine]} 已停止`, elapsedMs });
  }

  async #launch(engine: EngineName): Promise<void> {
    const { home, env, log, onExit } = this.#options;
    const spec = this.#specs.get(engine);
    if (!spec) throw new Error(`${engine} is not one of the engines started here`);
    const begun = Date.now();
    log({ phase: 'start', engine, message: `正在启动 ${ENGINE_LABELS[engine]}` });
    const running = await launchEngine({
      spec,
      home,
      env,
      signal: this.#signal,
      onExit: (exit) => {
        this.#running.delete(engine);
        onExit?.(exit);
      },
    });
    this.#running.set(engine, running);
    if (this.#published) this.#renewEndpoints();
    log({ phase: 'ready', engine, message: `${ENGINE_LABELS[engine]} 已就绪`, elapsedMs: Date.now() - begun });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const { home, ports, release } = this.#options;
    this.#published = false;
    rmSync(homePaths(home).endpoints, { force: true });
    await Promise.allSettled(this.#starting.values());
    await Promise.all([...this.#running.keys()].map((engine) => this.stopEngine(engine)));
    ports.release();
    release();
  }

  async #specOf(engine: EngineName, tools: Promise<Tools>): Promise<EngineSpec> {
    const { home, ports, env, log, secrets } = this.#options;
    const dataDir = homePaths(home).data(engine);
    const own = { dataDir, port: ports.port(engine), password: secrets[engine] };
    if (engine === 'clickhouse') {
      return clickhouseSpec({ ...own, runAs: await this.#userOf(dataDir, clickhousePrograms()) });
    }
    const { java = 'java', maven, 'redis-server': executable = 'redis-server' } = await tools;
    if (engine === 'redis') return redisSpec({ ...own, executable, runAs: await this.#userOf(dataDir, [executable]) });
    const lib = await ensureKafkaJars({ maven, log });
    const controllerPort = ports.port('kafkaController');
    const runAs = await this.#userOf(dataDir, [java, lib, kafkaJar(lib), log4j]);
    return kafkaSpec({ ...own, controllerPort, java, lib, heap: env.PINGAN_KAFKA_HEAP ?? '512m', runAs });
  }

  /** Gives an engine's directory to the user it can run as: not every user can enter every checkout. */
  async #userOf(dataDir: string, programs: readonly string[]): Promise<Owner | undefined> {
    const { home, user, log } = this.#options;
    const path = user && (await outOfReach(user, home, programs));
    const runAs = path === undefined ? user : undefined;
    if (path !== undefined && !this.#toldOfRoot) {
      this.#toldOfRoot = true;
      const message = `引擎将以 root 身份运行：用户 ${ENGINE_USER} 读不到 ${path}。建议把项目放到其他用户可进入的目录，或改用普通用户启动。`;
      log({ phase: 'notice', message });
    }
    try {
      makeClosedDirectory(dataDir, user && (runAs ?? ROOT));
    } catch (cause) {
      throw notWritable(dataDir, cause);
    }
    return runAs;
  }

  /** Only process ids change: a disk that is full again does not make a running engine a failed start. */
  #renewEndpoints(): void {
    try {
      this.#writeEndpoints();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  #writeEndpoints(): void {
    const content: EndpointsFile = {
      endpoints: this.endpoints,
      launcher: ownRef(),
      pids: this.pids,
      startedAt: this.#startedAt,
    };
    writeJson(homePaths(this.#options.home).endpoints, content);
  }
}
