import { failed, positionOf, type Refusal, unavailable } from '@pingan/contracts';
import { checkLogBy, type LogVerdict, problemTexts, readWatermark, UnfitLog } from '@pingan/intake';
import type { LogAdmin } from '@pingan/messaging';
import type { Watermark } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import type { Installation } from '../installation.js';

/** What is wrong with the log, thoroughly looked at. */
export const logVerdict = (installation: Installation): Promise<LogVerdict> =>
  withAdmin(installation, (admin) => checkLogBy(admin, installation.store, { thorough: true }));

export const notFitting = (problems: LogVerdict['problems']): Refusal =>
  failed(
    `日志与库不符：\n${problemTexts(problems)
      .map((text) => `  ${text}`)
      .join('\n')}`,
  );

/** @throws Refusal (failed) naming what does not fit: nothing that is sent now would be stored. */
export async function requireFittingLog(installation: Installation): Promise<void> {
  const { problems } = await logVerdict(installation);
  if (problems.length > 0) throw notFitting(problems);
}

/** Everything below is stored. @throws Refusal when the log does not fit, or is not being read yet. */
export async function watermarkNow(installation: Installation, admin: LogAdmin): Promise<Watermark> {
  try {
    return (await readWatermark(admin, installation.store)).watermark;
  } catch (error) {
    if (!(error instanceof UnfitLog)) throw error;
    if (error.problems.length > 0) throw notFitting([...error.problems]);
    throw unavailable('ingestor 还没有开始读取日志。请稍后再试，或用 pingan status 查看。');
  }
}

/** Where a topic ends now, in positions. */
export async function endPositions(installation: Installation, topic: string): Promise<Watermark> {
  const { state, epochs } = await withAdmin(installation, (admin) =>
    checkLogBy(admin, installation.store, { thorough: false }),
  );
  const ends: string[] = [];
  for (const { partition, end } of state.topics.find((one) => one.topic === topic)?.partitions ?? []) {
    ends[partition] = String(positionOf(epochs.get(topic) ?? 0, end));
  }
  return { [topic]: ends };
}
