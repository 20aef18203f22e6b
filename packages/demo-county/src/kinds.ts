import { type Stream, streams } from '@pingan/contracts';
import { caseRates, opinionRate, policeRates, seasons } from './calibration.js';
import type { CaseContext, CaseLife, UnitMonth } from './life.js';
import { dispute, gridEvent, hazard } from './mediation.js';
import { opinion } from './opinion.js';
import { hotlineOrder, petition } from './petition.js';
import { type CallCategory, disputeCall, policeCall } from './police.js';

/** A kind of case: how many there are, and what becomes of one. */
export interface Kind {
  stream: Stream;
  /** Begins the case id; kinds of one source may share it. */
  prefix: string;
  /** Expected cases of a unit in a calendar month (0 is January), one number per variant. */
  expected: (unit: UnitMonth, calendarMonth: number) => number[];
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

export const kinds = {
  policeCall: {
    stream: 'police',
    prefix: 'JQ',
    expected: (unit, month) =>
      categories.map((category) => {
        const season = categorySeason[category];
        const local = season === undefined ? 1 : seasons[season][month]! * unit.risk.police;
        return policeRates[category] * tenThousands(unit) * local;
      }),
    open: (context, variant) => policeCall(context, categories[variant]!),
  },
  disputeCall: {
    stream: 'police',
    prefix: 'JQ',
    expected: (unit, month) => [
      caseRates.disputeCall * tenThousands(unit) * seasons.dispute[month]! * unit.risk.mediation,
    ],
    open: disputeCall,
  },
  petition: { stream: 'petition', prefix: 'XF', expected: steady(caseRates.petition, 'petition'), open: petition },
  hotline: { stream: 'petition', prefix: 'RX', expected: steady(caseRates.hotline, 'hotline'), open: hotlineOrder },
  dispute: {
    stream: 'mediation',
    prefix: 'JF',
    expected: (unit, month) => [caseRates.dispute * tenThousands(unit) * seasons.dispute[month]! * unit.risk.mediation],
    open: dispute,
  },
  gridEvent: { stream: 'mediation', prefix: 'WG', expected: steady(caseRates.gridEvent, 'grid'), open: gridEvent },
  hazard: { stream: 'mediation', prefix: 'YH', expected: steady(caseRates.hazard, 'hazard'), open: hazard },
  opinion: {
    stream: 'opinion',
    prefix: 'YQ',
    expected: (unit, month) => [opinionRate * tenThousands(unit) ** 0.4 * seasons.opinion[month]! * unit.risk.opinion],
    open: opinion,
  },
} as const satisfies Record<string, Kind>;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];

/** One value per stream. */
export function perStream(value: (stream: Stream) => number): Record<Stream, number> {
  return Object.fromEntries(streams.map((stream) => [stream, value(stream)])) as Record<Stream, number>;
}
