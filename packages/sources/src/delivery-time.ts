import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addMonths } from '@pingan/contracts';
import { localDayEnd, localDayStart, localMonthStart } from '@pingan/regions';
import { DateTime } from 'luxon';
import { LedgerError } from './ledger-error.js';
import type { Mapping } from './mapping.js';
import { patternOf } from './pattern.js';
import { createTimeReader } from './time-text.js';

/** Clocks of file servers differ by seconds, sometimes by minutes. */
const AHEAD_MS = 300_000;

const originTexts = {
  delivered_at: '映射 delivered_at',
  delivered_from_name: '文件名，映射 delivered_from_name',
  mtime: '文件的修改时间',
} as const;

/** Of a day or month that is named: its end, because what the file holds happened before; while it lasts, the file's own time. */
function within(start: number, end: number, modified: number): number {
  return start <= modified && modified < end ? modified : end;
}

/**
 * When a file was delivered, in milliseconds: as the mapping says, as its name says, else when it was last changed. It
 * depends on the file alone, so the same delivery read twice gives the same versions. A time ahead of the clock is refused:
 * no correction could win against it.
 * @throws LedgerError
 */
export async function deliveryTime(file: string, mapping: Mapping, timeZone: string, now: number): Promise<number> {
  const zone = mapping.time_zone ?? timeZone;
  const name = basename(file);
  const modified = Math.floor((await stat(file)).mtimeMs);
  let origin: keyof typeof originTexts = 'mtime';
  let delivered = modified;
  let text = mapping.delivered_at;
  if (text !== undefined) origin = 'delivered_at';
  if (mapping.delivered_from_name !== undefined) {
    origin = 'delivered_from_name';
    text = patternOf(mapping.delivered_from_name).first(name);
    if (text === undefined) {
      throw new LedgerError(name, [`文件名与映射 delivered_from_name（${mapping.delivered_from_name}）不符`]);
    }
  }
  if (text !== undefined) {
    const time = createTimeReader(zone).read(text, ['yyyyMMdd', 'yyyyMM']);
    if (time.kind === 'instant') delivered = time.ms;
    else if (time.kind === 'day') {
      delivered = within(localDayStart(time.day, zone), localDayEnd(time.day, zone) + 1, modified);
    } else if (time.kind === 'month') {
      delivered = within(localMonthStart(time.month, zone), localMonthStart(addMonths(time.month, 1), zone), modified);
    } else throw new LedgerError(name, [`交付时间“${text}”不是有效的日期或时间`]);
  }
  if (delivered <= now + AHEAD_MS) return delivered;
  const shown = (ms: number) => DateTime.fromMillis(ms, { zone }).toFormat('yyyy-MM-dd HH:mm');
  throw new LedgerError(name, [
    `交付时间 ${shown(delivered)}（${originTexts[origin]}）晚于现在（${shown(now)}），以后的更正都会输给它，因此没有读取。` +
      `请核对生成台账的电脑的时钟后另存台账，或在映射中写实际的交付时间，如 delivered_at: '${shown(now)}'`,
  ]);
}
