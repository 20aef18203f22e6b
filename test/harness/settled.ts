import { firstMonthOf, inputDigest, readEvidence } from '@pingan/appraisal';
import { monthRange } from '@pingan/contracts';
import { type County, lastCompleteMonth } from '@pingan/regions';
import { componentsCover } from './account.js';
import type { Pipeline } from './pipeline.js';
import { DEADLINE_MS, until } from './poll.js';

/** Whether every complete month's current run has the inputs that the components give. */
async function isRanked(pipeline: Pipeline, county: County): Promise<boolean> {
  const read = await readEvidence(pipeline.store, county);
  if (!read) return false;
  const { evidence } = read;
  const current = new Map((await pipeline.store.runs.currentAll(county.code)).map((run) => [run.period, run]));
  const last = lastCompleteMonth(Date.now(), county.timeZone);
  const months = monthRange(firstMonthOf(evidence) ?? last, last);
  return months.every((month) => current.get(month)?.input_digest === inputDigest(evidence, month));
}

/** Waits until everything in the log is in the components and every complete month is ranked: nothing moves by itself then. */
export async function settled(pipeline: Pipeline, county: County, deadlineMs = DEADLINE_MS): Promise<void> {
  await pipeline.kafka.caughtUp();
  await componentsCover(pipeline, county, deadlineMs);
  await until('every month is ranked', () => isRanked(pipeline, county), { deadlineMs, everyMs: 500 });
}
