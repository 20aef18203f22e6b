import { accessSync, chmodSync, chownSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngineError } from './errors.js';
import type { Owner } from './files.js';
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
    secrets: join(home, 'secrets.json'),
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
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (cause) {
    throw notWritable(home, cause);
  }
}

export function notWritable(path: string, cause: unknown): EngineError {
  return new EngineError({
    code: 'home-not-writable',
    engine: 'home',
    message: `数据目录无法写入：${path}`,
    hint: '请检查目录的属主、权限与磁盘，或用环境变量 PINGAN_HOME 指定另一个目录。',
    cause,
  });
}

/**
 * Closes the home to other users: it holds raw events and passwords. The engines' user, where there is one, may pass
 * through to its own directories. Returns what a person must be told when that is not possible.
 */
export function closeHome(home: string, engines: Owner | undefined): string | undefined {
  const { uid, mode } = statSync(home);
  const wanted = engines ? 0o710 : 0o700;
  const own = process.getuid?.();
  // Closing /tmp or somebody's home directory would do more harm than good.
  const shared = (mode & 0o1000) !== 0 || [homedir(), dirname(home)].includes(home);
  if (!shared && (own === 0 || own === uid)) {
    if (engines) chownSync(home, uid, engines.gid);
    chmodSync(home, wanted);
    return undefined;
  }
  if ((mode & 0o077) === 0) return undefined;
  return `数据目录 ${home} 对本机其他用户开放，又不能由程序收紧。建议用 PINGAN_HOME 指定一个专用目录。`;
}
