import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { EngineError } from './errors.js';
import { tryLock } from './lock.js';
import { ENGINE_LABELS, type EngineName } from './types.js';

/** Below the range from which the system hands out ports to outgoing connections. */
const SPARE_PORTS = { first: 20_000, count: 10_000 };
const ATTEMPTS = 200;

export interface ReservedPort {
  port: number;
  release: () => void;
}

/**
 * The first free port of `preferred`, otherwise any spare one. Between choosing a port and an engine binding it some
 * seconds pass, so the choice is reserved against other starts by the same user.
 */
export async function reservePort(options: { engine: EngineName; preferred: number[] }): Promise<ReservedPort> {
  const spare = SPARE_PORTS.first + Math.floor(Math.random() * SPARE_PORTS.count);
  const others = Array.from({ length: ATTEMPTS }, (_, i) => {
    return SPARE_PORTS.first + ((spare - SPARE_PORTS.first + i) % SPARE_PORTS.count);
  });
  for (const port of [...options.preferred, ...others]) {
    const lock = tryLock(join(reservations(), String(port)));
    if (!lock.held) continue;
    if (await isPortFree(port)) return { port, release: lock.release };
    lock.release();
  }
  throw new EngineError({
    code: 'port-unavailable',
    engine: options.engine,
    message: `${ENGINE_LABELS[options.engine]} 找不到可用端口（已试过 ${options.preferred.join('、')} 及 ${ATTEMPTS} 个备用端口）。`,
    hint: '请检查本机是否允许在 127.0.0.1 上监听端口（防火墙、容器限制）。',
  });
}

/** Free means that nobody answers and that it can be bound: on some systems a wildcard listener does not prevent binding. */
export async function isPortFree(port: number): Promise<boolean> {
  return !(await answers(port)) && (await bindable(port));
}

function reservations(): string {
  const dir = join(tmpdir(), `pingan-ports-${userInfo().uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

/** The kernel answers at once for a port of this machine; this process may be late to hear it. */
const ANSWER_MS = 10_000;

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: ANSWER_MS });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

function bindable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
