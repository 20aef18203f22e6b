import { scoreCounty } from '@pingan/appraisal';
import type { Component, RunIndicator, Watermark } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Book, expectedLines, linesOf, openBook } from './indicators/book.js';
import { readersCounty, readersFacts } from './indicators/county.js';
import { creationLedgers } from './indicators/creation.js';
import { stories } from './indicators/late.js';
import { earlier, eventsOf, type Ledger, townOf } from './indicators/ledger.js';
import { mediationLedgers } from './indicators/mediation.js';
import { opinionLedgers } from './indicators/opinion.js';
import { petitionLedgers } from './indicators/petition.js';
import { petitionClockLedgers } from './indicators/petition-clocks.js';
import { policeLedgers } from './indicators/police.js';
import { fraudLedgers, P06 } from './indicators/police-fraud.js';
import { requestLedgers } from './indicators/requests.js';

/** One county holds them all: townships and sources keep them apart. */
const ledgers: readonly Ledger[] = [
  ...policeLedgers,
  ...fraudLedgers,
  ...petitionClockLedgers,
  ...petitionLedgers,
  ...requestLedgers,
  ...mediationLedgers,
  ...opinionLedgers,
  ...creationLedgers,
];

const named = <T extends { name: string }>(list: readonly T[]) => list.map((entry) => [entry.name, entry] as const);

let book: Book;

beforeAll(async () => {
  book = await openBook('indicators');
});
afterAll(() => book?.close());

describe('every indicator counts what its definition says', () => {
  let components: Component[];

  beforeAll(async () => {
    await book.deliver(ledgers.flatMap(({ name, facts }) => eventsOf(facts, { county: 'ALL', ledger: name })));
    components = await book.compute('ALL');
  });

  it.each(named(ledgers))('%s', (_name, ledger) => {
    expect(linesOf(components, ledger)).toEqual(expectedLines(ledger.expected));
  });

  it.each(named(P06))('%s, in a county of its own', async (name, ledger) => {
    const county = name.replace('-', '');
    await book.deliver(eventsOf(ledger.facts, { county, ledger: name }));
    expect(linesOf(await book.compute(county), ledger)).toEqual(expectedLines(ledger.expected));
  });
});

describe.each([
  ['in order', 'FWD', false],
  ['the last first', 'BWD', true],
] as const)('cases recorded wrongly at first, then corrected a few at a time, %s', (_order, county, backwards) => {
  const PARTS = 3;
  const DAYS_OFF = 40;
  let components: Component[];

  beforeAll(async () => {
    const corrected: ReturnType<typeof eventsOf> = [];
    for (const { name, facts } of ledgers) {
      const delivery = { county, ledger: name };
      const wrong = facts.map((fact) => ({ ...earlier(fact, DAYS_OFF), town: 'Z' }));
      await book.deliver(eventsOf(wrong, delivery));
      corrected.push(...eventsOf(facts, { ...delivery, version: 10 }));
    }
    await book.refresh(county);
    if (backwards) corrected.reverse();
    const size = Math.ceil(corrected.length / PARTS);
    for (let from = 0; from < corrected.length; from += size) {
      await book.deliver(corrected.slice(from, from + size));
      await book.refresh(county);
    }
    components = await book.read(county);
  });

  it.each(named(ledgers))('%s', (_name, ledger) => {
    expect(linesOf(components, ledger)).toEqual(expectedLines(ledger.expected));
  });
});

describe('a case that others hang on comes, changes and goes', () => {
  it.each(Object.entries(stories))('%s', async (name, { code, steps }) => {
    const county = `L${name}`;
    const linesAs = (components: readonly Component[]) => linesOf(components, { name, expected: { [code]: [] } });
    const wanted = steps.map(({ expected }) => expectedLines({ [code]: expected }));
    const watermarks: Watermark[] = [];
    for (const [i, { why, facts }] of steps.entries()) {
      await book.deliver(eventsOf(facts, { county, ledger: name, version: 10 * (i + 1) }));
      watermarks.push(book.watermark());
      await book.refresh(county);
      expect(linesAs(await book.read(county)), why).toEqual(wanted[i]);
    }
    expect(await book.compute(county), 'incremental and whole').toEqual(await book.read(county));
    expect(linesAs(await book.compute(county, { watermark: watermarks[1]! })), 'as it was').toEqual(wanted[1]);
    const without = { source: name.toLowerCase(), case_id: steps[1]!.facts[0]!.id! };
    const before = linesAs(await book.compute(county, { watermark: watermarks[1]!, without }));
    expect(before, 'as if it had never come').toEqual(wanted[0]);
  });
});

describe('what a reader of March 2026 sees', () => {
  let rows: RunIndicator[];
  const row = (code: string, town: string) =>
    rows.find((entry) => entry.code === code && entry.region_code === townOf('READ', town))!;

  beforeAll(async () => {
    const { code } = readersCounty;
    await book.deliver(eventsOf(readersFacts, { county: code, ledger: 'READ' }));
    await book.refresh(code);
    const nowMs = Date.parse('2026-04-05T00:00:00Z');
    const [result] = await scoreCounty(book.store, readersCounty, { months: ['2026-03'], nowMs });
    rows = await book.store.runs.indicators(result!.run_id);
  });

  it('P01: cases per 10 000 residents and month', () => {
    // Homicide, two thefts, two frauds: 5 ÷ (20 000 × 3) × 10 000.
    expect(row('P01', 'A')).toMatchObject({ numerator: 5, denominator: 60_000, value: expect.closeTo(0.833333, 6) });
  });

  it('O01: the newest month weighs most', () => {
    // ln 10 × (1 × 1 + 2 × 2 + 4 × 4) ÷ 7 = 3 ln 10 for levels 1, 2, 3 in January, February, March.
    expect(row('O01', 'A')).toMatchObject({ numerator: expect.closeTo(16.118095, 6), months: 3 });
    expect(row('O01', 'A').value).toBeCloseTo(6.907755, 5);
  });

  it('P02: severity days per 10 000 residents and month', () => {
    // A: 3650 + 2 × 180 + 2 × 365 = 4740 days; ÷ (20 000 × 3) × 10 000 = 790. B: 1460 ÷ (10 000 × 3) × 10 000 = 486.67.
    expect(row('P02', 'A')).toMatchObject({ numerator: 4740, denominator: 60_000, months: 3, value: 790 });
    expect(row('P02', 'B')).toMatchObject({ numerator: 1460, denominator: 30_000, value: expect.closeTo(486.6667, 4) });
  });

  it('P06: yuan per 10 000 residents and month', () => {
    // 36 000 ÷ (20 000 × 3) × 10 000 = 6000.
    expect(row('P06', 'A')).toMatchObject({ numerator: 36_000, denominator: 60_000, months: 3, value: 6000 });
    expect(row('P06', 'B')).toMatchObject({ numerator: 0, denominator: 30_000, value: 0 });
  });

  it('X06: resolved since January of opening stock and additions', () => {
    // Opening 3, added 1, resolved 2 by the end of March.
    expect(row('X06', 'A')).toMatchObject({ window_from: '2026-01', numerator: 2, denominator: 4, value: 50 });
    expect(row('X06', 'B')).toMatchObject({ value: null, missing_reason: 'no_cases' });
  });

  it('X07: fewer than 30 ratings are shown, not scored', () => {
    expect(row('X07', 'A')).toMatchObject({ numerator: 20, denominator: 29, missing_reason: 'below_minimum' });
    expect(row('X07', 'A')).toMatchObject({ value: expect.closeTo(68.9655, 4), score: null, contribution: 0 });
    expect(row('X07', 'B')).toMatchObject({ numerator: 27, denominator: 30, value: 90, missing_reason: null });
    expect(row('X07', 'B').score).not.toBeNull();
  });
});
