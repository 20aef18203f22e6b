import { caseRates } from './calibration.js';
import { DAY } from './clock.js';
import { between, type CaseContext, type CaseLife, monthlyReturn, shareOf, shown } from './life.js';

/** 网格月报: what a grid reported in the month; without a report a zero report is signed, or nobody cared. */
export function gridMonth(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const { gridIds, population } = unit.profile;
  const gridId = gridIds[c.position % gridIds.length]!;
  const usual = (caseRates.gridEvent * population) / 10_000 / gridIds.length;
  const drawn = rng.poisson(usual);
  const reports = c.gridReports(gridId) ?? drawn;
  const delivery = monthlyReturn(c);
  const signs = rng.chance(shareOf(unit.quality.mediation, 0.25, 0.96));
  const signedAt = delivery.recordedAt - between(rng, 0, DAY);
  return {
    schema: 'mediation.grid_month/1',
    source: 'demo-grid',
    caseId: c.caseId,
    regionCode: gridId.slice(0, gridId.lastIndexOf('-')),
    ...delivery,
    body: (cut) => ({
      grid_id: gridId,
      valid_reports: reports,
      zero_report_at: reports === 0 && signs ? shown(clock, cut, signedAt) : undefined,
    }),
  };
}

/** Visits a month per 10,000 residents: patients at level 3 and above, people under supervision or released, families. */
export const visitGroups = [
  ['mental_health', 7],
  ['community_correction', 6],
  ['released', 6],
  ['left_behind', 25],
  ['other', 8],
] as const;

/** 重点人群走访 of one group in a township's month. */
export function keyGroupVisits(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const [group, rate] = visitGroups[c.position % visitGroups.length]!;
  const planned = Math.max(1, Math.round((rate * unit.profile.population) / 10_000) + rng.int(-1, 1));
  const done = rng.binomial(planned, shareOf(unit.quality.mediation, 0.78, 0.99));
  return {
    schema: 'mediation.key_group_visits/1',
    source: 'demo-grid',
    caseId: c.caseId,
    regionCode: unit.profile.code,
    ...monthlyReturn(c),
    body: () => ({ visit_group: group, planned, done }),
  };
}
