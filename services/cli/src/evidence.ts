import { type Evidence, inputDigest, readEvidence } from '@pingan/appraisal';
import type { County } from '@pingan/regions';
import type { Context } from './context.js';
import { badRequest } from './failure.js';

/** @throws CommandFailure 2 while the county has no components. */
export async function requireEvidence(context: Context, county: County): Promise<Evidence> {
  const read = await readEvidence(context.store, county);
  if (read) return read.evidence;
  throw badRequest(`${county.name}还没有可计分的数据。请先用 pingan import 读取台账,或用 pingan score 计分。`);
}

/** Says so when what is published rests on other data, or on another scheme, than what is computed here. */
export async function notePublished(context: Context, evidence: Evidence, periods: readonly string[]): Promise<void> {
  const current = new Map((await context.store.runs.currentAll(evidence.county.code)).map((run) => [run.period, run]));
  const other = periods.filter((period) => {
    const run = current.get(period);
    return run !== undefined && run.input_digest !== inputDigest(evidence, period);
  });
  if (other.length === 0) return;
  context.note(
    `注意:${other.join('、')} 的已有计分结果不含最新的数据或方案,与这里的数不尽相同;可用 pingan score 重新计分。`,
  );
}
