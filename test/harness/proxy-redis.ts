import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { openTcpProxy, type Protocol } from './proxy-tcp.js';

export interface RedisRequest {
  /** Upper case; for a script of BullMQ the script's own name, e.g. `addStandardJob`. */
  command: string;
  /** What follows the command; long values (messages of a window) are left out. */
  args: string[];
}

const LONGEST_ARGUMENT = 1_024;
const require = createRequire(new URL('../../packages/messaging/package.json', import.meta.url));

/** BullMQ's scripts by their SHA-1, which is how a client names them. */
function scriptNames(): Map<string, string> {
  const folder = join(dirname(require.resolve('bullmq')), 'scripts');
  const names = new Map<string, string>();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith('.js')) continue;
    for (const exported of Object.values(
      require(join(folder, file)) as Record<string, { name?: string; content?: string }>,
    )) {
      if (!exported?.name || !exported.content) continue;
      names.set(createHash('sha1').update(exported.content).digest('hex'), exported.name);
    }
  }
  return names;
}

/** One request as an array of bulk strings, which is all that ioredis sends. Undefined while it is not whole. */
function readRequest(bytes: Buffer, from: number): { parts: Buffer[]; end: number } | undefined {
  const line = (at: number): { value: number; next: number } | undefined => {
    const stop = bytes.indexOf('\r\n', at);
    return stop < 0 ? undefined : { value: Number(bytes.toString('latin1', at + 1, stop)), next: stop + 2 };
  };
  const count = line(from);
  if (!count) return undefined;
  const parts: Buffer[] = [];
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    const length = line(at);
    if (!length || length.next + length.value + 2 > bytes.length) return undefined;
    parts.push(bytes.subarray(length.next, length.next + length.value));
    at = length.next + length.value + 2;
  }
  return { parts, end: at };
}

/** A Redis proxy that knows the scripts of BullMQ by name. */
export function openRedisProxy(url: string) {
  const { hostname, port } = new URL(url);
  const scripts = scriptNames();
  const asRequest = ([first, ...rest]: Buffer[]): RedisRequest => {
    const command = first!.toString('latin1').toUpperCase();
    const args = rest.filter(({ length }) => length <= LONGEST_ARGUMENT).map((part) => part.toString());
    if (command === 'EVALSHA') return { command: scripts.get(args[0]!) ?? command, args };
    if (command === 'EVAL') {
      const sha = createHash('sha1').update(rest[0]!).digest('hex');
      return { command: scripts.get(sha) ?? command, args };
    }
    return { command, args };
  };
  const protocol: Protocol<RedisRequest> = {
    requests: (bytes) => {
      const frames: { bytes: Buffer; request: RedisRequest }[] = [];
      let at = 0;
      for (let found = readRequest(bytes, at); found; found = readRequest(bytes, at)) {
        frames.push({ bytes: bytes.subarray(at, found.end), request: asRequest(found.parts) });
        at = found.end;
      }
      return { frames, rest: bytes.subarray(at) };
    },
  };
  return openTcpProxy({ host: hostname, port: Number(port) }, protocol);
}
