import { componentsJob, scoreJob } from '@pingan/contracts';
import { expect, it } from 'vitest';
import type { z } from 'zod';
import { payloadFault } from './readable-jobs.js';

const faultOf = (schema: z.ZodType, data: unknown): z.ZodError => schema.safeParse(data).error!;

it('says which job is wrong, whose, and where', () => {
  const data = { county: '610222', months: 7 };
  const text = payloadFault('score', { id: '12', data }, faultOf(scoreJob, data));
  expect(text).toMatch(/^计分任务 12（610222）的内容不合规：/);
  expect(text).toContain('months');
});

it('says of a job that is not JSON nothing else, and of no payload at all that it does not fit', () => {
  const unreadable = { unreadable: '{"county":' };
  const text = payloadFault('components', { id: '3', data: unreadable }, faultOf(componentsJob, unreadable));
  expect(text).toBe('月度分量任务 3 的内容不是有效的 JSON');
  expect(payloadFault('components', { data: null }, faultOf(componentsJob, null))).toBe('月度分量任务 的内容不合规');
});

it('shows a bounded part of what somebody left there', () => {
  const data = { county: '9'.repeat(10_000) };
  expect(payloadFault('score', { id: '1', data }, faultOf(scoreJob, data)).length).toBeLessThan(120);
});
