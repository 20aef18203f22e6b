import type { Concern, FindConcerns, StatusScope } from './concern.js';
import { logConcerns } from './log.js';
import { restoreUnfinished } from './restore-unfinished.js';
import { storeEmptied } from './store-emptied.js';

/** One file beside this one for each thing that is watched. */
const finders: readonly FindConcerns[] = [logConcerns, storeEmptied, restoreUnfinished];

/** Everything an operator has to know, errors first. */
export async function findConcerns(scope: StatusScope): Promise<Concern[]> {
  const found = (await Promise.all(finders.map((find) => find(scope)))).flat();
  return [...found.filter(({ level }) => level === 'error'), ...found.filter(({ level }) => level === 'notice')];
}
