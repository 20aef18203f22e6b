import { componentsJob, scoreJob } from '@pingan/contracts';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { mended, payloadFault } from './readable-jobs.js';

const job = { name: 'run', data: '{"county":"610222"}', opts: '{"attempts":3}', progress: '0', timestamp: '1' };

it('leaves a job alone whose parts can all be read, or are absent', () => {
  expect(mended(job)).toBeUndefined();
  expect(mended({ data: job.data })).toBeUndefined();
  expect(mended({ ...job, opts: '', parent: '{"id":"1","queueKey":"q"}' })).toBeUndefined();
});

it.each(['not json', 'null', '5', '[]', '"text"', '{"cut'])('takes out options and a parent that are %s', (text) => {
  const found = mended({ ...job, opts: text, parent: text, parentKey: 'q:1' })!;
  expect(found.dropped).toEqual(['opts', 'parent', 'parentKey']);
  expect(found.fields).toEqual({
    ...{ name: 'run', progress: '0', timestamp: '1' },
    data: JSON.stringify({ unreadable: text, field: 'opts' }),
  });
});

it('takes out a progress that is no JSON, and replaces such a payload', () => {
  expect(mended({ ...job, progress: 'half' })).toEqual({
    fields: { name: 'run', opts: job.opts, timestamp: '1', data: '{"unreadable":"half","field":"progress"}' },
    dropped: ['progress'],
  });
  expect(mended({ ...job, data: 'x'.repeat(500) })).toEqual({
    fields: { ...job, data: JSON.stringify({ unreadable: 'x'.repeat(200), field: 'data' }) },
    dropped: [],
  });
});

it('says of which part that is true', () => {
  const fault = (data: unknown) =>
    payloadFault('score', { id: '7', data }, z.object({ county: z.string() }).safeParse(data).error!);
  expect(fault({ unreadable: 'x', field: 'data' })).toBe('计分任务 7 的内容不是有效的 JSON');
  expect(fault({ unreadable: 'x', field: 'opts' })).toBe('计分任务 7 的内容（opts）不是有效的 JSON');
  expect(fault({ months: 1 })).toBe('计分任务 7 的内容不合规：county');
});

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
