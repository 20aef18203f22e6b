import { expect, it } from 'vitest';
import { isKafkaMoving, reasonOf } from './kafka-moving.js';

const kafkaError = (code: number) =>
  Object.assign(new Error('This server is not the leader for that topic-partition'), {
    name: 'KafkaJSProtocolError',
    code,
  });

it('knows a topic that is being made again, or has another leader', () => {
  for (const error of [
    kafkaError(6),
    kafkaError(3),
    Object.assign(new Error('gave up'), { name: 'KafkaJSNumberOfRetriesExceeded', cause: kafkaError(5) }),
  ]) {
    expect(isKafkaMoving(error)).toBe(true);
    expect(reasonOf(error)).toBe('Kafka 正在重建或切换主题');
  }
});

it('leaves every other error as it is', () => {
  for (const error of [kafkaError(10), Object.assign(new Error('x'), { code: 6 }), new Error('y'), undefined])
    expect(isKafkaMoving(error)).toBe(false);
  expect(reasonOf(new Error('y'))).toBe('y');
});
