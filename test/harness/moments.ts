import { streamOfTopic, windowBytesKey } from '@pingan/contracts';
import { committedOffsets } from './account.js';
import type { FaultyPipeline, Proxies } from './proxies.js';
import type { ClickHouseRequest } from './proxy-clickhouse.js';
import { apiKeys, type KafkaRequest } from './proxy-kafka.js';
import type { RedisRequest } from './proxy-redis.js';

/** The window a held request is about, as far as the request says. */
export interface Place {
  topic: string;
  partition: number;
  /** Offset of its last message. */
  last: number;
  /** Name of the window; an offset commit does not tell it. */
  name?: string;
}

const windowText = /(pingan\.[a-z-]+)-(\d+)-(\d+)-(\d+)/;

function placeIn(text: string): Place | undefined {
  const found = windowText.exec(text);
  return found ? { topic: found[1]!, partition: Number(found[2]), last: Number(found[4]), name: found[0] } : undefined;
}

/** Topic, partition and offset of an OffsetCommit: a text, the number of partitions, the partition, the offset. */
function placeOfCommit({ bytes }: KafkaRequest): Place {
  const topic = /pingan\.(police|petition|mediation|opinion)\0/.exec(bytes.toString('latin1'))![0].slice(0, -1);
  const at = bytes.indexOf(topic) + topic.length + 4;
  return { topic, partition: bytes.readInt32BE(at), last: Number(bytes.readBigInt64BE(at + 4)) - 1 };
}

type AnyRequest = KafkaRequest | RedisRequest | ClickHouseRequest;

export function placeOf(request: AnyRequest): Place | undefined {
  if ('apiKey' in request) return placeOfCommit(request);
  if ('token' in request) return placeIn(request.token ?? '');
  return placeIn(request.args.join(' '));
}

const redis =
  (when: 'before' | 'after', command: string, about: RegExp) =>
  ({ redis }: Proxies) =>
    redis.hold({
      when,
      match: (request) => request.command === command && request.args.some((arg) => about.test(arg)),
    });

const insert =
  (when: 'before' | 'after', table: string | RegExp) =>
  ({ clickhouse }: Proxies) => {
    const into = typeof table === 'string' ? new RegExp(`^INSERT INTO ${table} `) : table;
    return clickhouse.hold({ when, match: ({ statement }) => into.test(statement) });
  };

const kafka =
  (when: 'before' | 'after', apiKey: number) =>
  ({ kafka }: Proxies) =>
    kafka.hold({ when, match: (request) => request.apiKey === apiKey });

const windowKey = /^pingan:window:pingan\.(police|petition|mediation|opinion)/;
const storeQueue = /^pingan:store:/;

/** The places between two steps of a service, each as the request before or after which it is held. */
export const moments = {
  beforeEnqueue: redis('before', 'SET', windowKey),
  beforeJob: redis('before', 'addStandardJob', storeQueue),
  afterJob: redis('after', 'addStandardJob', storeQueue),
  beforeHeartbeat: kafka('before', apiKeys.heartbeat),
  beforeCommit: kafka('before', apiKeys.offsetCommit),
  afterCommit: kafka('after', apiKeys.offsetCommit),
  beforeFetchingBytes: redis('before', 'GET', windowKey),
  beforeInsert: insert('before', /^INSERT INTO (police|petition|mediation|opinion)_cases /),
  afterInsert: insert('after', /^INSERT INTO (police|petition|mediation|opinion)_cases /),
  beforeDroppingBytes: redis('before', 'DEL', windowKey),
  beforeMark: redis('before', 'addDelayedJob', /^pingan:components:/),
  beforeCompletion: redis('before', 'moveToFinished', storeQueue),
  afterCompletion: redis('after', 'moveToFinished', storeQueue),
  afterProduce: kafka('after', apiKeys.produce),
  beforeComponentSums: insert('before', 'component_sums'),
  beforeComponents: insert('before', 'components'),
  afterComponents: insert('after', 'components'),
  beforeComponentState: insert('before', 'component_state'),
  afterComponentState: insert('after', 'component_state'),
  beforeScoreJob: redis('before', 'addStandardJob', /^pingan:score:/),
  beforeRunRows: insert('before', 'run_units'),
  beforeRunHead: insert('before', 'runs'),
  beforeRunCurrent: insert('before', 'run_current'),
  afterRunCurrent: insert('after', 'run_current'),
  beforeScored: redis('before', 'moveToFinished', /^pingan:score:/),
};

export type Moment = keyof typeof moments;

export interface State {
  /** The window's messages are in Redis. */
  bytes: boolean;
  /** Its job is in Redis. */
  job: boolean;
  /** Its last message is in ClickHouse. */
  stored: boolean;
  /** Its offset is committed. */
  committed: boolean;
}

/** Whether the offset of a window's last message is committed; asks Kafka only. */
export async function isCommitted(pipeline: FaultyPipeline, { topic, partition, last }: Place): Promise<boolean> {
  return ((await committedOffsets(pipeline)).get(`${topic}/${partition}`) ?? 0) > last;
}

/** What the engines themselves say of a window, asked without any proxy. */
export async function stateOf(pipeline: FaultyPipeline, place: Place): Promise<State> {
  const { topic, partition, last, name = '' } = place;
  const [found] = await pipeline.sql<{ n: number }>(
    `SELECT count() AS n FROM ${streamOfTopic(topic)}_cases WHERE kafka_partition = ${partition} AND kafka_offset = ${last}`,
  );
  return {
    bytes: (await pipeline.redis.exists(windowBytesKey(name))) === 1,
    job: (await pipeline.redis.exists(`pingan:store:${name}`)) === 1,
    stored: found!.n > 0,
    committed: await isCommitted(pipeline, place),
  };
}
