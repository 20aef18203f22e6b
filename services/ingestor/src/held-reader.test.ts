import type { WindowConsumer } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import { afterEach, expect, it, vi } from 'vitest';
import { HeldReader } from './held-reader.js';

const WAIT_MS = 30_000;
vi.setConfig({ testTimeout: 3 * WAIT_MS });

const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: WAIT_MS });

const log = createLogger('test', 'silent');
const open: HeldReader[] = [];
afterEach(() => Promise.all(open.splice(0).map((reader) => reader.stop())));

/** A reader whose consumers only say what is done with them: which one reads, and when it stopped. */
function readerOf(whyHeld: (now: { reading: boolean }) => Promise<string | undefined>) {
  const did: string[] = [];
  const crashes: unknown[] = [];
  let made = 0;
  const make = () => {
    made += 1;
    const own = made;
    const start = async () => void did.push(`start ${own}`);
    const stop = async () => void did.push(`stop ${own}`);
    return { start, stop } as unknown as WindowConsumer;
  };
  const reader = new HeldReader({ make, whyHeld, log, onCrash: (error) => crashes.push(error) });
  open.push(reader);
  return { reader, did, crashes };
}

it('reads only while nothing holds it, by a new consumer each time', async () => {
  let why: string | undefined = '正在重建';
  const { reader, did } = readerOf(async () => why);
  await reader.start();
  expect(reader.consumer).toBeUndefined();
  why = undefined;
  await until(() => did.includes('start 1'));
  why = '日志与库不符';
  await until(() => did.includes('stop 1') && reader.consumer === undefined);
  why = undefined;
  await until(() => did.includes('start 2'));
  await reader.stop();
  expect(did).toEqual(['start 1', 'stop 1', 'start 2', 'stop 2']);
});

it('does not begin while nobody can say whether it may, and does not end for that', async () => {
  let isAway = true;
  const asked: boolean[] = [];
  const { reader, did, crashes } = readerOf(async ({ reading }) => {
    asked.push(reading);
    if (isAway) throw new Error('Redis is away');
    return undefined;
  });
  await reader.start();
  expect(did).toEqual([]);
  isAway = false;
  await until(() => did.includes('start 1'));
  isAway = true;
  const before = asked.length;
  await until(() => asked.length >= before + 2);
  expect(reader.consumer).toBeDefined();
  expect([did, crashes]).toEqual([['start 1'], []]);
});
