import { ruralDisputes, urbanDisputes } from './calibration.js';
import { DAY, HOUR } from './clock.js';
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
import { gridOf } from './profile.js';
import { drawOf } from './rng.js';

const dockings = drawOf([
  ['police', 40],
  ['petition', 20],
  ['court', 20],
  ['specialised', 10],
  ['arbitration', 6],
  ['procuratorate', 4],
]);

const levels = drawOf([
  ['village', 68],
  ['township', 27],
  ['county', 5],
]);

const risks = drawOf([
  ['low', 72],
  ['medium', 23],
  ['high', 5],
]);

const forms = drawOf([
  ['oral', 30],
  ['written', 64],
  ['judicially_confirmed', 6],
]);

/** Of those over their limit, how many nobody ever closes. */
const NEVER_CLOSED = 0.4;

/** 矛盾纠纷. */
export function dispute(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const quality = unit.quality.mediation;
  const occurredAt = c.moment(dayAndNight);
  const type = rng.pick(unit.profile.areaClass === 'urban' ? urbanDisputes : ruralDisputes);
  const sweep = rng.chance(0.36 + 0.38 * quality);
  const transferred = !sweep && rng.chance(0.35);
  const docking = transferred ? rng.pick(dockings) : undefined;
  const acceptedAt = occurredAt + lagAround(rng, 1.5 * DAY, 0.8);
  const limit = deadline(clock, acceptedAt, 30).limit;
  const lag = lagWithin(rng, limit, shareOf(quality, 0.44, 0.942), 0.7);
  const luck = rng.next();
  const success = shareOf(quality, 0.76, 0.978);
  const result = luck < 0.03 ? 'withdrawn' : luck < 0.03 + 0.97 * success ? 'agreed' : 'failed';
  const closedAt = lag > limit && rng.chance(NEVER_CLOSED / 2) ? undefined : acceptedAt + lag;
  const agreedAt = result === 'agreed' ? closedAt : undefined;
  const form = rng.pick(forms);
  const perform = agreedAt !== undefined && form !== 'oral' ? deadline(clock, agreedAt, rng.int(7, 60)) : undefined;
  const performedAt =
    agreedAt !== undefined && perform !== undefined
      ? agreedAt + lagWithin(rng, perform.limit, shareOf(quality, 0.58, 0.965), 0.6)
      : undefined;
  const followUpAt = agreedAt !== undefined && rng.chance(0.5) ? agreedAt + lagAround(rng, 30 * DAY, 0.3) : undefined;
  const kept = rng.chance(shareOf(quality, 0.88, 0.995));
  const original = rng.chance((0.1 - 0.07 * quality) * unit.change) ? c.earlier(3) : undefined;
  const relapsed = original?.closedAt !== undefined && original.closedAt < occurredAt ? original : undefined;
  const turned = rng.chance((0.024 - 0.019 * quality) * unit.change);
  const turnedAt = turned ? acceptedAt + lagAround(rng, 10 * DAY, 0.5) : undefined;
  const alerted = rng.chance(turned ? 0.5 : 0.02);
  const alertedAt = alerted ? between(rng, acceptedAt, turnedAt ?? acceptedAt + 3 * DAY) : undefined;
  const criminalCase = turned ? c.policeCase(({ category }) => category === 'criminal')?.caseId : undefined;
  const risk = rng.pick(risks);
  const level = rng.pick(levels);
  const regionCode = relapsed?.regionCode ?? rng.pick(unit.profile.places);
  const mediators = level === 'county' ? '县调委会' : `${level === 'village' ? regionCode : unit.profile.code} 调委会`;
  return {
    schema: 'mediation.dispute/1',
    source: 'demo-mediation',
    caseId: c.caseId,
    regionCode,
    occurredAt,
    precision: rng.chance(0.3) ? 'day' : 'time',
    recordedAt: acceptedAt + entryLag(rng),
    closedAt,
    changes: [closedAt, performedAt, followUpAt, turnedAt, alertedAt],
    mistake: { dispute_type: type === 'other' ? 'neighbour' : 'other' },
    body: (cut) => {
      const closed = closedAt !== undefined && closedAt <= cut;
      return {
        dispute_type: type,
        found_by: sweep ? 'sweep' : transferred ? 'transfer' : 'application',
        docking_channel: docking,
        level,
        mediator_unit: mediators,
        accepted_at: clock.iso(acceptedAt),
        closed_at: shown(clock, cut, closedAt),
        result: closed ? result : undefined,
        agreement_form: closed && agreedAt !== undefined ? form : undefined,
        perform_due_at: closed ? perform?.text : undefined,
        performed_at: shown(clock, cut, performedAt),
        follow_up_at: shown(clock, cut, followUpAt),
        follow_up_result: followUpAt !== undefined && followUpAt <= cut ? (kept ? 'kept' : 'relapsed') : undefined,
        recurrence_of: relapsed?.caseId,
        risk_level: turned ? 'high' : risk,
        police_alerted_at: shown(clock, cut, alertedAt),
        turned_criminal_case_id: turnedAt !== undefined && turnedAt <= cut ? criminalCase : undefined,
        turned_criminal_at: shown(clock, cut, turnedAt),
      };
    },
  };
}

interface ItemKind {
  name: string;
  days: number;
}

const gridKinds = drawOf<ItemKind>([
  [{ name: '环境卫生', days: 1 }, 30],
  [{ name: '道路设施', days: 7 }, 14],
  [{ name: '安全隐患', days: 3 }, 16],
  [{ name: '民生诉求', days: 7 }, 18],
  [{ name: '秩序管理', days: 1 }, 14],
  [{ name: '矛盾线索', days: 15 }, 8],
]);

/** 网格事项, each kind with the county's limit. */
export function gridEvent(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  // Before anything else: the grids' monthly returns count cases by it.
  const { place, gridId } = gridOf(rng, unit.profile);
  const occurredAt = c.moment(dayAndNight);
  const kind = rng.pick(gridKinds);
  const acceptedAt = occurredAt + lagAround(rng, 0.5 * HOUR, 0.8);
  const due = deadline(clock, acceptedAt, kind.days);
  const lag = lagWithin(rng, due.limit, shareOf(unit.quality.mediation, 0.7, 0.989), 0.8);
  const closedAt = lag > due.limit && rng.chance(NEVER_CLOSED * 1.6) ? undefined : acceptedAt + lag;
  const returned = rng.chance(0.03);
  return {
    schema: 'mediation.grid_event/1',
    source: 'demo-grid',
    caseId: c.caseId,
    regionCode: place,
    occurredAt,
    precision: 'time',
    recordedAt: acceptedAt + lagAround(rng, 60_000, 0.4),
    closedAt,
    changes: [closedAt],
    mistake: { event_type: '其他' },
    body: (cut) => ({
      grid_id: gridId,
      event_type: kind.name,
      accepted_at: clock.iso(acceptedAt),
      due_at: due.text,
      closed_at: shown(clock, cut, closedAt),
      returned: returned || undefined,
    }),
  };
}

const hazardKinds = drawOf<ItemKind>([
  [{ name: '消防', days: 7 }, 28],
  [{ name: '用电', days: 7 }, 20],
  [{ name: '道路交通', days: 15 }, 18],
  [{ name: '燃气', days: 3 }, 10],
  [{ name: '自建房', days: 30 }, 10],
  [{ name: '地质灾害', days: 30 }, 8],
  [{ name: '校园周边', days: 7 }, 6],
]);

/** 隐患. */
export function hazard(c: CaseContext): CaseLife {
  const { rng, unit, clock } = c;
  const foundAt = c.moment(officeHours);
  const kind = rng.pick(hazardKinds);
  const due = deadline(clock, foundAt, kind.days);
  const lag = lagWithin(rng, due.limit, shareOf(unit.quality.mediation, 0.66, 0.987), 0.7);
  const fixedAt = lag > due.limit && rng.chance(NEVER_CLOSED) ? undefined : foundAt + lag;
  return {
    schema: 'mediation.hazard/1',
    source: 'demo-grid',
    caseId: c.caseId,
    regionCode: rng.pick(unit.profile.places),
    occurredAt: foundAt,
    precision: rng.chance(0.3) ? 'day' : 'time',
    recordedAt: foundAt + entryLag(rng),
    closedAt: fixedAt,
    changes: [fixedAt],
    mistake: { hazard_type: '其他' },
    body: (cut) => ({
      hazard_type: kind.name,
      found_at: clock.iso(foundAt),
      due_at: due.text,
      fixed_at: shown(clock, cut, fixedAt),
    }),
  };
}
