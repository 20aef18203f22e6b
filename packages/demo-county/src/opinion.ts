import { DAY, HOUR } from './clock.js';
import {
  type CaseContext,
  type CaseLife,
  dayAndNight,
  deadline,
  lagAround,
  lagWithin,
  shareOf,
  shown,
} from './life.js';
import { drawOf } from './rng.js';

const topics = drawOf([
  ['道路交通', 16],
  ['环境污染', 14],
  ['教育', 12],
  ['物业与住房', 12],
  ['征地拆迁', 10],
  ['医疗卫生', 9],
  ['农资与农产品', 9],
  ['工资拖欠', 8],
  ['文旅服务', 6],
  ['其他', 4],
]);

const sentiments = drawOf([
  ['negative', 68],
  ['neutral', 22],
  ['positive', 10],
]);

/** 舆情: heat has a heavy tail, and the level follows it. */
export function opinion(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const quality = unit.quality.opinion;
  const occurredAt = c.moment(dayAndNight);
  const discoveredAt = occurredAt + lagAround(rng, 3 * HOUR, 0.9);
  const sentiment = rng.pick(sentiments);
  const heat = Math.min(5_000_000, Math.round(rng.logNormal(180, 1.5)));
  const spread = heat * rng.logNormal(1, 0.5);
  const level = spread > 20_000 ? 4 : spread > 4000 ? 3 : spread > 900 ? 2 : 1;
  const rumour = sentiment === 'negative' && rng.chance(0.06);
  const needsResponse = sentiment === 'negative' ? rng.chance(0.8) : sentiment === 'neutral' && rng.chance(0.2);
  const verifiedAt = discoveredAt + lagAround(rng, 5 * HOUR, 0.6);
  const limit = (level >= 3 ? 24 : 48) * HOUR;
  const responseAt = discoveredAt + lagWithin(rng, limit, shareOf(quality, 0.66, 0.952), 0.6);
  const close = deadline(clock, discoveredAt, 15);
  const closedAt = Math.max(
    verifiedAt + HOUR,
    needsResponse ? responseAt + HOUR : 0,
    discoveredAt + lagWithin(rng, close.limit, shareOf(quality, 0.62, 0.975), 0.6),
  );
  const escalatedAt =
    level < 4 && rng.chance((0.16 - 0.11 * quality) * unit.change)
      ? discoveredAt + lagAround(rng, 1.5 * DAY, 0.4)
      : undefined;
  const source = rng.chance((0.07 - 0.05 * quality) * unit.change) ? c.earlier(1) : undefined;
  const original =
    source?.closedAt !== undefined && source.closedAt < occurredAt && occurredAt - source.closedAt < 30 * DAY
      ? source
      : undefined;
  const topic = rng.pick(topics);
  return {
    schema: 'opinion.event/1',
    source: 'demo-opinion',
    caseId: c.caseId,
    regionCode: original?.regionCode ?? (rng.chance(0.85) ? unit.profile.code : rng.pick(unit.profile.places)),
    occurredAt,
    precision: 'time',
    recordedAt: discoveredAt + lagAround(rng, 600_000, 0.5),
    closedAt,
    changes: [verifiedAt, needsResponse ? responseAt : undefined, escalatedAt, closedAt],
    mistake: { sentiment: sentiment === 'neutral' ? 'negative' : 'neutral' },
    body: (cut) => ({
      topic,
      sentiment,
      level,
      heat: cut < verifiedAt ? Math.round(heat / 3) : heat,
      is_false_rumour: cut < verifiedAt ? undefined : rumour,
      needs_response: needsResponse,
      discovered_at: clock.iso(discoveredAt),
      verified_at: shown(clock, cut, verifiedAt),
      first_response_at: needsResponse ? shown(clock, cut, responseAt) : undefined,
      closed_at: shown(clock, cut, closedAt),
      peak_level:
        cut < closedAt && (escalatedAt === undefined || cut < escalatedAt)
          ? undefined
          : escalatedAt
            ? level + 1
            : level,
      secondary_of: original?.caseId,
    }),
  };
}
