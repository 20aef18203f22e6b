import { z } from 'zod';

/** Why a message was set aside. */
export const deadLetterReasons = [
  'not_json',
  'too_large',
  'unknown_schema',
  'invalid_event',
  'wrong_topic',
  'unknown_county',
  'unknown_region',
  'from_the_future',
  'unreadable_dead_letter',
] as const;

export type DeadLetterReason = (typeof deadLetterReasons)[number];

export const deadLetterReasonNames: Record<DeadLetterReason, string> = {
  not_json: '不是有效的 JSON',
  too_large: '消息超过大小上限',
  unknown_schema: '未知的记录类型',
  invalid_event: '字段不符合规则',
  wrong_topic: '记录类型与主题不符',
  unknown_county: '未登记的县',
  unknown_region: '未登记的区域',
  from_the_future: '发生、登记时间或版本晚于消息写入日志的时间',
  unreadable_dead_letter: '死信本身无法读取',
};

/**
 * A message that could not be stored, with its original bytes (base64) and origin. `id` is the origin, so that a window
 * handled twice leaves one dead letter.
 */
export const deadLetter = z.object({
  id: z.string().max(300),
  reason: z.enum(deadLetterReasons),
  /** `path: rule` per violation, values shortened. */
  detail: z.string().max(2000),
  topic: z.string().max(249),
  partition: z.int().min(0),
  offset: z.string().regex(/^\d+$/),
  key: z.string().nullable(),
  bytes: z.string(),
  failed_at: z.iso.datetime({ offset: true }),
});

export type DeadLetter = z.infer<typeof deadLetter>;

export function originId(topic: string, partition: number, offset: string | bigint | number): string {
  return `${topic}-${partition}-${offset}`;
}
