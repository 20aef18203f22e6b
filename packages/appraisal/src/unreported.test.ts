import { defaultScheme } from '@pingan/indicators';
import { builtinCounty, type County, RegionIndex } from '@pingan/regions';
import type { Component, ZeroReport } from '@pingan/store';
import { describe, expect, it } from 'vitest';
import type { Evidence } from './evidence.js';
import { inputDigest } from './input-digest.js';
import { rollUp } from './roll-up.js';
import { silenceText, unreportedIn } from './unreported.js';

const county: County = { ...builtinCounty('610222')!, startMonth: '2026-01' };
const units = new RegionIndex(county).units('2026-01').map(({ code }) => code);
const [silent, small] = units;
const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'];
const last = '2026-06';

/** 30 cases a month everywhere, one in the small unit; none in either in the last month. */
function evidenceOf(changes: { zeroReports?: ZeroReport[]; left?: number; type?: string } = {}): Evidence {
  const components: Component[] = months.flatMap((month) =>
    units.map((region_code) => ({
      month,
      indicator: `cases:${changes.type ?? 'police.incident'}`,
      region_code,
      numerator:
        month === last && [silent, small].includes(region_code) ? (changes.left ?? 0) : region_code === small ? 1 : 30,
      denominator: 0,
    })),
  );
  return {
    county,
    rolledUp: rollUp(
      county,
      components.filter(({ numerator }) => numerator > 0),
    ),
    redLines: new Map(),
    zeroReports: changes.zeroReports ?? [],
    schemeOf: () => defaultScheme,
  };
}

const report = (changes: Partial<ZeroReport> = {}): ZeroReport => ({
  month: last,
  region_code: silent!,
  stream: 'police',
  confirmed_by: '某镇',
  reason: '',
  confirmed_at: '2026-07-02 00:00:00',
  ...changes,
});

describe('units that did not report', () => {
  it('are marked where their past makes a zero all but impossible', () => {
    expect([...unreportedIn(evidenceOf(), last)]).toEqual([
      [silent, { unreported: ['police.incident'], confirmed_zero: [] }],
    ]);
    expect(unreportedIn(evidenceOf(), '2026-05').size).toBe(0);
    expect(unreportedIn(evidenceOf({ left: 1 }), last).size).toBe(0);
  });

  it('are confirmed by a report of their stream, unit and month alone', () => {
    const found = (own: ZeroReport) => unreportedIn(evidenceOf({ zeroReports: [own] }), last).get(silent!)!;
    expect(found(report())).toEqual({ unreported: [], confirmed_zero: ['police.incident'] });
    for (const other of [
      report({ stream: 'petition' }),
      report({ region_code: small! }),
      report({ month: '2026-05' }),
    ]) {
      expect(found(other).unreported).toEqual(['police.incident']);
    }
  });

  it('are part of the identity of a run, and nothing is where all reported', () => {
    const digest = (evidence: Evidence, month = last) => inputDigest(evidence, month);
    const marked = digest(evidenceOf());
    const confirmed = digest(evidenceOf({ zeroReports: [report()] }));
    expect(confirmed).not.toBe(marked);
    expect(digest(evidenceOf({ zeroReports: [report({ region_code: small! })] }))).toBe(marked);
    expect(digest(evidenceOf({ zeroReports: [report()] }), '2026-05')).toBe(digest(evidenceOf(), '2026-05'));
  });

  it('are told in words', () => {
    const text = silenceText({
      unreported: ['police.incident', 'hotline.order'],
      confirmed_zero: ['mediation.hazard'],
    });
    expect(text).toBe('警情、12345 工单本月无报送，请核实；隐患已确认零报送');
    expect(silenceText({ unreported: [], confirmed_zero: [] })).toBe('');
  });
});
