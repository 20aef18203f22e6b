import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickObject } from './quick-check.js';
import { bodySchemas, schemaIds } from './record-types.js';

const values = fc.oneof(
  fc.constantFrom(
    'criminal',
    'filed',
    'visit',
    'agreed',
    'negative',
    'neighbour',
    'sweep',
    'urban',
    '',
    'x'.repeat(200),
  ),
  fc.constantFrom('2026-10-01', '2026-10-01T08:00:00+08:00', '2026-02-30', '1900-01-01', '2026-10-01T25:00:00Z'),
  fc.constantFrom(0, 1, 4, 5, -1, 1.5, 1e13, Number.MAX_SAFE_INTEGER),
  fc.boolean(),
  fc.constant(null),
);

describe.each(schemaIds)('%s', (id) => {
  const schema = bodySchemas[id];
  const quick = quickObject(schema.shape);
  const body = fc.dictionary(fc.constantFrom(...Object.keys(schema.shape), 'unknown'), values);

  it('says yes only where the schema says yes and would change nothing', () => {
    fc.assert(
      fc.property(body, (input) => {
        if (quick(input)) expect(schema.parse(input)).toEqual(input);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves a sound object without extra fields to nobody else', () => {
    const sound = Object.fromEntries(
      Object.entries(schema.shape).flatMap(([name, field]) => {
        const candidates = ['2026-10-01T08:00:00+08:00', true, 2, 'C-1', ...Object.values(optionsOf(field))];
        const fits = candidates.find((value) => field.safeParse(value).success);
        return fits === undefined ? [] : [[name, fits]];
      }),
    );
    expect(schema.safeParse(sound).success).toBe(true);
    expect(quick(sound)).toBe(true);
  });
});

function optionsOf(field: unknown): Record<string, string> {
  const def = (
    field as { def: { entries?: Record<string, string>; innerType?: { def: { entries?: Record<string, string> } } } }
  ).def;
  return def.entries ?? def.innerType?.def.entries ?? {};
}
