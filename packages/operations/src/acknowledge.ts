import { badRequest } from '@pingan/contracts';
import { refused } from '@pingan/queries';
import type { Store } from '@pingan/store';
import type { LettersAsked } from './dead-letters.js';
import type { Installation } from './installation.js';

export interface LettersAcknowledged extends LettersAsked {
  /** Who answers for it, and why no more needs to be done. */
  by: string;
  note: string;
}

const ANSWER_CHARS = 200;

/** @throws Refusal for a text that is empty, long or more than a line. */
function answerText(name: string, value: string): string {
  const trimmed = value.trim();
  if (trimmed === '') throw badRequest(`--${name} 不能为空：确认死信要写明由谁确认、为什么不必处理。`);
  if ([...trimmed].length <= ANSWER_CHARS && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw badRequest(`--${name} 应为一行文字，不超过 ${ANSWER_CHARS} 字。`);
}

/** A person answers for it that letters need no more work. They can still be replayed. Returns what was written of them. */
export async function acknowledgeDeadLetters(
  { store }: Installation,
  { ids, reason, ...answer }: LettersAcknowledged,
): Promise<{ count: number; by: string; note: string }> {
  const note = answerText('note', answer.note);
  const by = answerText('by', answer.by);
  const chosen =
    reason === undefined ? await requireKnown(store, [...new Set(ids)]) : await store.deadLetters.openIds(reason);
  if (chosen.length > 0) await store.deadLetters.acknowledge(chosen, { acknowledgedBy: by, note });
  return { count: chosen.length, by, note };
}

async function requireKnown({ deadLetters }: Store, ids: string[]): Promise<string[]> {
  const known = await deadLetters.existing(ids);
  const absent = ids.filter((id) => !known.has(id));
  if (absent.length > 0) throw refused('unknown_dead_letter', { ids: absent });
  return ids;
}
