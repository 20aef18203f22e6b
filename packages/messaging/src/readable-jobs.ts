import type { QueueName } from '@pingan/contracts';
import { Job, type JobJson, Queue, Worker } from 'bullmq';
import type { z } from 'zod';

/** What stands for a payload that is no JSON: no queue's payload has this form, so its worker sets the job aside. */
interface Unreadable {
  unreadable: string;
}

const SHOWN = 200;

function asReadable(json: JobJson): JobJson {
  try {
    JSON.parse(json.data || '{}');
    return json;
  } catch {
    const stand: Unreadable = { unreadable: json.data.slice(0, SHOWN) };
    return { ...json, data: JSON.stringify(stand) };
  }
}

/**
 * BullMQ throws at a payload that is not JSON after it has taken the job. The job would stay `active` for ever, and waiting for
 * its queue or listing it would fail. Anyone who reaches Redis can leave such a job there.
 */
class ReadableJob<T = unknown, R = unknown, N extends string = string> extends Job<T, R, N> {
  static override fromJSON<T = unknown, R = unknown, N extends string = string>(
    queue: Parameters<typeof Job.fromJSON>[0],
    json: JobJson,
    jobId?: string,
  ): Job<T, R, N> {
    return Job.fromJSON<T, R, N>(queue, asReadable(json), jobId);
  }
}

export class ReadableQueue<T> extends Queue<T> {
  protected override get Job(): typeof Job {
    return ReadableJob as typeof Job;
  }
}

export class ReadableWorker<T> extends Worker<T> {
  protected override get Job(): typeof Job {
    return ReadableJob as typeof Job;
  }
}

const queueTitles: Record<QueueName, string> = { store: '入库', components: '月度分量', score: '计分' };

/** Why a payload is not one of its queue, in words for an operator. */
export function payloadFault(
  name: QueueName,
  job: { id?: string | undefined; data: unknown },
  error: z.ZodError,
): string {
  const data = (job.data ?? {}) as { county?: unknown; unreadable?: unknown };
  const whose = typeof data.county === 'string' ? `（${data.county.slice(0, 20)}）` : '';
  const paths = [...new Set(error.issues.map(({ path }) => path.join('.')))].filter((path) => path !== '').slice(0, 3);
  const why =
    typeof data.unreadable === 'string'
      ? '不是有效的 JSON'
      : `不合规${paths.length > 0 ? `：${paths.join('、')}` : ''}`;
  const which = job.id === undefined ? '' : ` ${job.id}`;
  return `${queueTitles[name]}任务${which}${whose === '' ? ' ' : whose}的内容${why}`;
}
