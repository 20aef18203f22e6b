import { happenedFields, type Stream } from '@pingan/contracts';
import { MessagePack, unpackMessages } from '@pingan/messaging';
import { builtinCounty } from '@pingan/regions';
import { beforeAll, expect, it } from 'vitest';
import { CountyRegistry, judge } from './index.js';

const county = builtinCounty('610222')!;
const registry = new CountyRegistry({
  counties: { list: async () => [county] },
  countyData: { starts: async () => [] },
});
beforeAll(() => registry.load());

const written = Date.parse('2026-10-05T20:00:00Z');

/** A message with a sound event that was changed. */
function messageOf(change: Record<string, unknown>, { timestamp = written, offset = 1 } = {}) {
  const event = {
    ...{ schema: 'police.incident/1', county: '610222', source: 's', case_id: 'A', version: 1, op: 'upsert' },
    ...{ region_code: '610222101', occurred_at: '2026-10-01T08:00:00Z', recorded_at: '2026-10-01T08:00:00Z' },
    body: { category: 'criminal' },
    ...change,
  };
  const pack = new MessagePack();
  pack.add({ offset, timestamp, key: null, value: Buffer.from(JSON.stringify(event)) });
  return [...unpackMessages(pack.bytes())][0]!;
}

/** What is wrong with a sound event that was changed; undefined when it is stored. */
function faultOf(change: Record<string, unknown>, timestamp = written): string | undefined {
  const verdict = judge('police', messageOf(change, { timestamp }), registry);
  return verdict.kind === 'dead' ? `${verdict.reason} ${verdict.detail.split(':')[0]}` : undefined;
}

const at = (time: string) => ({ occurred_at: time, recorded_at: time });

// The message was written on 6 October, 04:00, in the county; a day later is the bound.
it.each([
  ['2026-10-06T19:59:59Z', undefined],
  ['2026-10-06T20:00:01Z', 'occurred_at'],
  ['2026-10-07T03:59:59+08:00', undefined],
  ['2026-10-07T04:00:01+08:00', 'occurred_at'],
  ['2026-10-06T14:59:59-05:00', undefined],
  ['2026-10-05T23:59:59-14:00', undefined],
  ['2026-10-06T15:00:01-05:00', 'occurred_at'],
  ['2062-10-05T08:00:00+08:00', 'occurred_at'],
])('an event at %s: %s', (time, field) => {
  expect(faultOf(at(time))).toBe(field && `from_the_future ${field}`);
});

it('looks at days, months, registrations and versions as well', () => {
  const future = (field: string) => `from_the_future ${field}`;
  expect(faultOf({ occurred_at: '2026-10-07', precision: 'day' })).toBeUndefined();
  expect(faultOf({ occurred_at: '2026-10-08', precision: 'day' })).toBe(future('occurred_at'));
  expect(faultOf({ occurred_at: '2026-10', precision: 'month' })).toBeUndefined();
  expect(faultOf({ occurred_at: '2026-11', precision: 'month' })).toBe(future('occurred_at'));
  expect(faultOf({ recorded_at: '2027-01-01T00:00:00Z' })).toBe(future('recorded_at'));
  expect(faultOf({ version: 999_999_999 })).toBeUndefined();
  expect(faultOf({ version: written + 86_400_000 })).toBeUndefined();
  expect(faultOf({ version: written + 86_400_001 })).toBe(future('version'));
  expect(faultOf({ version: Number.MAX_SAFE_INTEGER })).toBe(future('version'));
});

/** What is wrong with a closed petition whose body was changed. */
const petitionFault = (change: Record<string, unknown>, event: Record<string, unknown> = {}, timestamp = written) => {
  const body = { petition_type: 'suggestion', channel: 'visit', registered_at: '2026-10-01', ...change };
  const verdict = judge('petition', messageOf({ schema: 'petition.case/1', body, ...event }, { timestamp }), registry);
  return verdict.kind === 'dead' ? `${verdict.reason} ${verdict.detail}` : undefined;
};

it('looks at all that has happened, not at what is due, and names field and value', () => {
  const closed = (time: string) => petitionFault({ closed_at: time });
  const refused = (field: string, time: string) =>
    `from_the_future body.${field}: from_the_future (${time}, message 2026-10-05T20:00:00.000Z)`;
  expect(closed('2026-10-07T03:59:59+08:00')).toBeUndefined();
  expect(closed('2026-10-07T04:00:01+08:00')).toBe(refused('closed_at', '2026-10-07T04:00:01+08:00'));
  expect(closed('2026-10-07')).toBeUndefined();
  expect(closed('2026-10-08')).toBe(refused('closed_at', '2026-10-08'));
  expect(petitionFault({ due_at: '2027-05-01', extended_to: '2027-06-01T08:00:00+08:00' })).toBeUndefined();
  const happened = happenedFields['petition.case/1'];
  expect(happened.length).toBeGreaterThan(8);
  for (const name of happened) expect(petitionFault({ [name]: '2027-05-01' })).toBe(refused(name, '2027-05-01'));
  // A withdrawn case has no body; whatever is sent with it is not kept.
  expect(petitionFault({ closed_at: '2027-05-01' }, { op: 'retract' })).toBeUndefined();
});

it('judges what has happened by the message, whenever it is asked', () => {
  const soon = new Date(Date.now() + 60_000).toISOString();
  expect(petitionFault({ closed_at: soon }, {}, Date.now())).toBeUndefined();
  expect(petitionFault({ closed_at: soon })).toMatch(/^from_the_future body.closed_at/);
});

it('says of a refused event what it would have been stored as, where its county is known', () => {
  const onceOf = (change: Record<string, unknown>, stream: Stream = 'police') => {
    const verdict = judge(stream, messageOf(change), registry);
    return verdict.kind === 'dead' ? verdict.once?.event.case_id : 'stored';
  };
  expect(onceOf({ version: Number.MAX_SAFE_INTEGER })).toBe('A');
  expect(onceOf({ region_code: 'nowhere' })).toBe('A');
  expect(onceOf({ case_id: '13800138000' })).toBe('13800138000');
  expect(onceOf({ county: 'GONE' })).toBeUndefined();
  expect(onceOf({ source: '=cmd|' })).toBeUndefined();
  expect(onceOf({}, 'petition')).toBeUndefined();
});

it('does not mind a byte order mark', () => {
  const { value } = messageOf({});
  const pack = new MessagePack();
  pack.add({ offset: 1, timestamp: written, key: null, value: Buffer.concat([Buffer.from('\ufeff'), value!]) });
  expect(judge('police', [...unpackMessages(pack.bytes())][0]!, registry).kind).toBe('store');
});

it('comes to the same verdict whenever it is asked, and refuses what no message can hold where that has no time', () => {
  expect(faultOf({ version: Date.now() + 60_000 }, Date.now())).toBeUndefined();
  expect(faultOf({ version: Date.now() + 60_000 })).toBe('from_the_future version');
  expect(faultOf(at('2062-10-05T08:00:00Z'), -1)).toBeUndefined();
  expect(faultOf({ version: Number.MAX_SAFE_INTEGER }, -1)).toBe('from_the_future version');
});

it('leaves out what lies before the place its county starts at, whether the county is registered or not', async () => {
  const starts = [
    { county: '610222', topic: 'pingan.police', partition: 1, position: 5 },
    { county: 'GONE', topic: 'pingan.police', partition: 1, position: 5 },
  ];
  const later = new CountyRegistry({
    counties: { list: async () => [county] },
    countyData: { starts: async () => starts },
  });
  await later.load();
  const kindOf = (change: Record<string, unknown>, offset: number, partition?: number) =>
    judge('police', messageOf(change, { offset }), later, partition).kind;
  expect([kindOf({}, 4, 1), kindOf({}, 5, 1), kindOf({}, 4, 2), kindOf({}, 4)]).toEqual([
    'left_out',
    'store',
    'store',
    'store',
  ]);
  expect([kindOf({ county: 'GONE' }, 4, 1), kindOf({ county: 'GONE' }, 5, 1)]).toEqual(['left_out', 'dead']);
  // What was set aside before has its letter, and is judged as it was.
  expect(kindOf({ region_code: 'nowhere' }, 4, 1)).toBe('dead');
});
