import type { OutOfRange } from '@pingan/messaging';
import { createLogger, Metrics } from '@pingan/runtime';
import { expect, it } from 'vitest';
import { OffsetGuard } from './offset-guard.js';

const place = { topic: 'pingan.police', partition: 2 };
const shortened: OutOfRange = { ...place, committed: 254n, low: 6_000n, end: 6_001n };

function guardWith(answers: (OutOfRange[] | Error)[]) {
  const metrics = new Metrics('test');
  const guard = new OffsetGuard({
    look: async () => {
      const answer = answers.shift() ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    metrics,
    log: createLogger('test', 'silent'),
  });
  return { guard, metrics };
}

it('holds from the report until the committed offsets lie within the log', async () => {
  const { guard, metrics } = guardWith([[shortened], new Error('Kafka is away'), []]);
  expect(await guard.look()).toBeUndefined();
  guard.report({ ...place, wanted: 300n });
  expect(guard.reason).toBe('pingan.police 分区 2 位移 300 不在日志中');
  expect(await guard.look()).toBe(guard.reason);
  const text = 'pingan.police 分区 2 已入库至位移 254，而日志现有 6000 至 6001';
  expect([await guard.look(), await guard.look()]).toEqual([text, text]);
  expect(await metrics.text()).toContain('pingan_intake_held{service="test"} 1');
  expect(await guard.look()).toBeUndefined();
  expect(await metrics.text()).toContain('pingan_intake_held{service="test"} 0');
  expect(await metrics.text()).toContain(
    'pingan_offsets_out_of_range_total{topic="pingan.police",partition="2",service="test"} 1',
  );
});

it('lets the consumer that reported end, even if the committed offset is within the log', async () => {
  const { guard } = guardWith([[]]);
  guard.report({ ...place, wanted: 300n });
  expect(await guard.look()).toBeDefined();
  expect(await guard.look()).toBeUndefined();
});
