/**
 * A place in the log that stays unique when the log is made again: epoch × 2^40 + Kafka offset, of one partition of one topic.
 * Table `logs` says which Kafka topic an epoch was (docs/decisions/001). Positions grow, also from one log to the next.
 */
export const EPOCH_SPAN = 2 ** 40;

export function positionOf(epoch: number, offset: number | bigint | string): number {
  return epoch * EPOCH_SPAN + Number(offset);
}

export const epochOf = (position: number | bigint | string): number => Math.floor(Number(position) / EPOCH_SPAN);

/** The offset as Kafka knows it. */
export const offsetOf = (position: number | bigint | string): number => Number(position) % EPOCH_SPAN;

/** For people: the offset, with the epoch before it from the second log on (`1:42`). */
export function positionText(position: number | bigint | string): string {
  const epoch = epochOf(position);
  return epoch === 0 ? String(offsetOf(position)) : `${epoch}:${offsetOf(position)}`;
}
