import { type DeadLetterReason, deadLetterReasonNames } from '@pingan/contracts';
import type { LetterCount } from '@pingan/store';
import type { FindConcerns } from './concern.js';

const nameOf = (reason: string) => deadLetterReasonNames[reason as DeadLetterReason] ?? reason;

/** `2 条（未登记的县 2）`. */
export function letterText(counts: readonly { reason: string; count: number }[]): string {
  const there = counts.filter(({ count }) => count > 0);
  const total = there.reduce((sum, { count }) => sum + count, 0);
  return `${total} 条${total > 0 ? `（${there.map(({ reason, count }) => `${nameOf(reason)} ${count}`).join('、')}）` : ''}`;
}

/** Letters of real counties; those of made-up ones are bad on purpose. */
export const realLetters = (counts: readonly LetterCount[]) =>
  counts.map(({ reason, count, demo }) => ({ reason, count: count - demo }));

export const demoLetters = (counts: readonly LetterCount[]): number => counts.reduce((sum, { demo }) => sum + demo, 0);

/** Messages that could not be stored and that nobody has looked at. */
export const deadLetterConcerns: FindConcerns = async ({ engines, store }) => {
  if (!engines.clickhouse.ok) return [];
  const real = realLetters(await store.deadLetters.countOpen());
  if (real.every(({ count }) => count === 0)) return [];
  const text = `死信 ${letterText(real)}待处理：用 pingan dead-letter list 查看；改正登记后 replay，不必处理的用 acknowledge 确认。`;
  return [{ code: 'dead_letters', level: 'notice', text }];
};
