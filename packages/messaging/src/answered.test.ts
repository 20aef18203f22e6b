import { expect, it } from 'vitest';
import { answeredFor } from './answered.js';

const answer = (partition: number, baseOffset: string) => ({ partition, baseOffset, errorCode: 0 });

it('gives the last offset of each partition', () => {
  expect(answeredFor([0, 2, 0, 0], [answer(2, '7'), answer(0, '40')])).toEqual([
    { partition: 2, lastOffset: 7n },
    { partition: 0, lastOffset: 42n },
  ]);
});

it('does not take an answer for fewer partitions than were sent to', () => {
  const sent = [0, 1, 2, 3, 3];
  expect(() => answeredFor(sent, [answer(0, '1'), answer(3, '1'), answer(1, '1')])).toThrow('没有确认分区 2');
  expect(() => answeredFor(sent, [])).toThrow('没有确认分区 0、1、2、3');
});

it('does not take an answer for a partition that nothing was sent to', () => {
  expect(() => answeredFor([0], [answer(0, '1'), answer(1, '1')])).toThrow('没有发送的分区 1');
});
