import { earlierSilences, silenceLine, silenceText } from '@pingan/appraisal';
import type { Basis } from '@pingan/contracts';
import { dimensions, missingReasonText, type Scheme } from '@pingan/indicators';
import { type County, lastCompleteMonth } from '@pingan/regions';
import type { Context } from '../context.js';
import { wayOn } from '../counties/way-on.js';
import { renderCsv } from '../csv.js';
import { indistinctRanks, type Ranking, type RankRow, readRanking, schemeOfMonth, spanText } from '../ranking.js';
import { requireCounty, requireMonth } from '../scope.js';
import { type Column, renderTable, score } from '../table.js';
import { boundsText, readUnplaced, shareTexts } from '../unplaced.js';

export type RankFormat = 'table' | 'json' | 'csv';

export function titleOf(county: County, period: string, nowMs: number): string {
  const remarks = [
    county.demo ? '示例数据' : '',
    period > lastCompleteMonth(nowMs, county.timeZone) ? '当月未结束,数据不全' : '',
  ].filter((text) => text !== '');
  return `${county.name} ${period} 平安指数${remarks.length > 0 ? `(${remarks.join(';')})` : ''}`;
}

const right = { align: 'right' } as const;
const dash = '—';
const rankText = (rank: number | null) => (rank === null ? dash : String(rank));

/** Rank inside the class and how many the class ranks. */
function classText({ class_rank, peer_class }: RankRow, rows: readonly RankRow[]): string {
  if (class_rank === null) return dash;
  return `${class_rank}/${rows.filter((row) => row.peer_class === peer_class && row.class_rank !== null).length}`;
}

/** Stands for how sure a rank is where it may rest on a gap. */
const toBeChecked = '待核实';

function indistinctText(row: RankRow, rows: readonly RankRow[]): string {
  if (row.unreported.length > 0) return toBeChecked;
  const ranks = indistinctRanks(rows, row);
  return ranks === null ? dash : spanText(ranks.low, ranks.high);
}

/** A column is there only where it says something: a scheme without an option has none of the option's columns. */
export function rankingTable({ rows }: Ranking, scheme: Scheme): string {
  const bands = new Map(scheme.bands.map(({ id, name }) => [id, name]));
  const some = (test: (row: RankRow) => boolean, ...columns: Column<RankRow>[]) => (rows.some(test) ? columns : []);
  return renderTable<RankRow>(
    [
      { title: '名次', value: (row) => rankText(row.rank), ...right },
      { title: '单位', value: (row) => row.name },
      { title: '总分', value: (row) => score(row.score), ...right },
      ...scheme.dimensions.map(({ id }) => ({
        title: dimensions[id].name,
        value: (row: RankRow) => score(row.dimensions[id] ?? null),
        ...right,
      })),
      ...some((row) => row.deducted > 0, {
        title: '扣分',
        value: (row) => (row.deducted > 0 ? row.deducted.toFixed(2) : ''),
        ...right,
      }),
      ...some(
        (row) => row.interval !== null,
        {
          title: '名次区间',
          value: ({ interval, unreported }) => {
            if (unreported.length > 0) return toBeChecked;
            return interval === null ? dash : spanText(interval.rank.low, interval.rank.high);
          },
          ...right,
        },
        { title: '不可区分', value: (row) => indistinctText(row, rows), ...right },
      ),
      ...some((row) => row.class_rank !== null, { title: '类内', value: (row) => classText(row, rows), ...right }),
      {
        title: '等级',
        value: (row) =>
          row.band === null ? missingReasonText(row.missing_reason ?? '') : (bands.get(row.band) ?? row.band),
      },
      ...some((row) => (row.band_months ?? 0) > 0, {
        title: '连续',
        value: (row) => (row.band_months ? `${row.band_months}月` : ''),
        ...right,
      }),
      ...some((row) => silenceText(row) !== '', { title: '报送', value: silenceText }),
    ],
    rows,
  );
}

const intervalLegend =
  '名次区间:真实名次有九成可能在其中。不可区分:与这些名次的单位相比,先后分不出,不宜据此奖惩。类内:同类单位中的名次。';

const silenceLegend =
  '本月无报送：该单位以往月月有报送，本月一件也没有，碰巧为零的可能性极小，名次可能因漏报而偏高。确无可报的，用 pingan zero-report 确认后重新计分。';

function rankingCsv(ranking: Ranking, scheme: Scheme): string {
  const ids = scheme.dimensions.map(({ id }) => id);
  return renderCsv([
    [
      ...['rank', 'region_code', 'name', 'score', ...ids, 'band', 'missing_reason', 'period', 'run_id'],
      ...['score_before_deductions', 'deducted', 'peer_class', 'class_rank', 'band_months'],
      ...['score_low', 'score_high', 'rank_low', 'rank_high', 'p_best_quarter', 'p_worst_quarter', 'groups'],
      ...['unreported', 'confirmed_zero'],
    ],
    ...ranking.rows.map((row) => [
      row.rank,
      row.region_code,
      row.name,
      row.score,
      ...ids.map((id) => row.dimensions[id] ?? null),
      row.band,
      row.missing_reason,
      ranking.period,
      ranking.run_id,
      row.score_before_deductions,
      row.deducted,
      row.peer_class,
      row.class_rank,
      row.band_months,
      row.interval?.score.low ?? null,
      row.interval?.score.high ?? null,
      row.interval?.rank.low ?? null,
      row.interval?.rank.high ?? null,
      row.interval?.p_best_quarter ?? null,
      row.interval?.p_worst_quarter ?? null,
      row.groups.join(' '),
      row.unreported.join(' '),
      row.confirmed_zero.join(' '),
    ]),
  ]);
}

/** `pingan rank`. */
export async function rankCommand(
  context: Context,
  options: { county: string; month: string; basis: Basis; format: RankFormat },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const ranking = await readRanking(context, county, month, options.basis);
  const [scheme, unplaced] = await Promise.all([
    schemeOfMonth(context, county.code, month),
    readUnplaced(context, county, month),
  ]);
  const silences = await earlierSilences(context.store, county.code, { period: month, scheme });
  if (options.format === 'json')
    context.out(JSON.stringify({ ...ranking, unplaced, ...(silences.length > 0 ? { silences } : {}) }, null, 2));
  else if (options.format === 'csv') context.out(rankingCsv(ranking, scheme).trimEnd());
  else {
    context.out(titleOf(county, month, Date.now()));
    context.out(rankingTable(ranking, scheme));
    if (ranking.rows.some(({ interval }) => interval !== null)) context.out(intervalLegend);
    if (ranking.rows.some(({ unreported }) => unreported.length > 0)) context.out(silenceLegend);
    if (silences.length > 0) context.out(['统计期内以往月份：', ...silences.map(silenceLine)].join('\n  '));
    if (unplaced !== null) {
      for (const text of shareTexts(month, unplaced)) context.out(text);
      context.out(boundsText(new Map(ranking.rows.map((row) => [row.region_code, row.name])), unplaced));
    }
    if (ranking.rows.every(({ score: own }) => own === null)) {
      for (const line of await wayOn(context, county, month, ranking.run_id)) context.out(line);
    }
    context.out(`方案 ${ranking.scheme.name} ${ranking.scheme.hash}  计分批次 ${ranking.run_id}`);
  }
}
