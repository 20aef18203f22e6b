import type { Store, StoredDeadLetter } from '@pingan/store';
import { refused } from './refusals.js';

export interface DeadLettersFound {
  /** The newest ones. */
  letters: StoredDeadLetter[];
  total: number;
  /** Of these, those that a replay has stored. */
  replayed: number;
}

export async function findDeadLetters({ deadLetters }: Store, limit: number): Promise<DeadLettersFound> {
  const [letters, counts, replayed] = await Promise.all([
    deadLetters.list(limit),
    deadLetters.countByReason(),
    deadLetters.countReplayed(),
  ]);
  return { letters, total: counts.reduce((sum, { count }) => sum + count, 0), replayed };
}

/** @throws Refusal naming the ids that no letter has. */
export async function requireDeadLetters({ deadLetters }: Store, ids: readonly string[]): Promise<StoredDeadLetter[]> {
  const letters = await Promise.all(ids.map((id) => deadLetters.get(id)));
  const absent = ids.filter((_, i) => letters[i] === undefined);
  if (absent.length > 0) throw refused('unknown_dead_letter', { ids: absent });
  return letters as StoredDeadLetter[];
}
