import { InputFaults } from '@pingan/contracts';

type Results<T extends readonly unknown[]> = { [K in keyof T]: Awaited<T[K]> };

/** All results, or the faults of all that failed together. */
export async function together<T extends readonly Promise<unknown>[]>(...work: T): Promise<Results<T>> {
  const settled = await Promise.allSettled(work);
  const faults: string[] = [];
  for (const result of settled) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof InputFaults)) throw result.reason;
    faults.push(...result.reason.faults);
  }
  if (faults.length > 0) throw new InputFaults(faults);
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as Results<T>;
}
