import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoints, type EngineName, type Engines, endpointsToEnv, startEngines } from '@pingan/local-engines';
import { createRedis, listServices, type ServiceBeat } from '@pingan/messaging';
import { createLogger, readConfig, serviceConfig } from '@pingan/runtime';
import { EngineWatch } from './engine-watch.js';
import { restartDelay, ServiceGroup } from './service-group.js';
import { SpaceWait } from './space.js';
import type { Steps } from './steps.js';

/** An engine that cannot be started so often in a row, with space on its disk, needs an operator: a broken store. */
const ENGINE_TRIES = 5;

/** An engine that has not answered for this long and does nothing is frozen. */
const FROZEN_SECONDS = 60;

export interface Pipeline {
  home: string;
  endpoints: Endpoints;
  /** Process of a service or engine; undefined between its death and its next start. */
  pid: (name: string) => number | undefined;
  stop: () => Promise<void>;
}

export interface PipelineOptions {
  home: string;
  /** In the order in which they are stopped: intake first. */
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
  // One port cannot serve them all: each takes a free one.
  const own = { PINGAN_HOME: home, NODE_OPTIONS: nodeOptions, HEALTH_PORT: '0' };
  return { ...process.env, ...endpointsToEnv(endpoints), ...own };
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
  let engines: Engines | undefined;
  let stopping = false;
  const giveUp = new AbortController();
  const space = new SpaceWait({
    folder: home,
    say: (text) => steps.say(text),
    signal: AbortSignal.any([signal, giveUp.signal]),
  });
  const reviveEngine = async (engine: EngineName): Promise<void> => {
    steps.say(`${engine} 意外退出，正在重启`);
    for (let failures = 0; !stopping; failures += 1) {
      if (await space.untilSpace()) failures = 0;
      try {
        return await engines?.startEngine(engine);
      } catch (error) {
        // The disk may have filled while it started.
        if (await space.untilSpace()) failures = -1;
        else if (failures === ENGINE_TRIES) return onBroken(`${engine} 无法重启：${(error as Error).message}`);
        else await sleep(restartDelay(failures));
      }
    }
  };
  const unlessStopping = (error: unknown): void => {
    if (!stopping && !signal.aborted) onBroken((error as Error).message);
  };
  await space.untilSpace();
  mkdirSync(join(home, 'logs'), { recursive: true });
  engines = await startEngines({
    home,
    signal,
    log: ({ phase, message, elapsedMs }) => {
      if (elapsedMs !== undefined) steps.say(message, elapsedMs);
      else if (phase === 'notice') steps.say(message);
    },
    onExit: ({ engine }) => {
      if (!stopping) void reviveEngine(engine).catch(unlessStopping);
    },
  });
  const { endpoints } = engines;
  // Notes beside ledgers in a folder of the user's own are for those who put them there; all else is nobody else's to read.
  if (!process.env.INBOX_DIR) process.umask(0o077);
  let groupBroken = (_: Error): void => undefined;
  const hopeless = new Promise<never>((_, reject) => {
    groupBroken = reject;
  });
  hopeless.catch(() => undefined);
  const group = new ServiceGroup({
    names: services,
    env: serviceEnv(home, endpoints),
    logFile: (name) => join(home, 'logs', `${name}.log`),
    say: (text) => steps.say(text),
    onBroken: (text) => {
      groupBroken(new Error(text));
      onBroken(text);
    },
    beforeStart: async () => void (await space.untilSpace()),
    hangMs: readConfig(serviceConfig, process.env).WATCHDOG_SECONDS * 1000,
  });
  const watch = new EngineWatch({ engines, say: (text) => steps.say(text), frozenMs: FROZEN_SECONDS * 1000 });
  const stop = async (): Promise<void> => {
    stopping = true;
    giveUp.abort();
    watch.stop();
    await group.stop();
    await engines?.stop();
  };
  try {
    await steps.timed(`服务已就绪：${services.join('、')}`, async () => {
      await Promise.race([untilAlive(endpoints, services, signal), hopeless]);
    });
    group.allUp();
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = (name: string) => group.pid(name) ?? engines?.pids[name as EngineName];
  return { home, endpoints, pid, stop };
}
