import { DAY, HOUR, MINUTE } from './clock.js';
import {
  between,
  type CaseContext,
  type CaseLife,
  dayAndNight,
  deadline,
  entryLag,
  lagAround,
  lagWithin,
  officeHours,
  shareOf,
  shown,
} from './life.js';
import { drawOf, type Rng } from './rng.js';

const types = drawOf([
  ['appeal_claim', 70],
  ['accusation', 13],
  ['suggestion', 12],
  ['litigation_related', 5],
]);

const channels = drawOf([
  ['web', 45],
  ['visit', 25],
  ['letter', 15],
  ['phone', 15],
]);

const levels = drawOf([
  ['township', 47],
  ['county', 38],
  ['city', 9],
  ['province', 4],
  ['national', 2],
]);

const outcomes = drawOf([
  ['supported', 50],
  ['explained', 35],
  ['not_supported', 15],
]);

function groupSize(rng: Rng): number {
  const luck = rng.next();
  return luck < 0.76 ? 1 : luck < 0.96 ? rng.int(2, 4) : rng.int(5, 18);
}

function ratingOf(rng: Rng, rated: number, satisfied: number): string | undefined {
  if (!rng.chance(rated)) return undefined;
  return rng.chance(satisfied) ? 'satisfied' : rng.chance(0.6) ? 'neutral' : 'dissatisfied';
}

/** Review and recheck of a decision: asked for and decided within 30 days each. */
function reviewsOf(rng: Rng, closedAt: number | undefined) {
  if (closedAt === undefined || !rng.chance(0.04)) return {};
  const reviewAsked = closedAt + between(rng, DAY, 30 * DAY);
  const reviewDecided = reviewAsked + between(rng, 5 * DAY, 30 * DAY);
  if (!rng.chance(0.3)) return { reviewAsked, reviewDecided };
  const recheckAsked = reviewDecided + between(rng, DAY, 30 * DAY);
  return { reviewAsked, reviewDecided, recheckAsked, recheckDecided: recheckAsked + between(rng, 5 * DAY, 30 * DAY) };
}

/** What neglect adds to the time a matter takes, and after how long nobody can say its time is not over. */
const NEGLECT = 120 * DAY;
const LONG_WAIT = 80 * DAY;

/** 信访事项: notice within 15 days, an end within 60 days of acceptance or an extension of at most 30. */
export function petition(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const quality = unit.quality.petition;
  const registeredAt = c.moment(officeHours);
  const original = rng.chance((0.44 - 0.3 * quality) * unit.change) ? c.earlier(1) : undefined;
  const repeated = original?.closedAt !== undefined && original.closedAt < registeredAt - DAY ? original : undefined;
  const type = rng.pick(types);
  const drawnChannel = rng.pick(channels);
  const drawnLevel = rng.pick(levels);
  const competent = rng.chance(0.65) ? 'township' : 'county';
  // Those who waited in vain go in person, and past the county.
  const waiting = repeated === undefined && rng.chance(0.1 - 0.08 * quality) ? c.neglected() : undefined;
  const overdue =
    waiting?.closedAt !== undefined && waiting.closedAt > registeredAt && c.start - waiting.recordedAt > LONG_WAIT
      ? waiting
      : undefined;
  const channel = overdue === undefined ? drawnChannel : 'visit';
  const received = overdue === undefined ? drawnLevel : rng.chance(0.7) ? 'province' : 'national';
  const size = channel === 'visit' ? groupSize(rng) : undefined;
  const before = repeated ?? overdue;
  const transferredAt = rng.chance(0.6) ? registeredAt + lagAround(rng, 1.5 * DAY, 0.6) : undefined;
  const notice = deadline(clock, registeredAt, 15);
  const notifiedAt = registeredAt + lagWithin(rng, notice.limit, shareOf(quality, 0.74, 0.999), 0.6);
  const acceptedAt = notifiedAt - between(rng, 0, Math.min(DAY, notifiedAt - registeredAt));
  const due = deadline(clock, acceptedAt, 60);
  const extended = rng.chance(0.06) ? deadline(clock, acceptedAt, 60 + rng.int(10, 30)) : undefined;
  const lag = lagWithin(rng, (extended ?? due).limit, shareOf(quality, 0.79, 0.994), extended ? 0.3 : 0.75);
  const never = lag > due.limit * 1.5 && rng.chance(0.3) && !c.isNeglected;
  const closedAt = never ? undefined : acceptedAt + (c.isNeglected ? NEGLECT : 0) + lag;
  const extendedAt = extended ? Math.min(due.end - 3 * DAY, (closedAt ?? due.end) - 1000) : undefined;
  const outcome = rng.pick(outcomes);
  const ratedAt = closedAt === undefined ? undefined : closedAt + lagAround(rng, 4 * DAY, 0.5);
  const rating = ratingOf(rng, 0.8, shareOf(quality, 0.72, 0.978));
  const objectionAt = rng.chance(0.01) ? registeredAt + lagAround(rng, 2 * DAY, 0.4) : undefined;
  const reviews = reviewsOf(rng, closedAt);
  return {
    schema: 'petition.case/1',
    source: 'demo-petition',
    caseId: c.caseId,
    regionCode: before?.regionCode ?? rng.pick(unit.profile.places),
    occurredAt: registeredAt,
    precision: 'time',
    recordedAt: registeredAt + entryLag(rng),
    closedAt,
    changes: [notifiedAt, extendedAt, closedAt, ratedAt, ...Object.values(reviews)],
    mistake: { petition_type: type === 'suggestion' ? 'appeal_claim' : 'suggestion' },
    body: (cut) => ({
      petition_type: type,
      channel,
      is_first: before === undefined,
      repeat_of: before?.caseId,
      group_size: size,
      level_received: received,
      competent_level: competent,
      registered_at: clock.iso(registeredAt),
      transferred_at: shown(clock, cut, transferredAt),
      accept_notified_at: shown(clock, cut, notifiedAt),
      accepted_at: shown(clock, cut, acceptedAt),
      due_at: cut < acceptedAt ? undefined : due.text,
      extended_to: extendedAt !== undefined && extendedAt <= cut ? extended?.text : undefined,
      closed_at: shown(clock, cut, closedAt),
      reply_at: shown(clock, cut, closedAt),
      objection_at: shown(clock, cut, objectionAt),
      outcome: closedAt !== undefined && closedAt <= cut ? outcome : undefined,
      satisfaction: ratedAt !== undefined && ratedAt <= cut ? rating : undefined,
      review_requested_at: shown(clock, cut, reviews.reviewAsked),
      review_decided_at: shown(clock, cut, reviews.reviewDecided),
      recheck_requested_at: shown(clock, cut, reviews.recheckAsked),
      recheck_decided_at: shown(clock, cut, reviews.recheckDecided),
    }),
  };
}

/** 信访积案: an old matter put on the register in the month, and closed for good some months later. */
export function backlogCase(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const listedAt = c.moment(officeHours);
  const registeredAt = listedAt - Math.round(Math.min(40, 1.5 + rng.logNormal(1.5, 1)) * 365) * DAY;
  const acceptedAt = registeredAt + lagAround(rng, 5 * DAY, 0.5);
  const due = deadline(clock, acceptedAt, 60);
  const closedAt = listedAt + lagWithin(rng, 100 * DAY, shareOf(unit.quality.petition, 0.55, 0.95), 1);
  const outcome = rng.pick(outcomes);
  const rating = ratingOf(rng, 0.7, shareOf(unit.quality.petition, 0.7, 0.97));
  return {
    schema: 'petition.case/1',
    source: 'demo-petition',
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt: listedAt,
    precision: 'time',
    recordedAt: listedAt + entryLag(rng),
    closedAt,
    changes: [closedAt],
    mistake: undefined,
    body: (cut) => ({
      petition_type: 'appeal_claim',
      channel: 'visit',
      is_first: false,
      group_size: 1,
      level_received: 'county',
      competent_level: 'county',
      registered_at: clock.day(registeredAt),
      accept_notified_at: clock.day(acceptedAt),
      accepted_at: clock.day(acceptedAt),
      due_at: due.text,
      closed_at: shown(clock, cut, closedAt),
      reply_at: shown(clock, cut, closedAt),
      outcome: closedAt <= cut ? outcome : undefined,
      satisfaction: closedAt <= cut ? rating : undefined,
      is_backlog: true,
    }),
  };
}

const departments = drawOf([
  ['交通运输局', 18],
  ['住房和城乡建设局', 16],
  ['农业农村局', 15],
  ['水务局', 12],
  ['教育和科技局', 10],
  ['卫生健康局', 9],
  ['公安局', 8],
  ['民政局', 7],
  ['生态环境局', 5],
]);

const suggestionDays = drawOf([
  [30, 50],
  [60, 35],
  [90, 15],
]);

/** 意见建议, closed out one by one. */
export function suggestion(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const registeredAt = c.moment(officeHours);
  const days = rng.pick(suggestionDays);
  const due = deadline(clock, registeredAt, days);
  const extended = rng.chance(0.05) ? deadline(clock, registeredAt, days + 30) : undefined;
  const { limit } = extended ?? due;
  const lag = lagWithin(rng, limit, shareOf(unit.quality.petition, 0.68, 0.985), 0.5);
  const closedAt = lag > limit * 1.5 && rng.chance(0.3) ? undefined : registeredAt + lag;
  const extendedAt = extended ? Math.min(due.end - DAY, (closedAt ?? due.end) - 1000) : undefined;
  const department = rng.pick(departments);
  return {
    schema: 'petition.suggestion/1',
    source: 'demo-petition',
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt: registeredAt,
    precision: 'time',
    recordedAt: registeredAt + entryLag(rng),
    closedAt,
    changes: [extendedAt, closedAt],
    mistake: undefined,
    body: (cut) => ({
      registered_at: clock.iso(registeredAt),
      due_at: due.text,
      extended_to: extendedAt !== undefined && extendedAt <= cut ? extended?.text : undefined,
      closed_at: shown(clock, cut, closedAt),
      department,
    }),
  };
}

const hotlineDays = drawOf([
  [3, 20],
  [5, 30],
  [7, 35],
  [15, 15],
]);

/** 12345 工单. */
export function hotlineOrder(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const quality = unit.quality.petition;
  const registeredAt = c.moment(dayAndNight);
  const acceptedAt = registeredAt + lagAround(rng, 20 * MINUTE, 0.7);
  const days = rng.pick(hotlineDays);
  const due = deadline(clock, registeredAt, days);
  const extended = rng.chance(0.03) ? deadline(clock, registeredAt, days * 2) : undefined;
  const limit = (extended ?? due).limit;
  const lag = lagWithin(rng, limit, shareOf(quality, 0.82, 0.993), extended ? 0.25 : 0.7);
  const closedAt =
    lag > limit * 1.5 && rng.chance(0.25) ? undefined : registeredAt + Math.max(lag, acceptedAt - registeredAt + HOUR);
  const extendedAt = extended ? Math.min(due.end - 2 * HOUR, (closedAt ?? due.end) - 1000) : undefined;
  const repeated = rng.chance(0.06 - 0.04 * quality) ? c.earlier(2) : undefined;
  const original = repeated?.closedAt !== undefined && repeated.closedAt < registeredAt ? repeated : undefined;
  const rating = ratingOf(rng, 0.6, shareOf(quality, 0.76, 0.98));
  const resolved = rng.chance(rating === 'satisfied' ? 0.985 : rating === 'neutral' ? 0.7 : 0.25);
  const answer = rating === undefined ? {} : { satisfaction: rating, resolved };
  return {
    schema: 'hotline.order/1',
    source: 'demo-hotline',
    caseId: c.caseId,
    regionCode: original?.regionCode ?? rng.pick(unit.profile.places),
    occurredAt: registeredAt,
    precision: 'time',
    recordedAt: registeredAt + lagAround(rng, 2 * MINUTE, 0.4),
    closedAt,
    changes: [extendedAt, closedAt],
    mistake: undefined,
    body: (cut) => ({
      channel: 'phone',
      repeat_of: original?.caseId,
      registered_at: clock.iso(registeredAt),
      accepted_at: shown(clock, cut, acceptedAt),
      due_at: due.text,
      extended_to: extendedAt !== undefined && extendedAt <= cut ? extended?.text : undefined,
      closed_at: shown(clock, cut, closedAt),
      ...(closedAt !== undefined && closedAt <= cut ? answer : {}),
    }),
  };
}
