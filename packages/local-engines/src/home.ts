import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from './errors.js';
import type { EngineName, Environment } from './types.js';

export function workspaceRoot(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let dir = start; dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'pnpm-workspace.yaml'))) return dir;
  }
  return start;
}

/** `.pingan/` in the workspace root, or PINGAN_HOME. */
export function resolveHome(env: Environment): string {
  return env.PINGAN_HOME ? resolve(env.PINGAN_HOME) : join(workspaceRoot(), '.pingan');
}

/** Shared by all homes: what is downloaded once per checkout. */
export function cacheDirectory(): string {
  return join(workspaceRoot(), 'node_modules', '.cache', 'pingan');
}

export function homePaths(home: string) {
  return {
    lock: join(home, 'lock'),
    endpoints: join(home, 'endpoints.json'),
    ports: join(home, 'ports.json'),
    logs: join(home, 'logs'),
    run: join(home, 'run'),
    data: (engine: EngineName) => join(home, engine),
    log: (engine: EngineName) => join(home, 'logs', `${engine}.log`),
    pids: (engine: EngineName) => join(home, 'run', `${engine}.json`),
  };
}

export function prepareHome(home: string): void {
  const paths = homePaths(home);
  try {
    for (const dir of [home, paths.logs, paths.run]) {
      mkdirSync(dir, { recursive: true });
      accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (cause) {
    throw new EngineError({
      code: 'home-not-writable',
      engine: 'home',
      message: `数据目录无法写入：${home}`,
      hint: '请检查目录权限与磁盘，或用环境变量 PINGAN_HOME 指定另一个目录。',
      cause,
    });
  }
}
