import { positionText, type Stream, streams, topicOf } from '@pingan/contracts';
import type { VersionsBefore, Watermark } from '@pingan/store';
import type { Installation } from '../installation.js';

export interface StreamVersionsBefore extends VersionsBefore {
  stream: Stream;
  /** First position that the log holds. */
  from: string;
}

/** Stored versions that the log cannot bring back, by stream and partition. */
export async function versionsBefore(
  installation: Installation,
  from: Watermark,
  county?: string | undefined,
): Promise<StreamVersionsBefore[]> {
  const found = await Promise.all(
    streams.map(async (stream) =>
      (await installation.store.logs.versionsBefore(stream, from, county)).map((one) => ({
        ...one,
        stream,
        from: from[topicOf(stream)]?.[one.partition] ?? '0',
      })),
    ),
  );
  return found.flat();
}

/** `pingan.police-0：日志从偏移 5 开始，库中有 3 个版本在它之前（最大偏移 4）`. */
export const beforeText = ({ stream, partition, versions, last, from }: StreamVersionsBefore): string =>
  `${topicOf(stream)}-${partition}：日志从偏移 ${positionText(from)} 开始，库中有 ${versions} 个版本在它之前（最大偏移 ${positionText(last)}）`;
