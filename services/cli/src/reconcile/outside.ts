import { positionText, type Stream, streams, topicOf } from '@pingan/contracts';
import type { LogExtent, VersionsOutside } from '@pingan/store';
import type { Context } from '../context.js';

export interface OutsideVersions extends VersionsOutside {
  stream: Stream;
  /** First position that the log holds. */
  from: string;
}

/** Stored versions that the log cannot bring back, by stream and partition. */
export async function versionsOutside(
  context: Context,
  extent: LogExtent,
  county?: string | undefined,
): Promise<OutsideVersions[]> {
  const found = await Promise.all(
    streams.map(async (stream) =>
      (await context.store.logs.outside(stream, extent, county)).map((one) => ({
        ...one,
        stream,
        from: extent.from[topicOf(stream)]?.[one.partition] ?? '0',
      })),
    ),
  );
  return found.flat();
}

/** `pingan.police-0：日志从偏移 5 开始，库中有 3 个版本在它之前（最大偏移 4）`. */
export const beforeText = ({ stream, partition, before, lastBefore, from }: OutsideVersions): string =>
  `${topicOf(stream)}-${partition}：日志从偏移 ${positionText(from)} 开始，库中有 ${before} 个版本在它之前（最大偏移 ${positionText(lastBefore)}）`;

/** `pingan.police-0：日志还没有到达的偏移上有 3 个版本（最大偏移 1000004）`. */
export const beyondText = ({ stream, partition, beyond, lastBeyond }: OutsideVersions): string =>
  `${topicOf(stream)}-${partition}：日志还没有到达的偏移上有 ${beyond} 个版本（最大偏移 ${positionText(lastBeyond)}）`;
