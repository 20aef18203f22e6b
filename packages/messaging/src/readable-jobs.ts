import type { QueueName } from '@pingan/contracts';
import { type BackendFactory, createRedisBackend, type RedisQueueBackend, raw2NextJobData, withBackend } from 'bullmq';
import type { z } from 'zod';

/** What stands for a payload that cannot be read: no queue's payload has this form, so its worker sets the job aside. */
interface Unreadable {
  unreadable: string;
  /** The part of the job that cannot be read. */
  field: string;
}

/** A job as Redis holds it. */
type Fields = Record<string, string>;

const SHOWN = 200;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isJson = (text: string) => parsed(text) !== undefined;
const isObject = (text: string) => {
  const value = parsed(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
};

/** What BullMQ, or its scripts in Redis, parse of a job before anybody else sees it. */
const parsedFields: Readonly<Record<string, (text: string) => boolean>> = {
  data: isJson,
  opts: isObject,
  progress: isJson,
  parent: isObject,
};

/**
 * The job with what cannot be read taken out and a payload that says so; undefined where all can be read. With its parent a job
 * loses the parent's key, which means nothing alone.
 */
export function mended(fields: Fields): { fields: Fields; dropped: string[] } | undefined {
  const unreadable = Object.keys(parsedFields).filter((name) => fields[name] && !parsedFields[name]!(fields[name]));
  if (unreadable.length === 0) return undefined;
  const field = unreadable[0]!;
  const stand: Unreadable = { unreadable: fields[field]!.slice(0, SHOWN), field };
  const dropped = unreadable.filter((name) => name !== 'data');
  if (dropped.includes('parent')) dropped.push('parentKey');
  const kept = Object.entries(fields).filter(([name]) => !dropped.includes(name));
  return { fields: { ...Object.fromEntries(kept), data: JSON.stringify(stand) }, dropped };
}

/** A job without the time it was handed in came now. */
const dated = (fields: Fields): Fields =>
  Number.isFinite(Number.parseInt(fields.timestamp ?? '', 10)) ? fields : { ...fields, timestamp: String(Date.now()) };

const flat = (fields: Fields): string[] => Object.entries(fields).flat();

function pairs(list: readonly string[]): Fields {
  const fields: Fields = {};
  for (let at = 0; at + 1 < list.length; at += 2) fields[list[at]!] = list[at + 1]!;
  return fields;
}

/** Scripts that hand a job to a worker: its fields, names and values by turns, and its id. */
const handingOut = new Set(['moveToActive', 'moveToFinished', 'moveToDelayed']);

/**
 * BullMQ throws at a job with a part that is not JSON after it has taken it. The job would stay `active` for ever, and waiting for
 * its queue or listing it would fail. Anyone who reaches Redis can leave such a job there. A worker's job is mended in Redis as
 * well, since the script that ends it parses it again.
 */
const readableBackend: BackendFactory<RedisQueueBackend> = (...how) => {
  const backend = createRedisBackend(...how);
  const execute = backend.execCommand.bind(backend);
  const mendedIn = async (result: unknown): Promise<unknown> => {
    if (!Array.isArray(result) || !Array.isArray(result[0])) return result;
    const [job, id, ...rest] = result as [string[], string, ...unknown[]];
    const mend = mended(pairs(job));
    if (mend === undefined) return result;
    const { fields, dropped } = mend;
    const client = await backend.client;
    await client.hset(backend.toKey(id), { data: fields.data! });
    if (dropped.length > 0) await client.hdel(backend.toKey(id), ...dropped);
    return [flat(fields), id, ...rest];
  };
  backend.execCommand = (client, name, args) => {
    const result = execute(client, name, args);
    return handingOut.has(name) && result instanceof Promise ? result.then(mendedIn) : result;
  };
  backend.getJobData = async (id) => {
    const fields: Fields = await (await backend.client).hgetall(backend.toKey(id));
    if (Object.keys(fields).length === 0) return undefined;
    return raw2NextJobData([flat(dated(mended(fields)?.fields ?? fields)), id])[0];
  };
  return backend;
};

export const { Queue: ReadableQueue, Worker: ReadableWorker } = withBackend(readableBackend);

const queueTitles: Record<QueueName, string> = { store: '入库', components: '月度分量', score: '计分' };

/** Why a payload is not one of its queue, in words for an operator. */
export function payloadFault(
  name: QueueName,
  job: { id?: string | undefined; data: unknown },
  error: z.ZodError,
): string {
  const data = (job.data ?? {}) as { county?: unknown; unreadable?: unknown; field?: unknown };
  const whose = typeof data.county === 'string' ? `（${data.county.slice(0, 20)}）` : '';
  const paths = [...new Set(error.issues.map(({ path }) => path.join('.')))].filter((path) => path !== '').slice(0, 3);
  const why =
    typeof data.unreadable === 'string'
      ? '不是有效的 JSON'
      : `不合规${paths.length > 0 ? `：${paths.join('、')}` : ''}`;
  const part =
    typeof data.unreadable === 'string' && typeof data.field === 'string' && data.field !== 'data'
      ? `（${data.field.slice(0, 20)}）`
      : '';
  const which = job.id === undefined ? '' : ` ${job.id}`;
  return `${queueTitles[name]}任务${which}${whose === '' ? ' ' : whose}的内容${part}${why}`;
}
