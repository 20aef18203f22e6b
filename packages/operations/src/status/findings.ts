import { type Concern, type EngineName, engineLabels, type FindConcerns, type StatusScope } from './concern.js';
import { deadLetterConcerns } from './dead-letters.js';
import { detachedPartConcerns } from './detached-parts.js';
import { diskConcerns } from './disks.js';
import { inboxConcerns } from './inbox.js';
import { intakeConcerns } from './intake.js';
import { logConcerns } from './log.js';
import { reconcileConcerns } from './reconciles.js';
import { redisWriteConcerns } from './redis-writes.js';
import { restoreUnfinished } from './restore-unfinished.js';
import { jobsGivenUp } from './set-aside.js';
import { storeEmptied } from './store-emptied.js';

interface Check {
  /** What is looked at, as an operator would call it. */
  what: string;
  /** Without one of these the whole check cannot be made. */
  needs: readonly EngineName[];
  find: FindConcerns;
}

/** One file beside this one for each thing that is watched. */
const checks: readonly Check[] = [
  { what: '日志与库是否相符', needs: ['kafka', 'clickhouse'], find: logConcerns },
  { what: '库是否被清空过', needs: ['kafka', 'clickhouse'], find: storeEmptied },
  { what: '恢复是否完成', needs: ['clickhouse'], find: restoreUnfinished },
  { what: '消息能否解压', needs: ['redis'], find: intakeConcerns },
  { what: '收件箱', needs: [], find: inboxConcerns },
  { what: 'Redis 能否写入', needs: ['redis'], find: redisWriteConcerns },
  { what: '对账结果', needs: ['clickhouse'], find: reconcileConcerns },
  { what: '搁置的数据片', needs: ['clickhouse'], find: detachedPartConcerns },
  { what: '磁盘余量', needs: [], find: diskConcerns },
  { what: '搁置的任务', needs: ['redis'], find: jobsGivenUp },
  { what: '死信', needs: ['clickhouse'], find: deadLetterConcerns },
];

/** What else `status` shows, or a check looks at in part, by the engine it is read from. */
const parts: readonly { what: string; needs: readonly EngineName[] }[] = [
  { what: '积压', needs: ['kafka'] },
  { what: '服务是否运行', needs: ['redis'] },
  { what: '任务队列', needs: ['redis'] },
  { what: '收件箱中的县是否登记', needs: ['clickhouse'] },
  { what: 'ClickHouse 的磁盘余量', needs: ['clickhouse'] },
  { what: '数据新鲜度', needs: ['clickhouse'] },
  { what: '版本冲突', needs: ['clickhouse'] },
  { what: '计分', needs: ['clickhouse'] },
];

/** An engine that is away hides what is read from it: silence must not look as if all were well. */
export function notChecked(engines: StatusScope['engines']): Concern[] {
  const away = (Object.keys(engineLabels) as EngineName[]).filter((engine) => !engines[engine].ok);
  if (away.length === 0) return [];
  const hidden = [...checks, ...parts].filter(({ needs }) => needs.some((engine) => away.includes(engine)));
  const names = away.map((engine) => engineLabels[engine]).join('、');
  const text = `${names} 不可用，以下各项没有检查，情况不明：${hidden.map(({ what }) => what).join('、')}。`;
  return [{ code: 'not_checked', level: 'notice', text }];
}

/** A question that an engine which is there did not answer. */
export interface Failure {
  what: string;
  error: unknown;
}

/** A check that cannot be made is a finding of its own. One full disk fails many questions with the same words: one finding. */
export function unchecked(failures: readonly Failure[]): Concern[] {
  const whats = new Map<string, string[]>();
  for (const { what, error } of failures) {
    // A refusal is a sentence already.
    const reason = (error as Error).message.replace(/。$/, '');
    whats.set(reason, [...(whats.get(reason) ?? []), what]);
  }
  return [...whats].map(([reason, names]) => ({
    code: 'unchecked',
    level: 'error',
    text: `无法检查${[...new Set(names)].join('、')}：${reason}。`,
  }));
}

/** Everything an operator has to know, and the checks that failed; the others are still made. */
export async function findConcerns(scope: StatusScope): Promise<{ found: Concern[]; failures: Failure[] }> {
  const failures: Failure[] = [];
  const made = checks.map(({ what, find }) =>
    find(scope).catch((error: unknown) => {
      failures.push({ what, error });
      return [];
    }),
  );
  return { found: [...notChecked(scope.engines), ...(await Promise.all(made)).flat()], failures };
}

/** Errors first. */
export const inOrder = (concerns: readonly Concern[]): Concern[] => [
  ...concerns.filter(({ level }) => level === 'error'),
  ...concerns.filter(({ level }) => level === 'notice'),
];
