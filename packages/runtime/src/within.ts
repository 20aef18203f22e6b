/** @throws when the step takes longer; it is not waited for any more then. */
export async function within<T>(ms: number, step: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`没有在 ${ms} 毫秒内回答`)), ms);
  });
  try {
    return await Promise.race([step(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whatever is well answers within this, under load too. */
export const ANSWER_MS = 3_000;

/**
 * As long as a command waits for an engine or a service: on a machine under load one that runs takes seconds to answer, and
 * one that does not run refuses at once.
 */
export const PATIENCE_MS = 15_000;

/** The first of these that does not answer in time, by name; all are asked at once. */
export async function firstSilent(
  checks: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<string | undefined> {
  const silent = await Promise.all(
    Object.entries(checks).map(([name, check]) =>
      within(ANSWER_MS, check).then(
        () => undefined,
        () => name,
      ),
    ),
  );
  return silent.find((name) => name !== undefined);
}
