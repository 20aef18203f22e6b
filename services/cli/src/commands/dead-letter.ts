import { type DeadLetter, deadLetterReasonNames, ruleText, withheldMessage } from '@pingan/contracts';
import { timeText } from '@pingan/operations';
import { sheet } from '@pingan/presentation';
import { maskedMessage } from '@pingan/privacy';
import { findDeadLetters, requireDeadLetters } from '@pingan/queries';
import type { StoredDeadLetter } from '@pingan/store';
import type { Context } from '../context.js';
import { shownLine } from '../shown.js';
import { renderTable } from '../table.js';

const LIST_LIMIT = 100;

const SHOWN_BYTES = 4_096;
const DETAIL_CHARS = 2_000;

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Violations are kept as `path: rule (value)`; a reader gets the rule in words. */
export function deadLetterDetail({ reason, detail }: Pick<DeadLetter, 'reason' | 'detail'>): string {
  if (reason !== 'invalid_event' && reason !== 'personal_data') return detail;
  return detail
    .split('; ')
    .map((part) =>
      part.replace(/^(\S*): (\w+) \((.*)\)$/s, (_, path: string, rule: string, value: string) =>
        value === '' ? `${path} ${ruleText(rule)}` : `${path} ${ruleText(rule)}(${value})`,
      ),
    )
    .join('；');
}

function stateText({ replay, replayed_at, acknowledged_by }: StoredDeadLetter): string {
  if (replay !== 'stored' && acknowledged_by !== null) return `${acknowledged_by} 已确认`;
  if (replay === null) return '—';
  return `${replay === 'stored' ? '已入库' : '仍不能入库'} ${timeText(replayed_at ?? '')}`;
}

const acknowledgedText = ({ acknowledged_note: note, acknowledged_at: at }: StoredDeadLetter): string =>
  note === null ? '' : `（${note}，${timeText(at ?? '')}）`;

export async function deadLetterList(context: Context): Promise<void> {
  const { letters, total, replayed } = await findDeadLetters(context.store, LIST_LIMIT);
  if (total === 0) {
    context.out('没有死信。');
    return;
  }
  context.out(
    renderTable(
      sheet(
        [
          { title: '编号', value: (l) => l.id },
          { title: '原因', value: (l) => deadLetterReasonNames[l.reason] },
          { title: '时间', value: (l) => timeText(l.failed_at) },
          { title: '处理', value: stateText },
          { title: '详情', value: (l) => shortened(deadLetterDetail(l), 60) },
        ],
        letters,
      ),
    ),
  );
  context.out(
    `共 ${total} 条${replayed > 0 ? `，其中 ${replayed} 条重放后已入库` : ''}${total > letters.length ? `，显示最新 ${letters.length} 条` : ''}。查看一条：pingan dead-letter show 编号`,
  );
}

/** What may be shown of a letter's message: letters from before personal data was withheld are masked here. */
function messageText(bytes: Buffer): { heading: string; text: string } {
  const text = bytes.toString('utf8');
  const withheld = withheldMessage(text);
  if (withheld) {
    return {
      heading: `含个人信息，库中只有打码的文字；原文 ${withheld.bytes} 字节只在日志中，SHA-256 ${withheld.sha256}`,
      text: withheld.masked,
    };
  }
  const masked = maskedMessage(text, null).text;
  if (masked !== undefined) return { heading: `${bytes.length} 字节，含个人信息，已打码`, text: masked };
  const part = bytes.length > SHOWN_BYTES ? `，显示前 ${SHOWN_BYTES} 字节` : '';
  return { heading: `${bytes.length} 字节${part}`, text: bytes.subarray(0, SHOWN_BYTES).toString('utf8') };
}

/** Prints the original message; control characters are escaped so that no message can steer the terminal. */
export async function deadLetterShow(context: Context, id: string): Promise<void> {
  const letter = (await requireDeadLetters(context.store, [id]))[0]!;
  const { heading, text } = messageText(Buffer.from(letter.bytes, 'base64'));
  context.out(`编号  ${letter.id}`);
  context.out(`原因  ${deadLetterReasonNames[letter.reason]}（${letter.reason}）`);
  context.out(`详情  ${shownLine(deadLetterDetail(letter), DETAIL_CHARS) || '—'}`);
  const key = letter.key === null ? '—' : shownLine(maskedMessage('', letter.key).key ?? '');
  context.out(`来处  主题 ${letter.topic}，分区 ${letter.partition}，位移 ${letter.offset}，键 ${key}`);
  context.out(`时间  ${timeText(letter.failed_at)}`);
  context.out(`处理  ${stateText(letter)}${acknowledgedText(letter)}`);
  context.out(`原文  ${heading}`);
  context.out(
    text
      .slice(0, SHOWN_BYTES)
      .replace(/[\p{Cc}\p{Cf}]/gu, (c) =>
        c === '\n' ? c : `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
      ),
  );
}
