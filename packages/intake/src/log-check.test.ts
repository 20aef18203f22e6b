import { EPOCH_SPAN, epochOf, offsetOf, positionOf, positionText } from '@pingan/contracts';
import type { LogState } from '@pingan/messaging';
import type { KnownLog, Reach } from '@pingan/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLogs, problemTexts, watermarkOf } from './log-check.js';

type Part = [low: number, end: number, committed?: number | undefined];

const topic = 'pingan.police';

const stateOf = (parts: readonly Part[], id = 'a'): LogState => ({
  clusterId: 'c',
  topics: [
    {
      topic,
      id,
      partitions: parts.map(([low, end, committed], partition) => ({
        partition,
        low: BigInt(low),
        end: BigInt(end),
        committed: committed === undefined ? undefined : BigInt(committed),
      })),
    },
  ],
});

const noted = (changes: Partial<KnownLog> = {}): KnownLog => ({
  topic,
  epoch: 0,
  topic_id: 'a',
  cluster_id: 'c',
  partitions: 1,
  ...changes,
});

const reached = (last: number, epoch = 0): Reach[] => [{ topic, partition: 0, epoch, last: BigInt(last) }];

const kinds = (evidence: Parameters<typeof compareLogs>[0]) => compareLogs(evidence).problems.map(({ kind }) => kind);

describe('positions', () => {
  it('grow with the offset and with every later log, and give both back', () => {
    const place = fc.record({ epoch: fc.nat(8_000), offset: fc.nat({ max: EPOCH_SPAN - 1 }) });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [x, y] = [positionOf(a.epoch, a.offset), positionOf(b.epoch, BigInt(b.offset))];
        expect([epochOf(x), offsetOf(x), Number.isSafeInteger(x)]).toEqual([a.epoch, a.offset, true]);
        if (a.epoch < b.epoch || (a.epoch === b.epoch && a.offset < b.offset)) expect(x).toBeLessThan(y);
      }),
    );
    expect([positionText(42), positionText(positionOf(1, 42))]).toEqual(['42', '1:42']);
  });
});

describe('compareLogs', () => {
  it('notes the first log of an empty store, and one of a store that was filled before logs were noted', () => {
    for (const reach of [[], reached(9)]) {
      const { problems, toNote } = compareLogs({
        state: stateOf([[0, 10, reach.length === 0 ? undefined : 10]]),
        known: [],
        reach,
      });
      expect({ problems, toNote }).toEqual({ problems: [], toNote: [noted()] });
    }
  });

  it('knows a topic that was made again by its id, however long it is', () => {
    for (const end of [0, 10, 1_000_000]) {
      expect(kinds({ state: stateOf([[0, end]], 'b'), known: [noted()], reach: reached(9) })).toEqual(['replaced']);
    }
  });

  it('knows a log that ends before what is stored, or before what was committed', () => {
    expect(kinds({ state: stateOf([[0, 5]]), known: [noted()], reach: reached(9) })).toEqual(['shorter']);
    expect(kinds({ state: stateOf([[0, 5]]), known: [], reach: reached(9) })).toEqual(['shorter']);
    expect(kinds({ state: stateOf([[0, 5, 8]]), known: [noted()] })).toEqual(['shorter']);
    expect(kinds({ state: stateOf([[0, 10, 8]]), known: [noted()], reach: reached(9) })).toEqual([]);
  });

  it('leaves what earlier logs stored out of it', () => {
    const known = [noted({ epoch: 1, topic_id: 'b' })];
    expect(kinds({ state: stateOf([[0, 5, 3]], 'b'), known, reach: [...reached(900), ...reached(2, 1)] })).toEqual([]);
  });

  it('tells of messages that were deleted before they were stored, and only of those', () => {
    const gap = compareLogs({ state: stateOf([[7, 10, 5]]), known: [noted()], reach: reached(4) });
    expect(gap.problems).toEqual([{ kind: 'deleted', topic, partition: 0, next: 5n, low: 7n }]);
    expect(problemTexts(gap.problems)[0]).toContain('共 2 条');
    expect(kinds({ state: stateOf([[7, 10, 7]]), known: [noted()], reach: reached(6) })).toEqual([]);
    // A group that lost its offsets.
    expect(kinds({ state: stateOf([[7, 10]]), known: [noted()], reach: reached(6) })).toEqual([]);
    expect(kinds({ state: stateOf([[7, 10]]), known: [noted()], reach: reached(4) })).toEqual(['deleted']);
    // The first start on a log whose beginning is gone: nothing of it was ever promised.
    expect(kinds({ state: stateOf([[7, 10]]), known: [], reach: [] })).toEqual([]);
  });

  it('tells of a store that is empty although messages were committed', () => {
    for (const known of [[], [noted()]]) {
      const { problems, toNote } = compareLogs({ state: stateOf([[0, 10, 10]]), known, reach: [] });
      expect(problems).toEqual([{ kind: 'store_lost', messages: 10n }]);
      if (known.length > 0) expect(toNote).toEqual([]);
    }
  });

  it('notes partitions that were added', () => {
    const { problems, toNote } = compareLogs({
      state: stateOf([
        [0, 1],
        [0, 1],
      ]),
      known: [noted()],
      reach: reached(0),
    });
    expect({ problems, toNote }).toEqual({ problems: [], toNote: [noted({ partitions: 2 })] });
  });

  it('misses a topic that was there', () => {
    expect(kinds({ state: { clusterId: 'c', topics: [] }, known: [noted()] })).toEqual(['topic_missing']);
  });

  it('gives watermarks of positions that never go back from one log to the next', () => {
    const before = watermarkOf(compareLogs({ state: stateOf([[0, 900, 900]]), known: [noted()] }));
    const next = noted({ epoch: 1, topic_id: 'b' });
    const after = watermarkOf(compareLogs({ state: stateOf([[0, 5, 2]], 'b'), known: [next] }));
    expect([before[topic], after[topic]]).toEqual([['900'], [String(2 ** 40 + 2)]]);
  });
});
