import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { csvCell } from './csv-cell.js';
import type { RefusedRow, RowViolation } from './refused-row.js';
import { ledgerRuleText } from './rules.js';

/** One broken rule of one row; a row with several has several. */
export interface Rejection {
  file: string;
  line: number;
  /** Column of the ledger; empty when the row has no columns or the event's field no column. */
  column: string;
  /** Field of the event. */
  field: string;
  rule: string;
  rule_text: string;
  /** Shortened to 40 characters; masked when it holds personal data. */
  value: string;
  /** Id and mapped cells of the row, masked and shortened alike; empty where the row could not be taken apart. */
  case_id: string;
  row: string;
}

export function rejectionOf(file: string, line: number, violation: RowViolation, row: RefusedRow): Rejection {
  const { column, field, rule, value, allowed } = violation;
  const isMerged = rule === 'required' && field === 'region_code';
  const merged = isMerged ? '；若是合并的单元格，请先拆开，每一行都填上' : '';
  const words = allowed === undefined ? '' : `，可用：${allowed.join('、')}`;
  const { caseId: case_id, cells } = row;
  return {
    file,
    line,
    column,
    field,
    rule,
    rule_text: ledgerRuleText(rule) + words + merged,
    value,
    case_id,
    row: cells,
  };
}

const header = ['文件', '行号', '列名', '字段', '规则', '说明', '值', '编号', '该行内容'];

export interface RejectionWriter {
  write: (rejection: Rejection) => Promise<void>;
  /** Puts the report in its place; without a rejection none is left there. */
  close: () => Promise<void>;
  /** Leaves what stood there before. */
  discard: () => Promise<void>;
}

/** Writes rejections as CSV (UTF-8 with BOM, for spreadsheets). The file appears whole or not at all. */
export function createRejectionWriter(file: string): RejectionWriter {
  const draft = `${file}.${process.pid}.tmp`;
  let stream: WriteStream | undefined;
  const line = (cells: (string | number)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
  const finish = async (): Promise<void> => {
    if (stream === undefined) return;
    stream.end();
    if (!stream.closed) await once(stream, 'close');
  };
  return {
    write: async (r) => {
      if (stream === undefined) {
        await mkdir(dirname(file), { recursive: true });
        stream = createWriteStream(draft);
        await once(stream, 'open');
        stream.write(`\ufeff${line(header)}`);
      }
      const text = line([r.file, r.line, r.column, r.field, r.rule, r.rule_text, r.value, r.case_id, r.row]);
      if (!stream.write(text)) await once(stream, 'drain');
    },
    close: async () => {
      await finish();
      if (stream === undefined) await rm(file, { force: true });
      else await rename(draft, file);
    },
    discard: async () => {
      await finish();
      await rm(draft, { force: true });
    },
  };
}
