import { userInfo } from 'node:os';
import { type DeadLetterReason, deadLetterReasonNames } from '@pingan/contracts';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';

export interface AcknowledgeOptions {
  /** Either these letters, or all open ones of one reason. */
  ids: readonly string[];
  reason: DeadLetterReason | undefined;
  note: string;
  /** Who answers for it; otherwise the user of this machine. */
  by: string | undefined;
}

const LIMIT = 200;

/** @throws CommandFailure 2 for a text that is empty, long or more than a line. */
export function answerText(name: string, value: string): string {
  const trimmed = value.trim();
  if (trimmed === '') throw badRequest(`--${name} 不能为空：确认死信要写明由谁确认、为什么不必处理。`);
  if ([...trimmed].length <= LIMIT && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw badRequest(`--${name} 应为一行文字，不超过 ${LIMIT} 字。`);
}

async function chosen(context: Context, { ids, reason }: AcknowledgeOptions): Promise<string[]> {
  const { deadLetters } = context.store;
  if (reason !== undefined) return deadLetters.openIds(reason);
  const unique = [...new Set(ids)];
  const known = await deadLetters.existing(unique);
  const absent = unique.filter((id) => !known.has(id));
  if (absent.length > 0) throw badRequest(`没有死信 ${absent.join('、')}。用 pingan dead-letter list 查看编号。`);
  return unique;
}

/** `pingan dead-letter acknowledge`: a person answers for it that letters need no more work. They can still be replayed. */
export async function deadLetterAcknowledge(context: Context, options: AcknowledgeOptions): Promise<void> {
  const note = answerText('note', options.note);
  const acknowledgedBy = answerText('by', options.by ?? userInfo().username);
  const ids = await chosen(context, options);
  if (ids.length === 0) {
    context.out(`没有待处理的死信（${deadLetterReasonNames[options.reason!]}）。`);
    return;
  }
  await context.store.deadLetters.acknowledge(ids, { acknowledgedBy, note });
  context.out(`已确认 ${ids.length} 条死信（${acknowledgedBy}：${note}）。status 不再提示，原文仍在，仍可重放。`);
}
