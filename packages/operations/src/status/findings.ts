import type { Concern, FindConcerns, StatusScope } from './concern.js';
import { deadLetterConcerns } from './dead-letters.js';
import { detachedPartConcerns } from './detached-parts.js';
import { diskConcerns } from './disks.js';
import { inboxConcerns } from './inbox.js';
import { intakeConcerns } from './intake.js';
import { logConcerns } from './log.js';
import { reconcileConcerns } from './reconciles.js';
import { redisWriteConcerns } from './redis-writes.js';
import { restoreUnfinished } from './restore-unfinished.js';
import { jobsGivenUp } from './set-aside.js';
import { storeEmptied } from './store-emptied.js';

/** One file beside this one for each thing that is watched. */
const finders: readonly FindConcerns[] = [
  logConcerns,
  storeEmptied,
  restoreUnfinished,
  intakeConcerns,
  inboxConcerns,
  redisWriteConcerns,
  reconcileConcerns,
  detachedPartConcerns,
  diskConcerns,
  jobsGivenUp,
  deadLetterConcerns,
];

/** A check that cannot be made is a finding of its own; the others are still made. */
export const unchecked = (error: unknown): Concern[] => [
  { code: 'unchecked', level: 'error', text: `有一项无法检查：${(error as Error).message}。` },
];

/** Everything an operator has to know, errors first. */
export async function findConcerns(scope: StatusScope): Promise<Concern[]> {
  const found = (await Promise.all(finders.map((find) => find(scope).catch(unchecked)))).flat();
  return [...found.filter(({ level }) => level === 'error'), ...found.filter(({ level }) => level === 'notice')];
}
