import { Refusal } from '@pingan/contracts';
import { expect, it } from 'vitest';
import { kafkaMoving } from './kafka-moving.js';

const kafkaError = (code: number) =>
  Object.assign(new Error('This server is not the leader for that topic-partition'), {
    name: 'KafkaJSProtocolError',
    code,
  });

it('says of a topic that is being made again, or has another leader, to try again', () => {
  for (const error of [
    kafkaError(6),
    kafkaError(3),
    Object.assign(new Error('gave up'), { name: 'KafkaJSNumberOfRetriesExceeded', cause: kafkaError(5) }),
  ]) {
    const told = kafkaMoving(error);
    expect(told).toBeInstanceOf(Refusal);
    expect(told).toMatchObject({ kind: 'unavailable' });
    expect((told as Refusal).message).toMatch(/^Kafka 正在重建或切换主题.*再导入一次/);
  }
});

it('leaves every other error as it is', () => {
  for (const error of [kafkaError(10), Object.assign(new Error('x'), { code: 6 }), new Error('y'), undefined]) {
    expect(kafkaMoving(error)).toBe(error);
  }
});
