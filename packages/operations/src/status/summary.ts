import type { Concern } from './concern.js';

/** What `status` found, as far as it decides whether all is well. */
export interface Findings {
  engines: Record<string, { ok: boolean; detail: string }>;
  concerns: readonly Concern[];
  /** Null while Redis is away or takes no signs of life. */
  missing_services: readonly string[] | null;
  services: readonly { service: string; state: string }[] | null;
}

export interface Summary {
  problems: string[];
  notices: number;
  /** 3: an engine or service is away; 1: something else needs somebody. */
  status: 0 | 1 | 3;
}

export const NO_ANSWER = '没有回应';
const READY = '就绪';

export function summarise({ engines, concerns, services, missing_services }: Findings): Summary {
  const engineProblems = Object.entries(engines).flatMap(([name, { ok, detail }]) =>
    ok ? [] : [`引擎 ${name} 不可用：${detail}`],
  );
  const away = (missing_services ?? []).map((name) => `服务 ${name} 没有运行`);
  const silent = (services ?? [])
    .filter(({ state }) => state === NO_ANSWER)
    .map(({ service }) => `服务 ${service} 没有回应：停住的会在一分钟内自动重启`);
  const waiting = (services ?? [])
    .filter(({ state }) => state !== READY && state !== NO_ANSWER)
    .map(({ service, state }) => `服务 ${service} 未就绪：${state}`);
  const errors = concerns.filter(({ level }) => level === 'error').map(({ text }) => text);
  const status =
    engineProblems.length > 0
      ? 3
      : errors.length > 0
        ? 1
        : away.length + silent.length > 0
          ? 3
          : waiting.length > 0
            ? 1
            : 0;
  return {
    problems: [...engineProblems, ...away, ...silent, ...waiting, ...errors],
    notices: concerns.length - errors.length,
    status,
  };
}

/** The last lines of `status`. */
export function summaryText({ problems, notices }: Summary): string {
  const hints = notices > 0 ? `另有 ${notices} 条提示，见上。` : '';
  if (problems.length === 0) return hints === '' ? '一切正常。' : `没有问题。${hints}`;
  return [`有 ${problems.length} 个问题：`, ...problems.map((text, i) => `  ${i + 1}. ${text}`), hints]
    .filter((line) => line !== '')
    .join('\n');
}
