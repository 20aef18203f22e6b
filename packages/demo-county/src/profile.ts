import { type Stream, streams } from '@pingan/contracts';
import type { County, Region } from '@pingan/regions';
import { type Draw, drawOf, probit, Rng, seedOf } from './rng.js';

/** Residents of a unit whose population is not known. */
const FALLBACK_POPULATION = 10_000;
/** How much of a township's standing is the same in all four streams; the squares sum to one. */
const SHARED = 0.6;
const OWN = 0.8;
/** Share of events a village cannot be named for. */
const TOWNSHIP_ONLY = 0.12;

/** A scoring unit and its lasting character. */
export interface Profile {
  code: string;
  areaClass: string | null;
  population: number;
  /** Standard normal per stream; high is good: fewer incidents, better kept deadlines. */
  standing: Record<Stream, number>;
  /** Where its events happen: its villages and, sometimes, itself. */
  places: Draw<string>;
}

/** Evenly spread standard normal scores in a seeded order, so that the best and the worst exist in any small county. */
function scores(count: number, seed: string): number[] {
  const rng = new Rng(seedOf(seed));
  const list = Array.from({ length: count }, (_, i) => probit((i + 0.5) / count));
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = rng.int(0, i);
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
  return list;
}

function placesOf(unit: Region, villages: readonly string[], seed: string): Draw<string> {
  if (villages.length === 0) return drawOf([[unit.code, 1]]);
  const rng = new Rng(seedOf(seed));
  const weights = villages.map((code) => [code, rng.logNormal(1, 0.6)] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return drawOf<string>([...weights, [unit.code, (sum * TOWNSHIP_ONLY) / (1 - TOWNSHIP_ONLY)]]);
}

/** All units the county ever ranks, in code order, so that a merger does not change the character of the others. */
export function profilesOf(county: County, seed: number): Profile[] {
  const { regions } = county.regions;
  const units = regions.filter((region) => region.ranked);
  const villages = new Map<string, string[]>();
  for (const { code, level, parent } of regions) {
    if (level !== 'village' || parent === null) continue;
    villages.set(parent, [...(villages.get(parent) ?? []), code]);
  }
  const base = `${seed}/${county.code}`;
  const shared = scores(units.length, `${base}/standing`);
  const own = streams.map((stream) => [stream, scores(units.length, `${base}/standing/${stream}`)] as const);
  return units.map((unit, i) => ({
    code: unit.code,
    areaClass: unit.areaClass,
    population: unit.populations.toSorted((a, b) => a.year - b.year).at(-1)?.value ?? FALLBACK_POPULATION,
    standing: Object.fromEntries(
      own.map(([stream, z]) => [stream, SHARED * shared[i]! + OWN * z[i]!]),
    ) as Profile['standing'],
    places: placesOf(unit, villages.get(unit.code) ?? [], `${base}/places/${unit.code}`),
  }));
}
