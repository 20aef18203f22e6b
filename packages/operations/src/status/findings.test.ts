import { expect, it } from 'vitest';
import { KafkaMoving } from '../brokers.js';
import { notChecked, unchecked } from './findings.js';

const up = { ok: true, detail: '' };
const down = { ok: false, detail: '没有回应' };

it('names what an engine that is away hides, and nothing else', () => {
  expect(notChecked({ kafka: up, redis: up, clickhouse: up })).toEqual([]);
  expect(notChecked({ kafka: down, redis: up, clickhouse: up })).toEqual([
    {
      code: 'not_checked',
      level: 'notice',
      text: 'Kafka 不可用，以下各项没有检查，情况不明：日志与库是否相符、库是否被清空过、积压。',
    },
  ]);
  const [both] = notChecked({ kafka: down, redis: down, clickhouse: up });
  expect(both?.text).toMatch(/^Kafka、Redis 不可用，.*搁置的任务、积压、服务是否运行、任务队列。$/);
});

it('names each check that failed, once for one reason', () => {
  const full = new Error('disk full');
  const failures = [
    { what: '死信', error: full },
    { what: '计分', error: new Error('timeout') },
    { what: '死信', error: full },
    { what: '版本冲突', error: full },
  ];
  expect(unchecked(failures).map(({ text }) => text)).toEqual([
    '无法检查死信、版本冲突：disk full。',
    '无法检查计分：timeout。',
  ]);
});

it('ends with one full stop where the reason is a sentence', () => {
  expect(unchecked([{ what: '积压', error: new KafkaMoving() }])).toEqual([
    { code: 'unchecked', level: 'error', text: '无法检查积压：Kafka 正在重建或切换主题，片刻后即可。请稍候再试。' },
  ]);
});
