import { readFileSync } from 'node:fs';
import { CHINA } from './local-time.js';
import { madeUpPositions } from './made-up-positions.js';
import { shareOut } from './synthetic-population.js';
import { regionTable } from './table.js';
import type { County, Population, Region } from './types.js';

/** Layout of `data/<code>.json`; villages are [last three digits, name, v(illage) or n(eighbourhood) committee]. */
interface CountyFile {
  code: string;
  name: string;
  population: { value: number; year: number; source: string } | null;
  townships: Array<{
    code: string;
    name: string;
    type: string;
    aliases?: string[];
    villages: Array<[suffix: string, name: string, kind: 'v' | 'n']>;
  }>;
}

const DEMO_SOURCE = '示例数据';
const DEMO_YEAR = 2020;

interface Proposal {
  terrain: 'plain' | 'mountain';
  demoPopulation?: number;
  scenic?: string;
  /** About where the county lies. */
  middle: { lat: number; lon: number };
}

/**
 * What the data file does not say: the terrain behind the proposed peer classes, a total where none is verified, and a middle
 * for the made-up map.
 */
const proposals: Record<string, Proposal> = {
  '410821': { terrain: 'plain', demoPopulation: 230_000, scenic: '410821104', middle: { lat: 35.3, lon: 113.4 } },
  '411081': { terrain: 'plain', middle: { lat: 34.2, lon: 113.4 } },
  '410425': { terrain: 'plain', demoPopulation: 520_000, middle: { lat: 34.0, lon: 113.2 } },
  '610222': { terrain: 'mountain', demoPopulation: 72_000, middle: { lat: 35.4, lon: 109.2 } },
  '540524': { terrain: 'mountain', middle: { lat: 29.0, lon: 91.7 } },
};

/** The counties whose divisions ship with the product. */
export const builtinCountyCodes: string[] = Object.keys(proposals);

const loaded = new Map<string, County>();

/** 偏桥村委会 → 偏桥村, 王村村民委员会 → 王村, 光明居委会 → 光明社区: how ledgers write committees. */
function shortName(name: string, kind: 'v' | 'n'): string {
  const stem = name.replace(/(村民委员会|村委会|居民委员会|居委会)$/, '');
  const ending = kind === 'v' ? '村' : '社区';
  return stem.endsWith(ending) ? stem : stem + ending;
}

function load(code: string): County {
  const file = JSON.parse(readFileSync(new URL(`../data/${code}.json`, import.meta.url), 'utf8')) as CountyFile;
  const { terrain, demoPopulation = 0, scenic, middle } = proposals[code]!;
  const total: Population =
    file.population === null
      ? { value: demoPopulation, year: DEMO_YEAR, source: DEMO_SOURCE, synthetic: true }
      : { value: file.population.value, year: file.population.year, source: file.population.source, synthetic: false };
  const base = { countsAs: null, validFrom: null, validTo: null };
  const isAdministrative = (type: string) => type !== 'non_administrative_unit';
  const ranked = file.townships.filter((t) => isAdministrative(t.type));
  const shares = shareOut(
    total.value,
    ranked.map((t) => {
      const villages = t.villages.filter(([, , kind]) => kind === 'v').length;
      return { villages, neighbourhoods: t.villages.length - villages };
    }),
  );
  const populationOf = new Map(ranked.map((t, i) => [t.code, shares[i]!]));
  const positions = madeUpPositions(middle, ranked.length);
  const positionOf = new Map(ranked.map((t, i) => [t.code, positions[i]!]));
  const areaClass = (t: { code: string; type: string }) =>
    t.code === scenic ? 'scenic' : t.type === 'subdistrict' ? 'urban' : terrain;

  const regions: Region[] = [
    {
      ...base,
      code,
      name: file.name,
      parent: null,
      level: 'county',
      type: 'county',
      areaClass: null,
      ranked: false,
      aliases: [],
      populations: [total],
    },
  ];
  for (const township of file.townships) {
    const value = populationOf.get(township.code);
    const isUnit = isAdministrative(township.type);
    const position = positionOf.get(township.code);
    regions.push({
      ...base,
      code: township.code,
      name: township.name,
      parent: code,
      level: 'township',
      type: township.type,
      areaClass: isUnit ? areaClass(township) : null,
      ranked: isUnit,
      aliases: township.aliases ?? [],
      populations: value === undefined ? [] : [{ value, year: DEMO_YEAR, source: DEMO_SOURCE, synthetic: true }],
      ...(position === undefined ? {} : { position }),
    });
    for (const [suffix, name, kind] of township.villages) {
      regions.push({
        ...base,
        code: township.code + suffix,
        name,
        parent: township.code,
        level: 'village',
        type: kind === 'v' ? 'village_committee' : 'neighbourhood_committee',
        areaClass: null,
        ranked: false,
        aliases: [shortName(name, kind)],
        populations: [],
      });
    }
  }
  return {
    code,
    name: file.name,
    timeZone: CHINA,
    startMonth: null,
    demo: null,
    regions: regionTable(regions),
  };
}

/**
 * A county whose divisions ship with the product: the county itself (not ranked), its townships and villages as of
 * 2023-06-30, township populations and positions made up (`synthetic`). The same object each time.
 */
export function builtinCounty(code: string): County | undefined {
  if (!Object.hasOwn(proposals, code)) return undefined;
  let county = loaded.get(code);
  if (county === undefined) {
    county = load(code);
    loaded.set(code, county);
  }
  return county;
}
