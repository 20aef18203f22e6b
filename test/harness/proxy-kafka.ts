import { openTcpProxy, type Protocol } from './proxy-tcp.js';

/** Numbers of requests in Kafka's protocol. */
export const apiKeys = {
  produce: 0,
  fetch: 1,
  offsetCommit: 8,
  joinGroup: 11,
  heartbeat: 12,
} as const;

export interface KafkaRequest {
  apiKey: number;
  /** The whole frame, for what must be told apart further. */
  bytes: Buffer;
}

/** Kafka's requests and answers alike: four bytes of length, then as many of content. */
function sized(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const end = at + 4 + bytes.readInt32BE(at);
    if (end > bytes.length) break;
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return { frames, rest: bytes.subarray(at) };
}

const HOST = Buffer.from('\0\t127.0.0.1', 'latin1');

/** An answer shorter than this may name brokers; a longer one is a fetch, whose messages are nobody's address. */
const LONGEST_ADDRESSES = 16_384;

/**
 * A Kafka proxy. The broker names its own address in answers about metadata and coordinators; that port is replaced, so
 * that clients stay with the proxy.
 */
export function openKafkaProxy(brokers: string) {
  const [host, port] = brokers.split(':') as [string, string];
  const real = Buffer.concat([HOST, Buffer.alloc(4)]);
  real.writeInt32BE(Number(port), HOST.length);
  const protocol: Protocol<KafkaRequest> = {
    requests: (bytes) => {
      const { frames, rest } = sized(bytes);
      return {
        frames: frames.map((frame) => ({ bytes: frame, request: { apiKey: frame.readInt16BE(4), bytes: frame } })),
        rest,
      };
    },
    answers: sized,
    rewrite: (answer, ownPort) => {
      if (answer.length > LONGEST_ADDRESSES) return answer;
      for (let at = answer.indexOf(real); at >= 0; at = answer.indexOf(real, at + 1)) {
        answer.writeInt32BE(ownPort, at + HOST.length);
      }
      return answer;
    },
  };
  return openTcpProxy({ host, port: Number(port) }, protocol);
}
