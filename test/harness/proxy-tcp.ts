import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type Hold, Holds, type Rule } from './hold.js';

export interface Protocol<R> {
  /** Cuts whole requests off the front of what a client has sent; the rest comes again with more behind it. */
  requests: (bytes: Buffer) => { frames: { bytes: Buffer; request: R }[]; rest: Buffer };
  /** Changes what the server sends, e.g. the addresses it names. Sees whole answers only if it says how they are cut. */
  answers?: (bytes: Buffer) => { frames: Buffer[]; rest: Buffer };
  rewrite?: (answer: Buffer, port: number) => Buffer;
}

/**
 * A proxy in front of a real engine that lets requests through one by one and can hold one of them, before the engine has
 * seen it or after it has answered, and can be down or slow as a whole.
 */
export async function openTcpProxy<R>(target: { host: string; port: number }, protocol: Protocol<R>) {
  const holds = new Holds<R>();
  const clients = new Set<Socket>();
  const state = { down: false, port: 0, bytesToClients: 0 };

  const serve = (client: Socket): void => {
    clients.add(client);
    const engine = connect(target);
    const end = () => {
      clients.delete(client);
      client.destroy();
      engine.destroy();
    };
    for (const socket of [client, engine]) socket.setNoDelay(true).on('error', end).on('close', end);

    /** While a request is held after its answer, answers wait here. */
    let gate: { answered: () => void; waiting: Buffer[] } | undefined;
    let pending: Buffer = Buffer.alloc(0);
    let answer: Buffer = Buffer.alloc(0);
    let turn: Promise<void> = Promise.resolve();

    const forward = async (bytes: Buffer, request: R): Promise<void> => {
      if (client.destroyed) return;
      const caught = holds.take(request);
      if (caught?.when === 'before' && (await caught.hold.caught(request)) === 'cut') return end();
      // A client that was killed while its request was held never sent it, as far as the engine can tell.
      if (client.destroyed) return;
      if (caught?.when !== 'after') {
        engine.write(bytes);
        return;
      }
      const answered = new Promise<void>((resolve) => {
        gate = { answered: resolve, waiting: [] };
      });
      engine.write(bytes);
      await answered;
      if ((await caught.hold.caught(request)) === 'cut') return end();
      const waiting = gate?.waiting ?? [];
      gate = undefined;
      for (const part of waiting) client.write(part);
    };
    client.on('data', (chunk: Buffer) => {
      const { frames, rest } = protocol.requests(pending.length === 0 ? chunk : Buffer.concat([pending, chunk]));
      pending = rest;
      for (const { bytes, request } of frames) turn = turn.then(() => forward(bytes, request));
    });
    const give = (bytes: Buffer): void => {
      if (gate) {
        gate.waiting.push(bytes);
        gate.answered();
      } else client.write(bytes);
    };
    engine.on('data', (chunk: Buffer) => {
      state.bytesToClients += chunk.length;
      if (!protocol.answers) return give(chunk);
      const { frames, rest } = protocol.answers(answer.length === 0 ? chunk : Buffer.concat([answer, chunk]));
      answer = rest;
      for (const frame of frames) give(protocol.rewrite?.(frame, state.port) ?? frame);
    });
  };

  const server = createServer((client) => {
    if (state.down) client.destroy();
    else serve(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.port = (server.address() as AddressInfo).port;
  const cutAll = () => {
    for (const client of clients) client.destroy();
  };

  return {
    port: state.port,
    hold: (rule: Rule<R>): Hold<R> => holds.add(rule),
    /** Connections are refused and open ones cut, until told otherwise. */
    setDown: (down: boolean) => {
      state.down = down;
      if (down) cutAll();
    },
    cutAll,
    /** What the engine has answered so far. */
    bytesToClients: () => state.bytesToClients,
    clear: () => {
      holds.clear();
      state.down = false;
    },
    close: () => {
      holds.clear();
      cutAll();
      server.close();
    },
  };
}
