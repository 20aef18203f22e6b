import { DAY, HOUR } from './clock.js';
import {
  between,
  type CaseContext,
  type CaseLife,
  deadline,
  entryLag,
  lagAround,
  lagWithin,
  monthlyReturn,
  officeHours,
  saidOnce,
  shareOf,
  shown,
} from './life.js';
import type { Cell } from './profile.js';
import { drawOf } from './rng.js';

/** 平安创建 and what the county's office of the campaign keeps itself. */
const SOURCE = 'demo-peace-office';

/** Every cell is assessed once a quarter, a third of them each month. */
const CYCLE = 3;

/** How many of `cells` a month assesses: those at its place in the quarter, and those `CYCLE` further on. */
export function assessedIn(cells: readonly Cell[], calendarMonth: number): number {
  return Math.ceil((cells.length - (calendarMonth % CYCLE)) / CYCLE);
}

/** Lowest standing of the colours but the last. */
const colours = [
  ['blue', -0.3],
  ['yellow', -1.1],
  ['orange', -1.9],
] as const;

/** 平安创建单元: one assessment of a village or unit, by its own character, its township's and the quarter's luck. */
export function unitStatus(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const { cells } = unit.profile;
  const cell = cells[((c.calendarMonth % CYCLE) + c.position * CYCLE) % cells.length]!;
  const z = 0.5 * unit.profile.standing.mediation + 0.7 * cell.lean + 0.4 * rng.normal();
  const assessedAt = c.moment(officeHours);
  const colour = colours.find(([, least]) => z >= least)?.[0] ?? 'red';
  return {
    schema: 'creation.unit_status/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: cell.region,
    occurredAt: assessedAt,
    precision: 'day',
    recordedAt: assessedAt + entryLag(rng),
    ...saidOnce,
    body: () => ({
      unit_kind: cell.kind,
      unit_id: cell.id,
      category: cell.category,
      is_compliant: z > -1.35,
      is_three_zero: z > (cell.kind === 'village' ? -1.15 : -2.2),
      colour,
    }),
  };
}

/** 群众安全感: half-yearly, by telephone. */
export const isSurveyMonth = (calendarMonth: number): boolean => calendarMonth === 5 || calendarMonth === 11;

export function survey(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const asked = 80 + Math.round(unit.profile.population / 100) + rng.int(0, 30);
  const safe = rng.binomial(asked, shareOf(unit.quality.police, 0.93, 0.985));
  return {
    schema: 'survey.result/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: unit.profile.code,
    ...monthlyReturn(c),
    body: () => ({ asked, felt_safe: safe }),
  };
}

const rectificationDays = drawOf([
  [7, 20],
  [15, 50],
  [30, 30],
]);

/** 督查整改事项. */
export function rectification(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const issuedAt = c.moment(officeHours);
  const due = deadline(clock, issuedAt, rng.pick(rectificationDays));
  const lag = lagWithin(rng, due.limit, shareOf(unit.quality.mediation, 0.72, 0.99), 0.5);
  const closedAt = lag > due.limit * 1.5 && rng.chance(0.2) ? undefined : issuedAt + lag;
  return {
    schema: 'rectification.item/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt: issuedAt,
    precision: 'day',
    recordedAt: issuedAt + entryLag(rng),
    closedAt,
    changes: [closedAt],
    mistake: undefined,
    body: (cut) => ({ issued_at: clock.day(issuedAt), due_at: due.text, closed_at: shown(clock, cut, closedAt) }),
  };
}

/** Days of the month on which the recurring duties fall due, 0 for its last. */
export const duties = [
  ...[7, 14, 21, 28].flatMap((day) => [['weekly_review', day] as const, ['weekly_dispatch', day] as const]),
  ['half_month_review', 15],
  ['half_month_review', 0],
  ['monthly_inspection', 25],
  ['monthly_report', 0],
  ['monthly_ranking', 0],
] as const;

/** 五个一、半月研判: each duty of a township that falls due in the month. */
export function duty(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const [name, day] = duties[c.position % duties.length]!;
  const dueDay = day === 0 ? c.end - 12 * HOUR : c.start + (day - 0.5) * DAY;
  const due = deadline(clock, dueDay, 0);
  const listedAt = due.end - 5 * DAY;
  const lag = lagWithin(rng, due.end - listedAt, shareOf(unit.quality.mediation, 0.8, 0.995), 0.35);
  const doneAt = lag > 10 * DAY ? undefined : listedAt + lag;
  return {
    schema: 'creation.duty/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: unit.profile.code,
    occurredAt: Math.max(c.start, listedAt),
    precision: 'day',
    recordedAt: Math.max(c.start, listedAt) + 9 * HOUR,
    closedAt: doneAt,
    changes: [doneAt],
    mistake: undefined,
    body: (cut) => ({ duty: name, due_at: due.text, done_at: shown(clock, cut, doneAt) }),
  };
}

/** Days a month on which a grid is patrolled. */
const PATROL_DAYS = 22;

/** 巡防签到: a township's month. */
export function patrol(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const expected = unit.profile.gridIds.length * PATROL_DAYS;
  const signed = rng.binomial(expected, shareOf(unit.quality.mediation, 0.82, 0.99));
  return {
    schema: 'creation.patrol/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: unit.profile.code,
    ...monthlyReturn(c),
    body: () => ({ expected, signed }),
  };
}

const redLines = drawOf([
  ['accident', 75],
  ['veto', 15],
  ['homicide', 10],
]);

const accidentDeaths = drawOf([
  [1, 75],
  [2, 17],
  [3, 7],
  [4, 1],
]);

/**
 * 红线事项: a veto, a fatal case the police know as well, or an accident of which they do not (drowning, at work). A
 * homicide is never made up without a police case.
 */
export function redLine(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const drawn = rng.pick(redLines);
  const deaths = rng.pick(accidentDeaths);
  const occurredAt = c.moment(officeHours);
  const known =
    drawn === 'veto'
      ? undefined
      : c.policeCase(
          (body) => body.deaths !== undefined && (body.sub_category === 'homicide') === (drawn === 'homicide'),
        );
  const kind = drawn === 'homicide' && known === undefined ? 'accident' : drawn;
  const happenedAt = known?.occurredAt ?? occurredAt;
  return {
    schema: 'red_line.event/1',
    source: SOURCE,
    caseId: c.caseId,
    regionCode: known?.regionCode ?? rng.pick(unit.profile.places),
    occurredAt: happenedAt,
    precision: 'day',
    recordedAt: (known?.recordedAt ?? happenedAt) + lagAround(rng, 2 * DAY, 0.4) + between(rng, HOUR, DAY),
    ...saidOnce,
    body: () => ({
      kind,
      deaths: kind === 'veto' ? undefined : (known?.body(Number.POSITIVE_INFINITY).deaths ?? deaths),
      case_ref: known?.caseId,
    }),
  };
}
