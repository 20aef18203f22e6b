import type { Stream } from '@pingan/contracts';

/** Table with every version of every case of a stream; each body field of its record types is a nullable column. */
export function caseTable(stream: Stream): string {
  return `${stream}_cases`;
}
