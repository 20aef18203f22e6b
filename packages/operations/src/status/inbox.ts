import { join } from 'node:path';
import { CHINA } from '@pingan/regions';
import { lookAtInbox } from '@pingan/sources';
import type { Concern, FindConcerns, StatusScope } from './concern.js';

/** Files named one by one; a folder put in the wrong place may hold hundreds. */
const NAMED = 20;

const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: CHINA, dateStyle: 'short', timeStyle: 'short' });

async function countyCodes({ engines, store }: StatusScope): Promise<Set<string> | undefined> {
  return engines.clickhouse.ok ? new Set((await store.counties.list()).map(({ code }) => code)) : undefined;
}

/** Ledgers and mappings of the inbox that were refused, or that nobody has delivered. */
export const inboxConcerns: FindConcerns = async (scope) => {
  const troubles = await lookAtInbox({
    inbox: scope.inbox,
    memories: join(scope.home, 'sources'),
    counties: await countyCodes(scope),
    now: Date.now(),
  });
  const concerns = troubles.slice(0, NAMED).map(({ file, kind, since, reason }): Concern => {
    const time = clock.format(since);
    return kind === 'failed'
      ? {
          code: 'inbox_failed',
          level: 'error',
          text: `收件箱 ${file} 没有入库（自 ${time} 起）：${reason}。改正后会自动再读`,
        }
      : { code: 'inbox_unread', level: 'error', text: `收件箱 ${file} 还没有读取（自 ${time} 起）：${reason}` };
  });
  if (troubles.length > NAMED) {
    concerns.push({ code: 'inbox_more', level: 'error', text: `收件箱另有 ${troubles.length - NAMED} 个文件没有入库` });
  }
  return concerns;
};
