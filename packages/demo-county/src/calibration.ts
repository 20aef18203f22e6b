import type { disputeTypes } from '@pingan/contracts';
import { drawOf } from './rng.js';

/** Cases per 10,000 residents a month, before season and township. README.md says what each figure rests on. */
export const policeRates = {
  criminal: 1.05,
  public_order: 4,
  traffic: 6,
  fire: 0.2,
  help: 5,
  report_tip: 4.7,
  complaint: 0.05,
  invalid: 56,
} as const;

export const caseRates = {
  disputeCall: 5,
  petition: 15,
  hotline: 35,
  dispute: 2.85,
  gridEvent: 46.4,
  hazard: 10,
  fraudWarning: 4,
  suggestion: 3,
  backlog: 0.5,
  rectification: 1.5,
  redLine: 0.006,
} as const;

/** Opinion events per township of 10,000 a month; larger ones have more, but not in proportion. */
export const opinionRate = 3.2;

/**
 * How far the county has come on its way to fewer incidents and better kept deadlines, −1 to 1: half-way in December 2025,
 * levelling off within some years on either side.
 */
export function progressIn(month: string): number {
  const years = Number(month.slice(0, 4)) - 2025 + (Number(month.slice(5)) - 12) / 12;
  return Math.tanh(years / 0.5);
}

/** What full progress does: to the logarithm of incident rates, and to a township's standing in keeping deadlines. */
export const progressEffect = { risk: -0.55, standing: 0.5 } as const;

/** By how much most townships keep deadlines better than halfway between the worst and the best. */
export const goodWill = 1.1;

/** January to December. Returnees before and after 春节, spring fires, harvest, school holidays, floods, heating. */
export const seasons = {
  crime: [1.12, 1.1, 0.95, 0.95, 0.97, 1, 1.06, 1.08, 1, 0.97, 0.95, 1.05],
  traffic: [1.1, 1.15, 0.95, 0.95, 1, 1, 1, 1, 0.98, 1.1, 0.95, 0.95],
  fire: [1.15, 1.3, 1.1, 1.1, 0.9, 0.95, 0.85, 0.85, 0.85, 0.95, 0.95, 1.05],
  dispute: [1.25, 1.3, 0.95, 0.9, 0.9, 1.1, 0.95, 0.9, 1.02, 1.08, 0.9, 1],
  petition: [0.9, 0.75, 1.25, 1.1, 1, 1, 1, 0.95, 1, 0.95, 1.05, 1.05],
  /** The register is drawn up at the start of the year. */
  backlog: [3, 2, 1.5, 1, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.4, 0.4],
  hotline: [1.05, 0.8, 1, 0.95, 0.95, 1, 1.15, 1.1, 1, 0.9, 1.1, 1.1],
  grid: [0.95, 0.75, 1.05, 1.05, 1, 1.05, 1.1, 1.05, 1, 0.95, 1.05, 1],
  hazard: [1.1, 0.8, 1, 1, 1, 1.3, 1.3, 1.1, 0.9, 0.8, 0.9, 0.9],
  opinion: [1, 1.05, 1, 0.95, 0.95, 1, 1.15, 1.15, 1, 0.95, 0.9, 0.95],
} as const;

export const preventable: ReadonlySet<string> = new Set([
  'burglary',
  'vehicle_theft',
  'pickpocketing',
  'snatching',
  'contact_fraud',
]);

export const seriousViolence: ReadonlySet<string> = new Set([
  'homicide',
  'serious_injury',
  'rape',
  'robbery',
  'drug_trafficking',
  'arson',
  'explosion',
  'poisoning',
]);

export const criminalKinds = drawOf([
  ['telecom_fraud', 54],
  ['theft', 13],
  ['burglary', 9],
  ['vehicle_theft', 8],
  ['contact_fraud', 6],
  ['assault', 4],
  ['minor_injury', 3],
  ['fraud', 2],
  ['fraud_large', 0.8],
  ['drunk_driving', 6],
  ['pickpocketing', 4],
  ['gambling', 3],
  ['property_damage', 1.6],
  ['snatching', 1],
  ['serious_injury', 1.2],
  ['rape', 0.9],
  ['robbery', 0.7],
  ['drug_trafficking', 0.9],
  ['homicide', 0.1],
  ['arson', 0.1],
  ['poisoning', 0.03],
  ['explosion', 0.01],
]);

export const publicOrderKinds = drawOf([
  ['assault', 26],
  ['petty_theft', 18],
  ['disturbance', 12],
  ['minor_public_order', 8],
  ['gambling', 11],
  ['vehicle_theft', 9],
  ['property_damage', 8],
  ['burglary', 6],
  ['pickpocketing', 6],
  ['contact_fraud', 1],
]);

type DisputeType = (typeof disputeTypes)[number];

/** Between the national shares of 2011 and those of a rural county with 5,935 disputes. */
export const ruralDisputes = drawOf<DisputeType>([
  ['neighbour', 25],
  ['mountain_forest_land', 15],
  ['marriage_family_inheritance', 15],
  ['damage_compensation', 8],
  ['housing_homestead', 7],
  ['expropriation_demolition', 5],
  ['labour', 5],
  ['contract', 4],
  ['road_traffic', 4],
  ['village_affairs', 3],
  ['environment', 2],
  ['consumer', 2],
  ['medical', 1],
  ['property_management', 1],
  ['other', 3],
]);

/** The same without fields and forests, with labour, property management and shops. */
export const urbanDisputes = drawOf<DisputeType>([
  ['neighbour', 22],
  ['marriage_family_inheritance', 19],
  ['labour', 12],
  ['property_management', 10],
  ['damage_compensation', 9],
  ['consumer', 8],
  ['contract', 7],
  ['road_traffic', 5],
  ['housing_homestead', 4],
  ['medical', 2],
  ['environment', 1],
  ['other', 1],
]);
