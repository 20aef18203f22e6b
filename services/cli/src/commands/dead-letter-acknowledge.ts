import { userInfo } from 'node:os';
import { deadLetterReasonNames } from '@pingan/contracts';
import { acknowledgeDeadLetters, type LettersAsked } from '@pingan/operations';
import type { Context } from '../context.js';

export interface AcknowledgeOptions extends LettersAsked {
  note: string;
  /** Who answers for it; otherwise the user of this machine. */
  by: string | undefined;
}

/** `pingan dead-letter acknowledge`: a person answers for it that letters need no more work. */
export async function deadLetterAcknowledge(context: Context, options: AcknowledgeOptions): Promise<void> {
  const asked = { ...options, by: options.by ?? userInfo().username };
  const { count, by, note } = await acknowledgeDeadLetters(context, asked);
  if (count === 0) return context.out(`没有待处理的死信（${deadLetterReasonNames[options.reason!]}）。`);
  context.out(`已确认 ${count} 条死信（${by}：${note}）。status 不再提示，原文仍在，仍可重放。`);
}
