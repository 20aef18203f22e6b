import {
  type County,
  countsFrom,
  placeAgain,
  type Region,
  type RegionAspect,
  type RegionChange,
  regionChanges,
  tableAsOf,
} from '@pingan/regions';
import type { CasePlace } from '@pingan/store';
import { type Registered, spanOf } from './refusals.js';

/** Lines of one kind; a county may rename every village. */
const SHOWN = 10;

const none = '（空）';

function validity({ validFrom, validTo }: Region): string {
  if (validFrom === null && validTo === null) return '一直有效';
  return [validFrom === null ? '' : `自 ${validFrom}`, validTo === null ? '' : `至 ${validTo}`]
    .filter(Boolean)
    .join(' ');
}

const populationText = ({ populations }: Region): string =>
  populations.length === 0
    ? none
    : [...populations]
        .sort((a, b) => (countsFrom(a) < countsFrom(b) ? -1 : 1))
        .map((one) => `${one.value}（${one.from ?? one.year} 起）`)
        .join('、');

const values: Record<RegionAspect, { title: string; of: (region: Region) => string }> = {
  code: { title: '换代码', of: ({ code }) => code },
  name: { title: '改名', of: ({ name }) => name },
  area_class: { title: '类别', of: ({ areaClass }) => areaClass ?? none },
  ranked: { title: '参加评分', of: ({ ranked }) => (ranked ? '是' : '否') },
  valid: { title: '有效月份', of: validity },
  counts_as: { title: '并入', of: ({ countsAs }) => countsAs ?? none },
  parent: { title: '上级', of: ({ parent }) => parent ?? none },
  population: { title: '常住人口', of: populationText },
  population_source: {
    title: '人口来源',
    of: ({ populations }) => [...new Set(populations.map(({ source }) => source))].join('、') || none,
  },
  aliases: { title: '别名', of: ({ aliases }) => aliases.join('、') || none },
  former_codes: { title: '原代码', of: ({ formerCodes }) => formerCodes?.join('、') || none },
  type: { title: '类型', of: ({ type }) => type },
  position: { title: '位置', of: ({ position }) => (position ? `${position.lat}，${position.lon}` : none) },
};

function regionLines(changes: readonly RegionChange[]): string[] {
  const groups = new Map<string, string[]>();
  const add = (title: string, line: string) => groups.set(title, [...(groups.get(title) ?? []), line]);
  const named = (region: Region) => `${region.code} ${region.name}`;
  for (const { before, after, aspects } of changes) {
    if (before === null && after !== null) add('新增', `${named(after)}，${validity(after)}`);
    else if (after === null && before !== null) add('去掉', named(before));
    else if (before !== null && after !== null) {
      for (const aspect of aspects) {
        // Another figure has another source.
        if (aspect === 'population_source' && aspects.includes('population')) continue;
        const { title, of } = values[aspect];
        add(title, `${named(after)}：${of(before)} → ${of(after)}`);
      }
    }
  }
  return [...groups].flatMap(([title, lines]) => [
    ...lines.slice(0, SHOWN).map((line) => `${title} ${line}`),
    ...(lines.length > SHOWN ? [`${title} 另有 ${lines.length - SHOWN} 个`] : []),
  ]);
}

function movedLines(before: County, after: County, places: readonly CasePlace[]): string[] {
  const groups = new Map<string, { from: string; to: string; cases: number; months: string[] }>();
  for (const { from, to, cases, month } of placeAgain(before, after, places).moved) {
    const key = `${from} ${to}`;
    const group = groups.get(key) ?? { from, to, cases: 0, months: [] };
    groups.set(key, group);
    group.cases += cases;
    group.months.push(month);
  }
  return [...groups.values()].map(
    ({ from, to, cases, months }) => `案件改归 ${from} → ${to}：${cases} 件，${spanOf(months)}`,
  );
}

/** What is counted (closings, say) after a unit ended and goes to nobody: not cases of those months, which would be refused. */
function leftoverLines(
  before: County,
  after: County,
  counted: readonly { region_code: string; month: string }[],
): string[] {
  const months = new Map<string, string[]>();
  for (const { region_code, month } of placeAgain(before, after, counted).orphaned) {
    months.set(region_code, [...(months.get(region_code) ?? []), month]);
  }
  return [...months].map(
    ([code, list]) => `${code} 在 ${spanOf(list)} 还有办结等计数，不再计入任何单位；如由别的单位接办，请写 counts_as`,
  );
}

/** How a new registration differs, and what becomes of scored months; empty for the same one. */
export function differences(
  { county, places, runs }: Registered,
  after: County,
  counted: readonly { region_code: string; month: string }[],
): string[] {
  const startOf = ({ startMonth }: County) => startMonth ?? '有数据的第一个月';
  const head = [
    ...(county.name === after.name ? [] : [`县名 ${county.name} → ${after.name}`]),
    ...(county.timeZone === after.timeZone ? [] : [`时区 ${county.timeZone} → ${after.timeZone}`]),
    ...(county.startMonth === after.startMonth ? [] : [`起始月 ${startOf(county)} → ${startOf(after)}`]),
  ];
  const lines = [
    ...head,
    ...regionLines(regionChanges(county, after)),
    ...movedLines(county, after, places),
    ...leftoverLines(county, after, counted),
  ];
  if (lines.length === 0) return [];
  const rescored = runs
    .map(({ period }) => period)
    .filter((period) => {
      const [old, now] = [county, after].map(({ regions }) => tableAsOf(regions, period));
      return county.startMonth !== after.startMonth || JSON.stringify(old) !== JSON.stringify(now);
    });
  const fate =
    runs.length === 0
      ? []
      : rescored.length === 0
        ? ['已计分的月份都不变']
        : [`已计分的 ${runs.length} 个月中有 ${rescored.length} 个重新计算：${spanOf(rescored)}`];
  return [...lines, ...fate];
}
