import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RawMessage, unpackMessages } from './pack.js';
import { CommitPrefix, type MessageWindow, WindowCutter } from './windows.js';

const bytes = fc.option(
  fc.uint8Array({ maxLength: 60 }).map((part) => Buffer.from(part)),
  { nil: null },
);
const messages = fc
  .array(fc.record({ key: bytes, value: bytes, gap: fc.integer({ min: 1, max: 3 }) }), { maxLength: 120 })
  .chain((parts) =>
    fc.constantFrom(0, 2 ** 32 - 20, 2 ** 50).map((start) => {
      let offset = start;
      return parts.map(({ key, value, gap }): RawMessage => {
        offset += gap;
        return { offset, timestamp: offset % 7 === 0 ? -1 : 1_790_000_000_000 + gap, key, value };
      });
    }),
  );

const place = { topic: 'pingan.police', partition: 2 };
const read = ({ packed }: MessageWindow): RawMessage[] =>
  Array.from(unpackMessages(packed), ({ offset, timestamp, key, value }) => ({
    offset,
    timestamp,
    key: key && Buffer.from(key),
    value: value && Buffer.from(value),
  }));

describe('WindowCutter', () => {
  it('keeps every byte in order and ends windows where their offsets say, whatever was cut before', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 20 }), (all, every) => {
        const cutter = new WindowCutter(place, { messages: every, bytes: 400 });
        const seen: RawMessage[] = [];
        const take = (window: MessageWindow | undefined): void => {
          if (!window) return;
          const part = read(window);
          expect([window.first, window.last]).toEqual([String(part[0]?.offset), String(part.at(-1)?.offset)]);
          seen.push(...part);
          window.release();
        };
        for (const message of all) {
          const window = cutter.add(message, 0);
          const size = window === undefined ? 0 : read(window).reduce((sum, m) => sum + (m.value?.length ?? 0), 0);
          if ((message.offset + 1) % every === 0) expect(window).toBeDefined();
          else expect(window === undefined || size >= 400).toBe(true);
          take(window);
        }
        take(cutter.flush());
        expect(cutter.flush()).toBeUndefined();
        expect(seen).toEqual(all);
      }),
    );
  });

  it('leaves the bytes of a window alone until they are released', () => {
    const cutter = new WindowCutter(place, { messages: 1, bytes: 1_000 });
    const message = (offset: number, text: string) => ({
      offset,
      timestamp: 1_790_000_000_000 + offset,
      key: null,
      value: Buffer.from(text),
    });
    const first = cutter.add(message(0, 'one'), 0)!;
    const second = cutter.add(message(1, 'two'), 0)!;
    expect(read(first)).toEqual([message(0, 'one')]);
    first.release();
    const third = cutter.add(message(2, 'three'), 0)!;
    expect([read(second), read(third)]).toEqual([[message(1, 'two')], [message(2, 'three')]]);
  });

  it('tells how many messages a window has and since when the first of them waits', () => {
    const cutter = new WindowCutter(place, { messages: 3, bytes: 1_000 });
    const add = (offset: number, since: number) =>
      cutter.add({ offset, timestamp: since, key: null, value: Buffer.from('x') }, since);
    expect([add(0, 70), add(1, 80)]).toEqual([undefined, undefined]);
    expect(add(2, 90)).toMatchObject({ count: 3, since: 70 });
    add(3, 95);
    expect(cutter.flush()).toMatchObject({ count: 1, since: 95 });
  });

  it('says when bytes were cut short', () => {
    const message = { offset: 0, timestamp: 0, key: null, value: Buffer.from('abc') };
    const window = new WindowCutter(place, { messages: 1, bytes: 10 }).add(message, 0)!;
    expect(() => [...unpackMessages(window.packed.subarray(0, -1))]).toThrow('cut short');
  });
});

describe('CommitPrefix', () => {
  it('gives the end of what is stored from the first message on', () => {
    const prefix = new CommitPrefix();
    const [a, b, c] = [prefix.begin(9n), prefix.begin(19n), prefix.begin(29n)];
    expect([prefix.finish(b), prefix.finish(a), prefix.finish(c)]).toEqual([undefined, 20n, 30n]);
  });

  it('passes over offsets without a message at once, or together with the window before them', () => {
    const prefix = new CommitPrefix();
    expect(prefix.skip(3n)).toBe(3n);
    const window = prefix.begin(9n);
    expect(prefix.skip(12n)).toBeUndefined();
    expect(prefix.finish(window)).toBe(12n);
  });
});
