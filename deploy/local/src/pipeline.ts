import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { coreServices, producerServices } from '@pingan/cli';
import {
  type Endpoints,
  type Engines,
  endpointsToEnv,
  type SupervisedProcess,
  startEngines,
  superviseProcess,
} from '@pingan/local-engines';
import { createRedis, listServices, type ServiceBeat } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import type { Steps } from './steps.js';

const servicesDirectory = fileURLToPath(new URL('../../../services/', import.meta.url));

const STOP_DEADLINE_MS = 15_000;
const RESTART_DELAY_MS = 1_000;

/** A service that dies this often within a minute is broken, not unlucky. */
const RESTARTS_PER_MINUTE = 5;

export interface Pipeline {
  home: string;
  endpoints: Endpoints;
  stop: () => Promise<void>;
}

export interface PipelineOptions {
  home: string;
  services: readonly string[];
  steps: Steps;
  signal: AbortSignal;
  /** Something died and could not be brought back. */
  onBroken: (text: string) => void;
}

/**
 * Ten times what a service needs: V8 derives from this how much garbage it lets gather before a full collection. At a tenth
 * of it the ingestor collected five times as often and took half as long again per event.
 */
const HEAP_MEGABYTES = 2048;

/** What a window leaves behind should die young. */
const YOUNG_MEGABYTES = 32;

/** The environment of every service: where the engines are, where state is kept, how much memory is enough. */
export function serviceEnv(home: string, endpoints: Endpoints): Record<string, string | undefined> {
  const nodeOptions =
    `${process.env.NODE_OPTIONS ?? ''} --max-old-space-size=${HEAP_MEGABYTES} --max-semi-space-size=${YOUNG_MEGABYTES}`.trim();
  return { ...process.env, ...endpointsToEnv(endpoints), PINGAN_HOME: home, NODE_OPTIONS: nodeOptions };
}

class ServiceGroup {
  private readonly running = new Map<string, SupervisedProcess>();
  private readonly deaths = new Map<string, number[]>();
  private stopping = false;

  constructor(
    private readonly options: PipelineOptions,
    private readonly env: Record<string, string | undefined>,
  ) {}

  start(name: string): void {
    if (this.stopping) return;
    const child = superviseProcess({
      name,
      modulePath: join(servicesDirectory, name, 'dist/main.js'),
      env: this.env,
      logFile: join(this.options.home, 'logs', `${name}.log`),
      onExit: ({ expected }) => {
        if (!expected && !this.stopping) void this.revive(name);
      },
    });
    this.running.set(name, child);
  }

  private async revive(name: string): Promise<void> {
    const now = Date.now();
    const recent = [...(this.deaths.get(name) ?? []), now].filter((at) => now - at < 60_000);
    this.deaths.set(name, recent);
    if (recent.length > RESTARTS_PER_MINUTE) {
      this.options.onBroken(`服务 ${name} 反复退出,日志见 ${join(this.options.home, 'logs', `${name}.log`)}`);
      return;
    }
    this.options.steps.say(`服务 ${name} 意外退出,正在重启`);
    await sleep(RESTART_DELAY_MS);
    this.start(name);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const name of [...producerServices, ...coreServices]) await this.running.get(name)?.stop(STOP_DEADLINE_MS);
  }
}

/** Waits until every service gives a sign of life. */
async function untilAlive(endpoints: Endpoints, names: readonly string[], signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const alive = new Set((await readBeats(endpoints)).map(({ service }) => service));
    if (names.every((name) => alive.has(name))) return;
    await sleep(200, undefined, { signal });
  }
}

export async function readBeats(endpoints: Endpoints): Promise<ServiceBeat[]> {
  const redis = createRedis(endpoints.redisUrl, 'work', createLogger('launcher', 'silent'));
  try {
    return await listServices(redis);
  } finally {
    redis.disconnect();
  }
}

/** Starts engines and services and owns them until `stop`. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { home, services, steps, signal, onBroken } = options;
  mkdirSync(join(home, 'logs'), { recursive: true });
  let engines: Engines | undefined;
  let stopping = false;
  engines = await startEngines({
    home,
    signal,
    log: ({ message, elapsedMs }) => {
      if (elapsedMs !== undefined) steps.say(message, elapsedMs);
    },
    onExit: ({ engine, logTail }) => {
      if (stopping) return;
      steps.say(`${engine} 意外退出,正在重启`);
      engines?.startEngine(engine).catch((error: Error) => onBroken(`${engine} 无法重启:${error.message}\n${logTail}`));
    },
  });
  const { endpoints } = engines;
  const group = new ServiceGroup(options, serviceEnv(home, endpoints));
  const stop = async (): Promise<void> => {
    stopping = true;
    await group.stop();
    await engines?.stop();
  };
  try {
    await steps.timed(`服务已就绪:${services.join('、')}`, async () => {
      for (const name of services) group.start(name);
      await untilAlive(endpoints, services, signal);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { home, endpoints, stop };
}
