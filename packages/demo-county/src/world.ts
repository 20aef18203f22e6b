import { addMonths, type Stream } from '@pingan/contracts';
import { type County, localDayEnd, localDayStart, localMonthStart, RegionIndex } from '@pingan/regions';
import { goodWill, progressEffect, progressIn } from './calibration.js';
import { type Clock, clockOf, DAY } from './clock.js';
import { type Kind, type KindName, kindNames, kinds, perStream } from './kinds.js';
import type { CaseLife, UnitMonth } from './life.js';
import { gridOf, type Profile, profilesOf } from './profile.js';
import { childSeed, type Draw, Rng, type Seed, seedOf } from './rng.js';

/** Another edition draws other cases, so that nobody takes two calibrations for one county. */
const EDITION = 11;

/** Spread of true rates between townships (coefficient of variation about this). */
const RISK_SPREAD = 0.42;
/** Spread of a township's slow course around its lasting standing, and of its months around that. */
const COURSE_SPREAD = 0.2;
const MONTHLY_SPREAD = 0.1;
/** Months between the points the slow course runs through. */
const COURSE_STEP = 6;
/** Share of cases the source withdraws. */
const RETRACTED = 0.01;

/** The cases of one kind in one unit and month: the first has number `offset` + 1. */
interface Cell {
  count: number;
  offset: number;
  seed: Seed;
  /** Running sums of the variants' expected numbers. */
  variants: Draw<number>;
}

export interface MonthPlan {
  month: string;
  /** 0 is January. */
  calendarMonth: number;
  clock: Clock;
  start: number;
  /** First millisecond of the next month. */
  end: number;
  /** First and last millisecond of each day. */
  days: ReadonlyArray<readonly [start: number, end: number]>;
  units: readonly UnitMonth[];
  cells: Record<KindName, Cell[]>;
}

/** The made-up county: any month, unit and case can be asked for by itself, and always answers the same. */
export interface World {
  county: County;
  plan: (month: string) => MonthPlan;
  /** Seed of the `j`-th case of a cell. */
  seed: (plan: MonthPlan, kind: KindName, unit: number, j: number) => Seed;
  /**
   * The `j`-th case of a cell; `number` replaces its number in the case id, and such a case stands alone, without
   * references to others.
   */
  life: (plan: MonthPlan, kind: KindName, unit: number, j: number, number?: string) => CaseLife;
}

/** Share of cases neglected where deadlines are kept worst. */
const NEGLECTED = 0.09;
const NEGLECT_SEED = 2;

/** Separate from the case's own numbers, so that a case knows of another's end without generating its history. */
export const historyRng = (caseSeed: Seed): Rng => new Rng(childSeed(caseSeed, 1));

/** The first thing a history decides. */
export const isRetracted = (history: Rng): boolean => history.chance(RETRACTED);

function normalCdf(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}

/** Between two drawn points half a year apart, so that a month needs no month before it. */
function courseOf(month: string, base: string): Record<Stream, number> {
  const index = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const step = Math.floor(index / COURSE_STEP);
  const part = index / COURSE_STEP - step;
  const points = [step, step + 1].map((n) => {
    const rng = new Rng(seedOf(`${base}/${n}`));
    return perStream(() => rng.normal());
  });
  return perStream((stream) => (1 - part) * points[0]![stream] + part * points[1]![stream]);
}

function unitMonth(profile: Profile, month: string, base: string): UnitMonth {
  const rng = new Rng(seedOf(`${base}/${month}/unit/${profile.code}`));
  const course = courseOf(month, `${base}/course/${profile.code}`);
  const progress = progressIn(month);
  const standing = perStream(
    (stream) => profile.standing[stream] + COURSE_SPREAD * course[stream] + MONTHLY_SPREAD * rng.normal(),
  );
  return {
    profile,
    quality: perStream((stream) => normalCdf(goodWill + standing[stream] + progressEffect.standing * progress)),
    risk: perStream((stream) => Math.exp(-RISK_SPREAD * standing[stream] - RISK_SPREAD ** 2 / 2)),
    change: Math.exp(progressEffect.risk * progress),
  };
}

function countsOf(units: readonly UnitMonth[], kindName: KindName, month: string, base: string): Cell[] {
  const kind: Kind = kinds[kindName];
  const calendarMonth = Number(month.slice(5)) - 1;
  const cells = units.map((unit): Cell => {
    const seed = seedOf(`${base}/${month}/${kindName}/${unit.profile.code}`);
    let sum = 0;
    const cumulative = kind.expected(unit, calendarMonth).map((expected) => {
      sum += expected;
      return sum;
    });
    const count = kind.ledger === 'return' ? sum : new Rng(childSeed(seed, 0)).poisson(sum);
    return { count, offset: 0, seed, variants: { values: cumulative.map((_, i) => i), cumulative } };
  });
  // No kind is missing from a whole county's month: that would look like a source that does not deliver.
  if (!kind.sparse && cells.length > 0 && cells.every((cell) => cell.count === 0))
    cells[seedOf(month)[0] % cells.length]!.count = 1;
  return cells;
}

export function createWorld({ county, seed }: { county: County; seed: number }): World {
  const index = new RegionIndex(county);
  const base = `${EDITION}/${seed}/${county.code}`;
  const profiles = new Map(profilesOf(county, base).map((profile) => [profile.code, profile]));
  const plans = new Map<string, MonthPlan>();
  const reports = new WeakMap<MonthPlan, Array<ReadonlyMap<string, number> | undefined>>();

  function makePlan(month: string): MonthPlan {
    const { timeZone } = county;
    const next = addMonths(month, 1);
    const start = localMonthStart(month, timeZone);
    const length = (Date.parse(`${next}-01T00:00:00Z`) - Date.parse(`${month}-01T00:00:00Z`)) / DAY;
    const days = Array.from({ length }, (_, i) => {
      const day = `${month}-${String(i + 1).padStart(2, '0')}`;
      return [localDayStart(day, timeZone), localDayEnd(day, timeZone)] as const;
    });
    const units = index.units(month).map(({ code }) => unitMonth(profiles.get(code)!, month, base));
    const cells = Object.fromEntries(
      kindNames.map((kind) => [kind, countsOf(units, kind, month, base)]),
    ) as MonthPlan['cells'];
    const used = new Map<string, number>();
    for (const kind of kindNames) {
      const { prefix } = kinds[kind];
      for (const cell of cells[kind]) {
        cell.offset = used.get(prefix) ?? 0;
        used.set(prefix, cell.offset + cell.count);
      }
    }
    const calendarMonth = Number(month.slice(5)) - 1;
    return {
      month,
      calendarMonth,
      clock: clockOf(month, timeZone),
      start,
      end: localMonthStart(next, timeZone),
      days,
      units,
      cells,
    };
  }

  function plan(month: string): MonthPlan {
    let found = plans.get(month);
    if (found === undefined) {
      found = makePlan(month);
      plans.set(month, found);
    }
    return found;
  }

  const caseSeed: World['seed'] = (monthPlan, kind, unit, j) => childSeed(monthPlan.cells[kind][unit]!.seed, j + 1);

  function caseId(kind: KindName, { month, cells }: MonthPlan, unit: number, j: number): string {
    const number = String(cells[kind][unit]!.offset + j + 1).padStart(6, '0');
    return `${kinds[kind].prefix}-${month.replace('-', '')}-${number}`;
  }

  /** Goes back in time or down in number, so that chains of references end. */
  function earlierCase(kind: KindName, at: MonthPlan, unit: number, j: number, back: number, rng: Rng) {
    const then = back === 0 ? at : plan(addMonths(at.month, -back));
    const code = at.units[unit]!.profile.code;
    const thenUnit = back === 0 ? unit : then.units.findIndex(({ profile }) => profile.code === code);
    const count = back === 0 ? j : (then.cells[kind][thenUnit]?.count ?? 0);
    const luck = rng.next();
    if (count === 0) return undefined;
    const chosen = Math.floor(luck * count);
    if (isRetracted(historyRng(caseSeed(then, kind, thenUnit, chosen)))) return undefined;
    return life(then, kind, thenUnit, chosen);
  }

  /** Told by the seed alone, so that neglected cases are found without making the others. */
  function isNeglected(at: MonthPlan, kind: KindName, unit: number, j: number): boolean {
    const share = NEGLECTED * (1 - at.units[unit]!.quality[kinds[kind].stream]);
    return new Rng(childSeed(caseSeed(at, kind, unit, j), NEGLECT_SEED)).chance(share);
  }

  function neglectedCase(kind: KindName, at: MonthPlan, unit: number, back: number): CaseLife | undefined {
    const then = plan(addMonths(at.month, -back));
    const thenUnit = then.units.findIndex(({ profile }) => profile.code === at.units[unit]!.profile.code);
    const count = then.cells[kind][thenUnit]?.count ?? 0;
    for (let j = 0; j < count; j += 1) {
      if (!isNeglected(then, kind, thenUnit, j)) continue;
      if (!isRetracted(historyRng(caseSeed(then, kind, thenUnit, j)))) return life(then, kind, thenUnit, j);
    }
    return undefined;
  }

  /** Found by going round the unit's calls from a drawn one, so that it may be any. */
  function policeCase(at: MonthPlan, unit: number, wanted: (body: Record<string, unknown>) => boolean, rng: Rng) {
    const { count } = at.cells.policeCall[unit]!;
    const first = rng.next();
    for (let i = 0; i < count; i += 1) {
      const j = (Math.floor(first * count) + i) % count;
      if (isRetracted(historyRng(caseSeed(at, 'policeCall', unit, j)))) continue;
      const found = life(at, 'policeCall', unit, j);
      if (wanted(found.body(Number.POSITIVE_INFINITY))) return found;
    }
    return undefined;
  }

  /** Reports of each grid in a month, counted without making the cases. */
  function gridReports(at: MonthPlan, unit: number): ReadonlyMap<string, number> {
    let byUnit = reports.get(at);
    if (byUnit === undefined) {
      byUnit = at.units.map(() => undefined);
      reports.set(at, byUnit);
    }
    const known = byUnit[unit];
    if (known !== undefined) return known;
    const { profile } = at.units[unit]!;
    const { count, variants } = at.cells.gridEvent[unit]!;
    const counts = new Map<string, number>();
    for (let j = 0; j < count; j += 1) {
      const seedOfCase = caseSeed(at, 'gridEvent', unit, j);
      if (isRetracted(historyRng(seedOfCase))) continue;
      const rng = new Rng(seedOfCase);
      rng.pick(variants);
      const { gridId } = gridOf(rng, profile);
      counts.set(gridId, (counts.get(gridId) ?? 0) + 1);
    }
    byUnit[unit] = counts;
    return counts;
  }

  function life(at: MonthPlan, kind: KindName, unit: number, j: number, number?: string): CaseLife {
    const rng = new Rng(caseSeed(at, kind, unit, j));
    const alone = number !== undefined;
    const variant = rng.pick(at.cells[kind][unit]!.variants);
    const open: Kind['open'] = kinds[kind].open;
    return open(
      {
        caseId: alone ? `${kinds[kind].prefix}-${at.month.replace('-', '')}-${number}` : caseId(kind, at, unit, j),
        clock: at.clock,
        start: at.start,
        end: at.end,
        calendarMonth: at.calendarMonth,
        position: j,
        unit: at.units[unit]!,
        rng,
        moment: (hours) => {
          const [start, end] = at.days[rng.int(0, at.days.length - 1)]!;
          const second = rng.pick(hours) * 3600 + rng.int(0, 3599);
          return Math.min(start + second * 1000, end - 999);
        },
        earlier: (months) => (alone ? undefined : earlierCase(kind, at, unit, j, rng.int(0, months), rng)),
        isNeglected: !alone && kind === 'petition' && isNeglected(at, kind, unit, j),
        neglected: () => (alone ? undefined : neglectedCase(kind, at, unit, rng.int(3, 5))),
        neighbourId: (other) => {
          const { count } = at.cells[other][unit]!;
          return alone || count === 0 ? undefined : caseId(other, at, unit, rng.int(0, count - 1));
        },
        policeCase: (wanted) => (alone ? undefined : policeCase(at, unit, wanted, rng)),
        gridReports: (gridId) => (alone ? undefined : (gridReports(at, unit).get(gridId) ?? 0)),
      },
      variant,
    );
  }

  return { county, plan, seed: caseSeed, life };
}
