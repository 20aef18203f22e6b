import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from './event.js';
import { isPlainId, isPlainText, plainId, plainText, visibleText } from './plain-text.js';

describe('plainId and plainText', () => {
  it.each([
    ['ＪＱ１', 'JQ1', 'ＪＱ１'],
    ['JQ1\u200b', 'JQ1', 'JQ1'],
    ['\ufeff\u2060J\u00adQ1\ufe0f', 'JQ1', 'JQ1'],
    ['\u202eJQ1\u202c', 'JQ1', 'JQ1'],
    ['A\u030a1', 'Å1', 'Å1'],
    ['Ａ\u030a1', 'Å1', 'Ａ\u030a1'],
    ['Z\u2011001', 'Z-001', 'Z\u2011001'],
    ['Z－001', 'Z-001', 'Z－001'],
    ['\u00a0Z 1\u3000', 'Z 1', 'Z 1'],
    ['Z \u2003 1', 'Z 1', 'Z 1'],
    ['①㎡', '①㎡', '①㎡'],
    ['陕警（2026）１号', '陕警(2026)1号', '陕警（2026）１号'],
    ['jq1', 'jq1', 'jq1'],
    ['\u200b', '', ''],
    ['\u00a0', '', ''],
  ])('%j is %j as an id and %j as a text', (given, id, text) => {
    expect(plainId(given)).toBe(id);
    expect(plainText(given)).toBe(text);
  });

  it('change nothing that has its form already, and the quick tests are never wrong', () => {
    const part = fc.constantFrom(...'aＡ1１-－‑ \u3000\u00a0\u200b\u00ad\u030aé中（〔·一①\t', '  ');
    const any = fc.oneof(fc.string({ unit: part, maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 12 }));
    fc.assert(
      fc.property(any, (text) => {
        expect(plainId(plainId(text))).toBe(plainId(text));
        expect(plainText(plainText(text))).toBe(plainText(text));
        // The slow way, which the quick test stands for.
        if (isPlainId(text)) expect(plainId(`${text}\u200b`)).toBe(text);
        if (isPlainText(text)) expect(plainText(`${text}\u200b`)).toBe(text);
      }),
      { numRuns: 20_000 },
    );
  });

  it('are linear', () => {
    for (const text of ['a '.repeat(50_000), ' '.repeat(100_000), 'a\u0000'.repeat(50_000), '\u3000a'.repeat(50_000)]) {
      const begun = process.cpuUsage();
      plainId(text);
      plainText(text);
      expect(process.cpuUsage(begun).user / 1000).toBeLessThan(1_000);
    }
  });

  it('shows what nobody sees', () => {
    expect(visibleText('乙\u00ad镇\u200b \u00a0\u0007')).toBe('乙\\u00ad镇\\u200b \\u00a0\\u0007');
    expect(visibleText('陕警〔2026〕1 号')).toBe('陕警〔2026〕1 号');
  });
});

describe('parseEvent', () => {
  const event = (changes: Record<string, unknown>) => ({
    schema: 'mediation.grid_event/1',
    county: '610222',
    source: 'grid',
    case_id: 'G-1',
    version: 1,
    op: 'upsert',
    region_code: 'T1',
    occurred_at: '2026-10-01T08:00:00Z',
    recorded_at: '2026-10-01T09:00:00Z',
    ...changes,
    body: { accepted_at: '2026-10-01', due_at: '2026-10-02', ...(changes.body as object) },
  });

  it('gives every identity and text its one form', () => {
    const hidden = {
      county: '６10222',
      source: 'grid\u200b',
      case_id: 'Ｇ\u2011１\u200b',
      region_code: '\u2060T1',
      body: { grid_id: 'Ｗ\u200b1', event_type: '噪声\u200b（夜间） ' },
    };
    const outcome = parseEvent(event(hidden));
    expect(outcome).toEqual({ ok: true, event: event({ body: { grid_id: 'W1', event_type: '噪声（夜间）' } }) });
  });

  it('leaves its input as it is', () => {
    const input = event({ case_id: 'G-1\u200b', body: { grid_id: '\u200bW1' } });
    const before = structuredClone(input);
    parseEvent(input);
    expect(input).toEqual(before);
  });

  it.each(['\u200b', '\u00a0', ' ', '\ufeff\u2060'])('refuses the id %j and shows what it is made of', (case_id) => {
    expect(parseEvent(event({ case_id }))).toEqual({
      ok: false,
      violations: [{ path: 'case_id', rule: 'invalid_case_id', value: visibleText(case_id) }],
    });
  });

  it('takes no array for a body', () => {
    expect(parseEvent({ ...event({ op: 'retract' }), body: [] }).ok).toBe(false);
  });
});
