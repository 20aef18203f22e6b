import { z } from 'zod';

/** Why a message was set aside. */
export const deadLetterReasons = [
  'not_json',
  'too_large',
  'unknown_schema',
  'invalid_event',
  'personal_data',
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
  personal_data: '含个人信息',
  wrong_topic: '记录类型与主题不符',
  unknown_county: '未登记的县',
  unknown_region: '未登记的区域',
  from_the_future: '时间或版本晚于消息写入日志的时间',
  unreadable_dead_letter: '死信本身无法读取',
};

/**
 * A message that could not be stored, with its original bytes (base64) and origin. `id` is the origin, so that a window
 * handled twice leaves one dead letter. Of a message with personal data the bytes are those of a `WithheldMessage`, and in
 * `key` and `detail` such values are masked; the log alone has the message (docs/decisions/004).
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

/** Instead of a message with personal data: how to recognise it in the log, and what may be shown of it. */
export interface WithheldMessage {
  withheld: 'personal_data';
  /** Of the original bytes, in hexadecimal. */
  sha256: string;
  bytes: number;
  /** The message with the values masked. */
  masked: string;
}

/** What stands in place of a message's bytes; undefined for the bytes of a message. */
export function withheldMessage(text: string): WithheldMessage | undefined {
  if (!text.startsWith('{"withheld":"personal_data",')) return undefined;
  try {
    const found = withheld.safeParse(JSON.parse(text));
    return found.success ? found.data : undefined;
  } catch {
    return undefined;
  }
}

const withheld = z.strictObject({
  withheld: z.literal('personal_data'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  masked: z.string(),
});
