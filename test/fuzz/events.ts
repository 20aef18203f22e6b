import { bodySchemas, type SchemaId } from '@pingan/contracts';
import fc from 'fast-check';

type Json = Record<string, unknown>;

/** Values some field of some record type accepts. */
const candidates: readonly unknown[] = [
  '2026-10-01T08:00:00+08:00',
  '2026-10-01T23:59:59.999Z',
  '2026-10-02',
  '2026-10-31',
  '2026-10-30T08:00:00+08:00',
  'C-1',
  '纠纷-2026-7',
  'x'.repeat(64),
  0,
  1,
  3,
  30,
  2.5,
  true,
  false,
];

const optionsOf = (field: unknown): unknown[] => {
  type Def = { entries?: Record<string, string>; innerType?: { def: Def } };
  const { def } = field as { def: Def };
  return Object.values(def.entries ?? def.innerType?.def.entries ?? {});
};

/** Bodies whose every field is sound by itself; the rules across fields may still refuse them. */
function bodyOf(schema: SchemaId): fc.Arbitrary<Json> {
  const fields = Object.entries(bodySchemas[schema].shape).map(([name, field]) => {
    const accepted = [...candidates, ...optionsOf(field)].filter((value) => field.safeParse(value).success);
    if (accepted.length === 0) throw new Error(`nothing fits ${schema} ${name}`);
    const value = fc.constantFrom(...accepted);
    return [name, field.safeParse(undefined).success ? fc.option(value, { nil: undefined }) : value] as const;
  });
  return fc.record(Object.fromEntries(fields)) as fc.Arbitrary<Json>;
}

export function eventOf(schema: SchemaId, regions: readonly string[]): fc.Arbitrary<Json> {
  return fc.record({
    schema: fc.constant(schema),
    county: fc.constant('610222'),
    source: fc.constantFrom('fuzz', 'a.b-c_d'),
    case_id: fc.oneof(fc.constantFrom('C-1', '案-1', "x'; DROP TABLE police_cases; --"), fc.string({ minLength: 1 })),
    version: fc.oneof(
      { weight: 9, arbitrary: fc.nat() },
      { weight: 1, arbitrary: fc.constantFrom(Number.MAX_SAFE_INTEGER, 0) },
    ),
    op: fc.constantFrom('upsert', 'upsert', 'upsert', 'retract'),
    region_code: fc.constantFrom(...regions),
    occurred_at: fc.constantFrom('2026-09-30T23:59:59+08:00', '2026-10-01T08:00:00Z', '2026-10-01T08:00:00.123456789Z'),
    recorded_at: fc.constantFrom('2026-11-01T00:00:00Z', '2026-10-01T08:00:01+08:00'),
    body: bodyOf(schema),
  }) as fc.Arbitrary<Json>;
}

const strange: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  {
    weight: 8,
    arbitrary: fc.constantFrom<unknown>(
      null,
      '',
      ' ',
      '\0',
      'a\0b',
      '\ud800',
      'x\udfff',
      '\u202e',
      '\u001b[2J',
      "=cmd|' /C calc'!A0",
      '"; DROP TABLE x; --',
      '1e400',
      -1,
      -0,
      1.5,
      2 ** 53,
      1e308,
      -1e308,
      '2026-02-30',
      '9999-99-99',
      '0000-01-01',
      '2026-10-01T24:00:00Z',
      '2026-10-01T08:00:00+99:99',
      { __proto__: null, constructor: 1 },
      { toString: 1, toJSON: 2 },
      ['2026-10-01'],
      [[]],
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
);

const names = [
  'schema',
  'county',
  'source',
  'case_id',
  'version',
  'op',
  'region_code',
  'occurred_at',
  'precision',
  'recorded_at',
  'body',
];

/** One step that makes an event something that no producer of ours sends. */
function mutation(schema: SchemaId): fc.Arbitrary<(event: Json) => Json> {
  const bodyNames = Object.keys(bodySchemas[schema].shape);
  const inBody = (change: (body: Json) => Json) => (event: Json) =>
    typeof event.body === 'object' && event.body !== null && !Array.isArray(event.body)
      ? { ...event, body: change(event.body as Json) }
      : event;
  const drop = (name: string) => (object: Json) =>
    Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
  const put = (name: string, value: unknown) => (object: Json) =>
    Object.fromEntries([...Object.entries(object), [name, value]]);
  const name = fc.constantFrom(...names);
  const bodyName = fc.constantFrom(...bodyNames);
  const foreign = fc.constantFrom('__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'unknown', '', '名称');
  return fc.oneof(
    fc.tuple(name, strange).map(([key, value]) => put(key, value)),
    fc.tuple(bodyName, strange).map(([key, value]) => inBody(put(key, value))),
    name.map(drop),
    bodyName.map((key) => inBody(drop(key))),
    fc.tuple(foreign, strange).map(([key, value]) => put(key, value)),
    fc.tuple(foreign, strange).map(([key, value]) => inBody(put(key, value))),
  );
}

/** One seed for everything, so that a run is the same everywhere; fast-check prints it with the path of a failure. */
export const SEED = 20_261_001;

/** Making values is dearer than judging them: a few hundred are made once and combined anew in every run. */
const pool = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.constantFrom(...fc.sample(arbitrary, { seed: SEED, numRuns: 600 }));

/** Events of one record type: sound ones, and ones changed in up to three places. */
export function mutatedEvent(schema: SchemaId, regions: readonly string[]): fc.Arbitrary<Json> {
  return fc
    .tuple(pool(eventOf(schema, regions)), fc.array(pool(mutation(schema)), { maxLength: 3 }))
    .map(([event, changes]) => changes.reduce((changed, change) => change(changed), event));
}

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

/** Values that are written into the JSON text itself, because no object prints as them. */
const rawValues: readonly string[] = [
  '1e400',
  '-1e400',
  '9'.repeat(400),
  `0.${'0'.repeat(400)}1`,
  deep('[', ']', 3_000),
  deep('[', ']', 30_000),
  deep('{"a":[', ']}', 4_000),
  `"${'字'.repeat(15_000)}"`,
  `"${'\\u0000'.repeat(50)}"`,
  '"\\ud800"',
  '{"__proto__":{"op":"upsert"}}',
  'NaN',
  'undefined',
  "'single'",
];

const longText = 'x'.repeat(1_048_576);

/** The bytes of a message: an event's JSON, then perhaps broken as text or as bytes. */
export function mutatedBytes(schema: SchemaId, regions: readonly string[]): fc.Arbitrary<Buffer> {
  const text = mutatedEvent(schema, regions).map((event) => JSON.stringify(event));
  const at = fc.nat(10_000);
  const cut = (value: Buffer, place: number) => (value.length === 0 ? 0 : place % value.length);
  const sound = text.map((value) => Buffer.from(value));
  return fc.oneof(
    { weight: 30, arbitrary: sound },
    {
      weight: 1,
      arbitrary: fc
        .tuple(pool(eventOf(schema, regions)), fc.constantFrom(...names, 'note'), fc.constantFrom(...rawValues))
        .map(([event, name, raw]) => {
          const value = JSON.stringify({ ...event, [name]: '@raw@' });
          return Buffer.from(value.replace('"@raw@"', () => raw));
        }),
    },
    { weight: 4, arbitrary: fc.tuple(sound, at).map(([value, place]) => value.subarray(0, cut(value, place))) },
    {
      weight: 4,
      arbitrary: fc.tuple(sound, at, fc.nat(255)).map(([value, place, byte]) => {
        const copy = Buffer.from(value);
        if (copy.length > 0) copy[cut(copy, place)] = byte;
        return copy;
      }),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(sound, at, fc.constantFrom('ff', 'c0af', 'eda080', 'f4908080', '00', 'efbbbf'))
        .map(([value, place, hex]) => {
          const here = cut(value, place);
          return Buffer.concat([value.subarray(0, here), Buffer.from(hex, 'hex'), value.subarray(here)]);
        }),
    },
    { weight: 1, arbitrary: pool(fc.uint8Array({ maxLength: 300 })).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: text.map((value) => Buffer.from(value, 'utf16le')) },
    { weight: 1, arbitrary: text.map((value) => Buffer.from(value + value)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('', ' ', 'null', '[]', '"x"', '0', '\ufeff{}', `"${longText}"`)
        .map((value) => Buffer.from(value)),
    },
  );
}
