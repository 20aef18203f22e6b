export interface Written {
  partition: number;
  lastOffset: bigint;
}

/**
 * The last offset per partition of one send.
 * @param placed the partition of each message that was sent
 * @throws when a partition was not answered, or one was answered that nothing was sent to: an acknowledgement must cover
 *   all that was sent. Sending again is harmless.
 */
export function answeredFor(
  placed: Iterable<number>,
  answers: readonly { partition: number; baseOffset?: string | undefined }[],
): Written[] {
  const sent = new Map<number, bigint>();
  for (const partition of placed) sent.set(partition, (sent.get(partition) ?? 0n) + 1n);
  const written = new Map<number, bigint>();
  for (const { partition, baseOffset = '0' } of answers) {
    const count = sent.get(partition);
    if (count === undefined) throw new Error(`Kafka 应答了没有发送的分区 ${partition}`);
    written.set(partition, BigInt(baseOffset) + count - 1n);
  }
  const missing = [...sent.keys()].filter((partition) => !written.has(partition));
  if (missing.length > 0) throw new Error(`Kafka 没有确认分区 ${missing.join('、')}`);
  return [...written].map(([partition, lastOffset]) => ({ partition, lastOffset }));
}
