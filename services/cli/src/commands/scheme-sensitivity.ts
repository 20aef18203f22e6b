import { monthInput } from '@pingan/appraisal';
import { type Choice, type Sensitivity, sensitivity } from '@pingan/appraisal/analysis';
import { findIndicator, schemeHash } from '@pingan/indicators';
import { RegionIndex } from '@pingan/regions';
import type { Context } from '../context.js';
import { notePublished, requireEvidence } from '../evidence.js';
import { spanText } from '../ranking.js';
import { requireCounty, requireMonth } from '../scope.js';
import { type Column, renderTable, score } from '../table.js';
import { titleOf } from './rank.js';

export interface SensitivityCommandOptions {
  county: string;
  month: string;
  draws: number;
  spread: number;
  seed: number;
  format: 'table' | 'json';
}

type UnitRow = Sensitivity['units'][number];
type RemovedRow = Sensitivity['removed'][number];

/** With more units than this their shares are told by quarters. */
const RANKS_SHOWN = 10;

const percent = (share: number) => `${(share * 100).toFixed(0)}%`;
const sum = (shares: readonly number[]) => shares.reduce((total, share) => total + share, 0);
const fixed = (value: number | null) => (value === null ? '—' : value.toFixed(2));

const choiceNames: Record<Choice, string> = { weights: '权重', normalisation: '归一化方法', aggregation: '合成方法' };

function rankColumns(count: number): Column<UnitRow>[] {
  const column = (title: string, from: number, to: number): Column<UnitRow> => ({
    title,
    value: ({ rank, acceptability }) => (rank === null ? '—' : percent(sum(acceptability.slice(from, to)))),
    align: 'right',
  });
  if (count <= RANKS_SHOWN) return Array.from({ length: count }, (_, i) => column(`第${i + 1}名`, i, i + 1));
  const quarter = Math.ceil(count / 4);
  return [
    column('第1名', 0, 1),
    column(`前${quarter}名`, 0, quarter),
    column(`后${quarter}名`, count - quarter, count),
  ];
}

function unitTable({ units }: Sensitivity, names: ReadonlyMap<string, string>): string {
  const ranked = units.filter(({ rank }) => rank !== null).length;
  return renderTable<UnitRow>(
    [
      { title: '名次', value: ({ rank }) => (rank === null ? '—' : String(rank)), align: 'right' },
      { title: '单位', value: ({ region_code }) => names.get(region_code) ?? region_code },
      { title: '总分', value: (row) => score(row.score), align: 'right' },
      { title: '平均名次', value: ({ mean_rank }) => fixed(mean_rank), align: 'right' },
      {
        title: '九成在',
        value: ({ rank_low, rank_high }) =>
          rank_low === null || rank_high === null ? '—' : `${spanText(Math.floor(rank_low), Math.ceil(rank_high))}名`,
        align: 'right',
      },
      ...rankColumns(ranked),
    ],
    units,
  );
}

function choiceTable(choices: NonNullable<Sensitivity['choices']>): string {
  return renderTable(
    [
      { title: '选择', value: ({ choice }) => choiceNames[choice] },
      { title: '单独影响', value: ({ first }) => percent(Math.max(0, first)), align: 'right' },
      { title: '连同交互', value: ({ total }) => percent(total), align: 'right' },
    ],
    choices,
  );
}

function removedTable({ removed }: Sensitivity, names: ReadonlyMap<string, string>): string {
  const rank = (place: number | null) => (place === null ? '—' : String(place));
  return renderTable<RemovedRow>(
    [
      { title: '剔除', value: ({ code }) => `${code} ${findIndicator(code)?.name ?? ''}` },
      { title: '平均变动(名)', value: ({ mean_shift }) => fixed(mean_shift), align: 'right' },
      { title: '变动单位', value: ({ moved }) => String(moved.length), align: 'right' },
      {
        title: '变动最大的',
        value: ({ moved }) =>
          moved
            .slice(0, 3)
            .map(({ region_code, from, to }) => `${names.get(region_code) ?? region_code} ${rank(from)}→${rank(to)}`)
            .join('、'),
      },
    ],
    [...removed].sort((a, b) => (b.mean_shift ?? 0) - (a.mean_shift ?? 0)),
  );
}

/** `pingan scheme sensitivity`: how much of a month's ranking is the scheme's choice. */
export async function schemeSensitivity(context: Context, options: SensitivityCommandOptions): Promise<void> {
  const { draws, spread, seed, format } = options;
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const evidence = await requireEvidence(context, county);
  const scheme = evidence.schemeOf(month);
  const result = sensitivity(monthInput(evidence, month, new Map()), { draws, spread, seed });
  const names = new Map(new RegionIndex(county).units(month).map(({ code, name }) => [code, name]));
  await notePublished(context, evidence, [month]);
  if (format === 'json') {
    const units = result.units.map((unit) => ({ name: names.get(unit.region_code) ?? null, ...unit }));
    const head = { county: county.code, period: month, scheme: { name: scheme.name, hash: schemeHash(scheme) } };
    return context.out(JSON.stringify({ ...head, ...result, units }, null, 2));
  }
  context.out(`${titleOf(county, month, Date.now())}  名次的敏感性`);
  context.out(
    `抽样 ${draws} 次,种子 ${seed}:各项权重在 ±${percent(spread)} 内变动;归一化取方案目标值、极差、名次之一;合成取算术、几何平均之一。`,
  );
  context.out(unitTable(result, names));
  context.out('各列为落在该名次的抽样所占份额。');
  if (result.choices === null) context.out('名次不随这些选择变动。');
  else {
    context.out('名次变动由哪种选择引起(Sobol 指数;连同交互之和可超过 100%):');
    context.out(choiceTable(result.choices));
  }
  context.out('逐项剔除指标,名次如何变动:');
  context.out(removedTable(result, names));
}
