import { expect, it } from 'vitest';
import type { Concern } from './concern.js';
import { type Findings, summarise, summaryText } from './summary.js';

const well: Findings = {
  engines: { kafka: { ok: true, detail: '1 个节点' } },
  concerns: [],
  services: [{ service: 'scorer', state: '就绪' }],
  missing_services: [],
};
const concern = (level: Concern['level'], text: string): Concern => ({ code: 'c', level, text });
const told = (found: Partial<Findings>) => {
  const summary = summarise({ ...well, ...found });
  return [summary.status, summaryText(summary)];
};

it('says that all is well, and nothing of hints that are not there', () => {
  expect(told({})).toEqual([0, '一切正常。']);
  expect(told({ concerns: [concern('notice', '磁盘')] })).toEqual([0, '没有问题。另有 1 条提示，见上。']);
});

it.each<[string, Partial<Findings>, number, string]>([
  ['an engine', { engines: { redis: { ok: false, detail: '没有回应：等了 2 秒' } } }, 3, '引擎 redis 不可用：没有回应'],
  ['a service', { missing_services: ['scorer'], services: [] }, 3, '服务 scorer 没有运行'],
  ['an answer', { services: [{ service: 'scorer', state: '没有回应' }] }, 3, '服务 scorer 没有回应'],
  ['readiness', { services: [{ service: 'scorer', state: '等待 Kafka' }] }, 1, '服务 scorer 未就绪：等待 Kafka'],
  ['data', { concerns: [concern('error', '日志与库不一致')] }, 1, '日志与库不一致'],
])('counts and lists what is missing: %s', (_, found, status, text) => {
  const [code, shown] = told(found);
  expect(code).toBe(status);
  expect(shown).toContain(`有 1 个问题：\n  1. ${text}`);
});

it('blames no service for a Redis that is away', () => {
  const [status, text] = told({
    engines: { redis: { ok: false, detail: '无法连接' } },
    services: null,
    missing_services: null,
  });
  expect(status).toBe(3);
  expect(text).toContain('有 1 个问题');
});
