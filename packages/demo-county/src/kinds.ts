import { type Stream, streams } from '@pingan/contracts';
import { caseRates, opinionRate, policeRates, seasons } from './calibration.js';
import {
  assessedIn,
  duties,
  duty,
  isSurveyMonth,
  patrol,
  rectification,
  redLine,
  survey,
  unitStatus,
} from './creation.js';
import type { CaseContext, CaseLife, UnitMonth } from './life.js';
import { dispute, gridEvent, hazard } from './mediation.js';
import { opinion } from './opinion.js';
import { backlogCase, hotlineOrder, petition, suggestion } from './petition.js';
import { type CallCategory, disputeCall, fraudWarning, policeCall } from './police.js';
import { gridMonth, keyGroupVisits, visitGroups } from './returns.js';

/** A kind of case: how many there are, and what becomes of one. */
export interface Kind {
  stream: Stream;
  /** Begins the case id; kinds of one source may share it. */
  prefix: string;
  /** Expected cases of a unit in a calendar month (0 is January), one number per variant. */
  expected: (unit: UnitMonth, calendarMonth: number) => number[];
  /** `return`: exactly the expected number, one for each thing there is to report on, instead of a drawn one. */
  ledger: 'cases' | 'return';
  /** A month without any in the whole county is as it should be. */
  sparse?: true;
  /** `variant` is the position in what `expected` returned. */
  open: (context: CaseContext, variant: number) => CaseLife;
}

const categories = Object.keys(policeRates) as CallCategory[];

const categorySeason: Partial<Record<CallCategory, keyof typeof seasons>> = {
  criminal: 'crime',
  public_order: 'crime',
  traffic: 'traffic',
  fire: 'fire',
};

const tenThousands = (unit: UnitMonth) => unit.profile.population / 10_000;

/** Kinds whose number says nothing about how safe a place is (more found is not worse) carry no risk factor. */
const steady = (rate: number, season: keyof typeof seasons) => (unit: UnitMonth, month: number) => [
  rate * tenThousands(unit) * seasons[season][month]!,
];

const cases = { ledger: 'cases' } as const;
const monthly = { stream: 'mediation', ledger: 'return' } as const;

export const kinds = {
  policeCall: {
    ...cases,
    stream: 'police',
    prefix: 'JQ',
    expected: (unit, month) =>
      categories.map((category) => {
        const season = categorySeason[category];
        const local = season === undefined ? 1 : seasons[season][month]! * unit.risk.police * unit.change;
        return policeRates[category] * tenThousands(unit) * local;
      }),
    open: (context, variant) => policeCall(context, categories[variant]!),
  },
  disputeCall: {
    ...cases,
    stream: 'police',
    prefix: 'JQ',
    expected: (unit, month) => [
      caseRates.disputeCall * tenThousands(unit) * seasons.dispute[month]! * unit.risk.mediation * unit.change,
    ],
    open: disputeCall,
  },
  fraudWarning: {
    ...cases,
    stream: 'police',
    prefix: 'FZ',
    expected: steady(caseRates.fraudWarning, 'crime'),
    open: fraudWarning,
  },
  petition: {
    ...cases,
    stream: 'petition',
    prefix: 'XF',
    expected: steady(caseRates.petition, 'petition'),
    open: petition,
  },
  backlog: {
    ...cases,
    stream: 'petition',
    prefix: 'JA',
    expected: steady(caseRates.backlog, 'backlog'),
    open: backlogCase,
  },
  suggestion: {
    ...cases,
    stream: 'petition',
    prefix: 'JY',
    expected: steady(caseRates.suggestion, 'petition'),
    open: suggestion,
  },
  hotline: {
    ...cases,
    stream: 'petition',
    prefix: 'RX',
    expected: steady(caseRates.hotline, 'hotline'),
    open: hotlineOrder,
  },
  dispute: {
    ...cases,
    stream: 'mediation',
    prefix: 'JF',
    expected: steady(caseRates.dispute, 'dispute'),
    open: dispute,
  },
  gridEvent: {
    ...cases,
    stream: 'mediation',
    prefix: 'WG',
    expected: steady(caseRates.gridEvent, 'grid'),
    open: gridEvent,
  },
  gridMonth: { ...monthly, prefix: 'WY', expected: ({ profile }) => [profile.gridIds.length], open: gridMonth },
  hazard: { ...cases, stream: 'mediation', prefix: 'YH', expected: steady(caseRates.hazard, 'hazard'), open: hazard },
  keyGroupVisits: { ...monthly, prefix: 'ZF', expected: () => [visitGroups.length], open: keyGroupVisits },
  unitStatus: {
    ...monthly,
    prefix: 'CJ',
    expected: ({ profile }, month) => [assessedIn(profile.cells, month)],
    open: unitStatus,
  },
  survey: {
    ...monthly,
    sparse: true,
    prefix: 'DC',
    expected: (_, month) => [isSurveyMonth(month) ? 1 : 0],
    open: survey,
  },
  rectification: {
    ...cases,
    stream: 'mediation',
    prefix: 'ZG',
    expected: steady(caseRates.rectification, 'grid'),
    open: rectification,
  },
  duty: { ...monthly, prefix: 'LX', expected: () => [duties.length], open: duty },
  patrol: { ...monthly, prefix: 'XL', expected: () => [1], open: patrol },
  redLine: {
    ...cases,
    sparse: true,
    stream: 'mediation',
    prefix: 'HX',
    expected: (unit) => [caseRates.redLine * tenThousands(unit) * unit.risk.police * unit.change],
    open: redLine,
  },
  opinion: {
    ...cases,
    stream: 'opinion',
    prefix: 'YQ',
    expected: (unit, month) => [
      opinionRate * tenThousands(unit) ** 0.4 * seasons.opinion[month]! * unit.risk.opinion * unit.change,
    ],
    open: opinion,
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

/** One value per stream. */
export function perStream(value: (stream: Stream) => number): Record<Stream, number> {
  return Object.fromEntries(streams.map((stream) => [stream, value(stream)])) as Record<Stream, number>;
}
