import type { policeCategories } from '@pingan/contracts';
import { criminalKinds, type policeRates, preventable, publicOrderKinds, seriousViolence } from './calibration.js';
import { DAY, HOUR, MINUTE } from './clock.js';
import {
  between,
  type CaseContext,
  type CaseLife,
  dayAndNight,
  lagAround,
  lagWithin,
  officeHours,
  saidOnce,
  shareOf,
  shown,
} from './life.js';
import { drawOf, type Rng } from './rng.js';

type Category = (typeof policeCategories)[number];
export type CallCategory = keyof typeof policeRates;

const arrivalLimits = { urban: 5 * MINUTE, suburb: 10 * MINUTE, rural: 30 * MINUTE } as const;

const areaDraws = {
  urban: drawOf<keyof typeof arrivalLimits>([
    ['urban', 8],
    ['suburb', 2],
  ]),
  scenic: drawOf<keyof typeof arrivalLimits>([
    ['suburb', 4],
    ['rural', 6],
  ]),
  plain: drawOf<keyof typeof arrivalLimits>([
    ['suburb', 3],
    ['rural', 7],
  ]),
  mountain: drawOf<keyof typeof arrivalLimits>([
    ['suburb', 1],
    ['rural', 9],
  ]),
};

const emergencyShare: Record<Category, number> = {
  criminal: 0.2,
  public_order: 0.3,
  traffic: 0.45,
  fire: 1,
  dispute: 0.15,
  help: 0.5,
  report_tip: 0,
  complaint: 0,
  invalid: 0,
};

/** Median time until someone calls: found the next morning, noticed when the money is gone, or at once. */
const reportMedian: Record<Category, number> = {
  criminal: 8 * HOUR,
  public_order: 40 * MINUTE,
  traffic: 6 * MINUTE,
  fire: 6 * MINUTE,
  dispute: 25 * MINUTE,
  help: 8 * MINUTE,
  report_tip: HOUR,
  complaint: 12 * HOUR,
  invalid: MINUTE,
};

const disputeKinds = drawOf([
  ['neighbour', 35],
  ['family', 30],
  ['debt', 15],
  ['consumer', 10],
  ['labour', 10],
]);

const theft: ReadonlySet<string> = new Set(['theft', 'petty_theft', ...preventable]);

function lossOf(rng: Rng, kind: string | undefined): number | undefined {
  if (kind === 'telecom_fraud') return Math.round(rng.logNormal(8000, 1.2));
  return kind !== undefined && theft.has(kind) ? Math.round(rng.logNormal(900, 0.9)) : undefined;
}

function harmOf(rng: Rng, category: Category, kind: string | undefined): { injured?: number; deaths?: number } {
  const luck = rng.next();
  if (kind === 'homicide') return { deaths: 1 };
  if (kind === 'serious_injury') return { injured: 1 };
  if (category === 'traffic' && luck < 0.08)
    return luck < 0.004 ? { injured: 1, deaths: 1 } : { injured: luck < 0.02 ? 2 : 1 };
  return kind === 'assault' && luck < 0.1 ? { injured: 1 } : {};
}

interface Call {
  category: Category;
  kind: string | undefined;
  extra: (cut: number) => Record<string, unknown>;
  mistake: Record<string, unknown> | undefined;
}

function call(c: CaseContext, { category, kind, extra, mistake }: Call): CaseLife {
  const { rng, unit, clock } = c;
  const quality = unit.quality.police;
  const areaClass = rng.pick(areaDraws[unit.profile.areaClass as keyof typeof areaDraws] ?? areaDraws.plain);
  const occurredAt = c.moment(dayAndNight);
  const reportedAt = occurredAt + lagAround(rng, reportMedian[category], 0.8);
  const emergency = rng.chance(emergencyShare[category]);
  const limit = arrivalLimits[areaClass] * (emergency ? 1 : 2);
  const arrivedAt = reportedAt + lagWithin(rng, limit, shareOf(quality, 0.57, 0.975), 0.5);
  const dispatchedAt = reportedAt + Math.round((arrivedAt - reportedAt) * (0.05 + 0.25 * rng.next()) * 1e-3) * 1000;
  const feedbackAt = arrivedAt + lagWithin(rng, 30 * MINUTE, shareOf(quality, 0.7, 0.985), 0.6);
  const isCase = category === 'criminal' || (category === 'public_order' && rng.chance(0.72));
  const serious = kind !== undefined && seriousViolence.has(kind);
  const filedAt =
    category === 'criminal' && (serious || rng.chance(0.82)) ? feedbackAt + lagAround(rng, DAY, 0.7) : undefined;
  const closing = isCase
    ? lagAround(rng, (category === 'criminal' ? 40 : 12) * DAY, 0.7)
    : lagAround(rng, 2 * HOUR, 0.8);
  const closedAt = rng.chance(category === 'criminal' ? 0.6 : 0.98) ? (filedAt ?? feedbackAt) + closing : undefined;
  const loss = lossOf(rng, kind);
  const harm = harmOf(rng, category, kind);
  return {
    schema: 'police.incident/1',
    source: 'demo-police',
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt,
    precision: 'time',
    recordedAt: reportedAt + lagAround(rng, 30_000, 0.4),
    closedAt,
    changes: [feedbackAt, filedAt, closedAt],
    mistake,
    body: (cut) => ({
      category,
      sub_category: kind,
      is_preventable: kind === undefined ? undefined : preventable.has(kind) || undefined,
      is_emergency: emergency || undefined,
      area_class: areaClass,
      reported_at: clock.iso(reportedAt),
      dispatched_at: shown(clock, cut, dispatchedAt),
      arrived_at: shown(clock, cut, arrivedAt),
      feedback_at: shown(clock, cut, feedbackAt),
      closed_at: shown(clock, cut, closedAt),
      case_status:
        cut < feedbackAt
          ? undefined
          : filedAt !== undefined && filedAt <= cut
            ? 'filed'
            : isCase
              ? 'accepted'
              : 'no_case',
      ...(cut < feedbackAt ? {} : harm),
      loss_amount: cut < feedbackAt ? undefined : loss,
      ...extra(cut),
    }),
  };
}

/** Silent, mistaken and nuisance calls: answered and closed at once, nobody sent. */
function invalidCall(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const occurredAt = c.moment(dayAndNight);
  const closedAt = occurredAt + lagAround(rng, 3 * MINUTE, 0.6);
  return {
    schema: 'police.incident/1',
    source: 'demo-police',
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt,
    precision: 'time',
    recordedAt: closedAt + 1000,
    closedAt,
    changes: [],
    mistake: { category: 'help' },
    body: () => ({ category: 'invalid', reported_at: clock.iso(occurredAt), closed_at: clock.iso(closedAt) }),
  };
}

export function policeCall(c: CaseContext, category: CallCategory): CaseLife {
  if (category === 'invalid') return invalidCall(c);
  const { rng } = c;
  const nothing = () => ({});
  if (category === 'criminal') {
    const mistake = { category: 'public_order', sub_category: 'disturbance' };
    return call(c, { category, kind: rng.pick(criminalKinds), extra: nothing, mistake });
  }
  if (category === 'public_order') {
    const mistake = { category: 'dispute', sub_category: undefined, is_preventable: undefined };
    return call(c, { category, kind: rng.pick(publicOrderKinds), extra: nothing, mistake });
  }
  if (category === 'report_tip' && rng.chance(0.2)) {
    const stopped = rng.chance(shareOf(c.unit.quality.police, 0.75, 0.99));
    const extra = () => ({ fraud_intercepted: stopped });
    return call(c, { category, kind: 'fraud_attempt', extra, mistake: undefined });
  }
  return call(c, { category, kind: undefined, extra: nothing, mistake: undefined });
}

/** 反诈预警劝阻 of one day. */
export function fraudWarning(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const occurredAt = c.moment(officeHours);
  const warned = 1 + rng.poisson(3.5);
  const dissuaded = rng.binomial(warned, shareOf(unit.quality.police, 0.78, 0.985));
  return {
    schema: 'police.fraud_warning/1',
    source: 'demo-police',
    caseId: c.caseId,
    regionCode: unit.profile.code,
    occurredAt,
    precision: 'day',
    recordedAt: occurredAt + between(rng, HOUR, DAY),
    ...saidOnce,
    body: () => ({ warned, dissuaded }),
  };
}

/** Calls about quarrels, some of them about a quarrel the police have been called to in the last 90 days. */
export function disputeCall(c: CaseContext): CaseLife {
  const { rng, unit } = c;
  const kind = rng.pick(disputeKinds);
  const prior = rng.chance(0.4 - 0.28 * unit.quality.police) ? c.earlier(1) : undefined;
  const linked = rng.chance(0.25) ? c.neighbourId('dispute') : undefined;
  let priorRef: string | undefined;
  const extra = (cut: number) => ({
    prior_case_ref: priorRef,
    linked_dispute_id: cut >= life.recordedAt + HOUR ? linked : undefined,
  });
  const life = call(c, { category: 'dispute', kind, extra, mistake: { category: 'public_order' } });
  if (prior !== undefined && prior.occurredAt < life.occurredAt && life.occurredAt - prior.occurredAt < 90 * DAY) {
    priorRef = prior.caseId;
    life.regionCode = prior.regionCode;
  }
  return life;
}
