import { type Stream, streams } from '@pingan/contracts';
import type { County, Region } from '@pingan/regions';
import { type Draw, drawOf, probit, Rng, seedOf } from './rng.js';

/** Residents of a unit whose population is not known. */
const FALLBACK_POPULATION = 10_000;
/** How much of a township's standing is the same in all four streams; the squares sum to one. */
const SHARED = 0.9;
const OWN = Math.sqrt(1 - SHARED ** 2);
/** One unit in eight lags further behind than chance would have it, for good and in everything. */
const LAGGING = probit(1 / 8);
const LAG = 0.7;
/** Where villages are not known. */
const RESIDENTS_OF_GRID = 400;
/** Share of events a village cannot be named for. */
const TOWNSHIP_ONLY = 0.12;

/** Safety cells of a unit besides its villages, per 10,000 residents. */
const CELLS = 20;

const cellCategories = drawOf([
  ['平安企业', 34],
  ['平安商场', 12],
  ['平安校园', 11],
  ['平安机关', 9],
  ['平安市场', 6],
  ['平安医院', 5],
  ['平安宾馆', 5],
  ['平安工地', 4],
  ['平安金融网点', 4],
  ['平安文化场所', 3],
  ['平安养老机构', 2],
  ['平安宗教场所', 2],
  ['平安车站', 2],
  ['平安景区', 1],
]);

/** 平安细胞: a village or another unit that is assessed. */
export interface Cell {
  kind: 'village' | 'unit';
  id: string;
  /** Where it lies. */
  region: string;
  category: string;
  /** Standard normal; high is good. */
  lean: number;
}

/** A scoring unit and its lasting character. */
export interface Profile {
  code: string;
  areaClass: string | null;
  population: number;
  /** Standard normal per stream; high is good: fewer incidents, better kept deadlines. */
  standing: Record<Stream, number>;
  /** Where its events happen: its villages and, sometimes, itself. */
  places: Draw<string>;
  /** Number of grids by place; the grids of a place are `<place>-1`, `<place>-2` … */
  grids: ReadonlyMap<string, number>;
  gridIds: readonly string[];
  cells: readonly Cell[];
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

/** Places with their share of events and their grids: one to three a village, by its size. */
function placesOf(unit: Region, people: number, villages: readonly string[], seed: string) {
  if (villages.length === 0) {
    return { places: drawOf([[unit.code, 1]]), grids: new Map([[unit.code, Math.ceil(people / RESIDENTS_OF_GRID)]]) };
  }
  const rng = new Rng(seedOf(seed));
  const weights = villages.map((code) => [code, rng.logNormal(1, 0.6)] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return {
    places: drawOf<string>([...weights, [unit.code, (sum * TOWNSHIP_ONLY) / (1 - TOWNSHIP_ONLY)]]),
    grids: new Map(weights.map(([code, weight]) => [code, weight < 0.8 ? 1 : weight < 1.6 ? 2 : 3])),
  };
}

function cellsOf(unit: Region, people: number, villages: readonly string[], seed: string): Cell[] {
  const rng = new Rng(seedOf(seed));
  const others = Array.from({ length: Math.ceil((people / 10_000) * CELLS) }, (_, i): Cell => {
    const region = villages.length === 0 ? unit.code : villages[rng.int(0, villages.length - 1)]!;
    const id = `${unit.code}-D${String(i + 1).padStart(3, '0')}`;
    return { kind: 'unit', id, region, category: rng.pick(cellCategories), lean: rng.normal() };
  });
  const own = villages.map(
    (id): Cell => ({ kind: 'village', id, region: id, category: '平安村(社区)', lean: rng.normal() }),
  );
  return [...own, ...others];
}

/** A place and a grid of it; where only the township is known, any of its grids. */
export function gridOf(rng: Rng, { code, places, grids, gridIds }: Profile): { place: string; gridId: string } {
  const place = rng.pick(places);
  const luck = rng.next();
  const own = grids.get(place);
  return own === undefined || place === code
    ? { place, gridId: gridIds[Math.floor(luck * gridIds.length)]! }
    : { place, gridId: `${place}-${1 + Math.floor(luck * own)}` };
}

/** All units the county ever ranks, in code order, so that a merger does not change the character of the others. */
export function profilesOf(county: County, base: string): Profile[] {
  const { regions } = county.regions;
  const units = regions.filter((region) => region.ranked);
  const villages = new Map<string, string[]>();
  for (const { code, level, parent } of regions) {
    if (level !== 'village' || parent === null) continue;
    villages.set(parent, [...(villages.get(parent) ?? []), code]);
  }
  const shared = scores(units.length, `${base}/standing`);
  const own = streams.map((stream) => [stream, scores(units.length, `${base}/standing/${stream}`)] as const);
  return units.map((unit, i) => {
    const population = unit.populations.toSorted((a, b) => a.year - b.year).at(-1)?.value ?? FALLBACK_POPULATION;
    const inside = villages.get(unit.code) ?? [];
    const { places, grids } = placesOf(unit, population, inside, `${base}/places/${unit.code}`);
    return {
      code: unit.code,
      areaClass: unit.areaClass,
      population,
      standing: Object.fromEntries(
        own.map(([stream, z]) => [stream, SHARED * shared[i]! + OWN * z[i]! - (shared[i]! < LAGGING ? LAG : 0)]),
      ) as Profile['standing'],
      places,
      grids,
      gridIds: [...grids].flatMap(([place, count]) => Array.from({ length: count }, (_, n) => `${place}-${n + 1}`)),
      cells: cellsOf(unit, population, inside, `${base}/cells/${unit.code}`),
    };
  });
}
