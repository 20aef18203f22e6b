import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Hold, Holds, type Rule } from './hold.js';

export interface ClickHouseRequest {
  /** The statement, without the data of an insert. */
  statement: string;
  /** Of an insert: its deduplication token. */
  token: string | undefined;
}

const LONGEST_STATEMENT = 4_096;

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** A proxy for ClickHouse's HTTP interface: one request, one answer, so each can be held, cut, delayed or refused. */
export async function openClickHouseProxy(url: string) {
  const target = new URL(url);
  const agent = new Agent({ keepAlive: true });
  const holds = new Holds<ClickHouseRequest>();
  const sockets = new Set<Socket>();
  const state = { down: false, refusing: false, delayMs: 0 };

  const ask = (incoming: IncomingMessage, body: Buffer): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, host: target.host, 'content-length': String(body.length) };
      delete (headers as Record<string, unknown>)['transfer-encoding'];
      const options = {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers,
        agent,
      };
      const outgoing = request(options, (response) => {
        bytesOf(response).then(
          (answer) => resolve({ status: response.statusCode!, headers: response.headers, body: answer }),
          reject,
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bytesOf(incoming);
    const { searchParams } = new URL(incoming.url!, target);
    const asked = {
      statement: searchParams.get('query') ?? body.toString('utf8', 0, LONGEST_STATEMENT),
      token: searchParams.get('insert_deduplication_token') ?? undefined,
    };
    const caught = holds.take(asked);
    if (caught?.when === 'before' && (await caught.hold.caught(asked)) === 'cut') response.destroy();
    // A client that was killed while its request was held never sent it, as far as the engine can tell.
    if (response.destroyed) return;
    if (state.refusing) {
      response.writeHead(503).end('Code: 202. DB::Exception: Too many simultaneous queries');
      return;
    }
    if (state.delayMs > 0) await sleep(state.delayMs);
    const answer = await ask(incoming, body);
    if (caught?.when === 'after' && (await caught.hold.caught(asked)) === 'cut') response.destroy();
    if (response.destroyed) return;
    const headers = { ...answer.headers, 'content-length': String(answer.body.length) };
    delete (headers as Record<string, unknown>)['transfer-encoding'];
    response.writeHead(answer.status, headers).end(answer.body);
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    if (state.down) socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: (rule: Rule<ClickHouseRequest>): Hold<ClickHouseRequest> => holds.add(rule),
    /** Connections are refused and open ones cut, until told otherwise. */
    setDown: (down: boolean) => {
      state.down = down;
      if (down) cutAll();
    },
    /** Every request is answered with an error, as by a server that has too much to do. */
    setRefusing: (refusing: boolean) => {
      state.refusing = refusing;
    },
    /** Every request waits so long first. */
    setDelay: (delayMs: number) => {
      state.delayMs = delayMs;
    },
    clear: () => {
      holds.clear();
      Object.assign(state, { down: false, refusing: false, delayMs: 0 });
    },
    close: () => {
      holds.clear();
      cutAll();
      agent.destroy();
      server.close();
    },
  };
}
