import type { Component } from '@pingan/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Book, expectedLines, linesOf, openBook } from './indicators/book.js';
import { creationLedgers } from './indicators/creation.js';
import { stories } from './indicators/late.js';
import { earlier, eventsOf, type Ledger } from './indicators/ledger.js';
import { mediationLedgers } from './indicators/mediation.js';
import { opinionLedgers } from './indicators/opinion.js';
import { petitionLedgers } from './indicators/petition.js';
import { P06, policeLedgers } from './indicators/police.js';

/** One county holds them all: townships and sources keep them apart. */
const ledgers: readonly Ledger[] = [
  ...policeLedgers,
  ...petitionLedgers,
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
  const PARTS = 4;
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
  it.each(stories.map((story) => [story.code, story] as const))('%s', async (code, { steps }) => {
    const county = `LATE${code}`;
    const name = `LATE-${code}`;
    for (const [i, { why, facts, expected }] of steps.entries()) {
      await book.deliver(eventsOf(facts, { county, ledger: name, version: 10 * (i + 1) }));
      await book.refresh(county);
      const wanted = { [code]: expected };
      expect(linesOf(await book.read(county), { name, expected: wanted }), why).toEqual(expectedLines(wanted));
      expect(await book.compute(county), why).toEqual(await book.read(county));
    }
  });
});
