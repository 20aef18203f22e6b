import type { Concern, FindConcerns, StatusScope } from './concern.js';
import { inboxConcerns } from './inbox.js';

/** One file beside this one for each thing that is watched. */
const finders: readonly FindConcerns[] = [inboxConcerns];

/** Everything an operator has to know, errors first. */
export async function findConcerns(scope: StatusScope): Promise<Concern[]> {
  const found = (await Promise.all(finders.map((find) => find(scope)))).flat();
  return [...found.filter(({ level }) => level === 'error'), ...found.filter(({ level }) => level === 'notice')];
}
