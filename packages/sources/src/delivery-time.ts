import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { addMonths } from '@pingan/contracts';
import { localDayEnd, localMonthStart } from '@pingan/regions';
import { LedgerError } from './ledger-error.js';
import type { Mapping } from './mapping.js';
import { createTimeReader } from './time-text.js';

/**
 * When a file was delivered, in milliseconds: as the mapping says, as its name says (the end of the day or month named,
 * because what it holds happened before), else when it was last changed. It depends on nothing else, so the same delivery
 * read twice gives the same versions.
 * @throws LedgerError
 */
export async function deliveryTime(file: string, mapping: Mapping, timeZone: string): Promise<number> {
  const zone = mapping.time_zone ?? timeZone;
  const name = basename(file);
  let text = mapping.delivered_at;
  if (mapping.delivered_from_name !== undefined) {
    text = new RegExp(mapping.delivered_from_name, 'u').exec(name)?.[1];
    if (text === undefined) {
      throw new LedgerError(name, [`文件名与映射 delivered_from_name(${mapping.delivered_from_name})不符`]);
    }
  }
  if (text === undefined) return Math.floor((await stat(file)).mtimeMs);
  const time = createTimeReader(zone).read(text, ['yyyyMMdd', 'yyyyMM']);
  if (time.kind === 'instant') return time.ms;
  if (time.kind === 'day') return localDayEnd(time.day, zone) + 1;
  if (time.kind === 'month') return localMonthStart(addMonths(time.month, 1), zone);
  throw new LedgerError(name, [`交付时间“${text}”不是有效的日期或时间`]);
}
