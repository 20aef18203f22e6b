import { recordTypeNames } from '@pingan/contracts';
import { dimensions, missingReasonText, type Scheme, schemeHash } from '@pingan/indicators';
import {
  indistinctRanks,
  type Ranking,
  type RankingFound,
  type RankRow,
  silenceLine,
  silenceText,
  type WayOn,
} from '@pingan/queries';
import { bandLooks } from './bands.js';
import {
  type Cells,
  type Column,
  dash,
  type Part,
  rankText,
  right,
  rounded,
  type Sheet,
  score,
  sheet,
  spanText,
} from './sheet.js';
import { stalenessText } from './stale.js';
import { titleOf } from './titles.js';
import { boundsText, shareTexts, silentTexts } from './unplaced.js';
import { wayOnParts } from './way-on.js';

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
export function rankingTable({ rows }: Ranking, scheme: Scheme): Sheet {
  const some = (test: (row: RankRow) => boolean, ...columns: Column<RankRow>[]) => (rows.some(test) ? columns : []);
  return sheet<RankRow>(
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
      { title: '等级', ...bandLooks(scheme) },
      ...some((row) => (row.band_months ?? 0) > 0, {
        title: '连续',
        value: (row) => (row.band_months ? `${row.band_months}个月` : ''),
        ...right,
      }),
      ...some((row) => silenceText(row) !== '', { title: '报送', value: silenceText }),
    ],
    rows,
  );
}

const intervalLegend =
  '名次区间：真实名次有九成可能在其中。不可区分：与这些名次的单位相比，先后分不出，不宜据此奖惩。类内：同类单位中的名次。';

const noIntervalLegend = '没有名次区间：本方案没有小数量修正，件数少的单位一两件案子就能让名次换位，先后不宜据以奖惩。';

const silenceLegend =
  '本月无报送：该单位以往月月有报送，本月一件也没有，碰巧为零的可能性极小，名次可能因漏报而偏高。确无可报的，用 pingan zero-report 确认后重新计分。';

const recordTypeName = (recordType: string) => recordTypeNames[recordType] ?? recordType;

/** For spreadsheets. */
export function rankingCells({ answer: ranking, scheme }: RankingFound): Cells {
  const bands = new Map(scheme.bands.map(({ id, name }) => [id, name]));
  const { rows, period, run_id } = ranking;
  const columns: readonly (readonly [string, (row: RankRow) => string | number | null])[] = [
    ['名次', ({ rank }) => rank],
    ['代码', ({ region_code }) => region_code],
    ['单位', ({ name }) => name],
    ['总分', (row) => rounded(row.score)],
    ...scheme.dimensions.map(
      ({ id }) => [dimensions[id].name, (row: RankRow) => rounded(row.dimensions[id] ?? null)] as const,
    ),
    ['等级', ({ band }) => (band === null ? null : (bands.get(band) ?? band))],
    ['数据不足的原因', ({ missing_reason }) => (missing_reason === null ? null : missingReasonText(missing_reason))],
    ['扣分前', (row) => rounded(row.score_before_deductions)],
    ['扣分', ({ deducted }) => rounded(deducted)],
    ['类别', ({ peer_class }) => peer_class],
    ['类内名次', ({ class_rank }) => class_rank],
    ['等级连续月数', ({ band_months }) => band_months],
    ['总分下限', ({ interval }) => rounded(interval?.score.low ?? null)],
    ['总分上限', ({ interval }) => rounded(interval?.score.high ?? null)],
    ['名次最好', ({ interval }) => interval?.rank.low ?? null],
    ['名次最差', ({ interval }) => interval?.rank.high ?? null],
    ['在前四分之一的概率', ({ interval }) => rounded(interval?.p_best_quarter ?? null)],
    ['在后四分之一的概率', ({ interval }) => rounded(interval?.p_worst_quarter ?? null)],
    ['不可区分的组', ({ groups }) => groups.join(' ')],
    ['本月无报送', ({ unreported }) => unreported.map(recordTypeName).join('、')],
    ['零报送已确认', ({ confirmed_zero }) => confirmed_zero.map(recordTypeName).join('、')],
    ['月份', () => period],
    ['计分批次', () => run_id],
  ];
  return [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, value]) => value(row)))];
}

/** Of the scheme it was scored by; a month that waits for another one lacks nothing of it yet. */
function lackParts({ scheme, county, period }: Pick<Ranking, 'scheme' | 'county' | 'period'>, wayOn: WayOn): Part[] {
  if (schemeHash(wayOn.scheme) === scheme.hash) return wayOnParts(wayOn);
  return [
    `方案已换成「${wayOn.scheme.name}」，还没有按它重新计算，稍后再看；现在就要，用 pingan score --county ${county} --month ${period}。`,
  ];
}

/** The ranking in words and a table. */
export function rankingParts({
  answer: { unplaced, stale, silences, ...ranking },
  head,
  scheme,
  wayOn,
}: RankingFound): Part[] {
  const { rows } = ranking;
  const parts: Part[] = [titleOf(head), rankingTable(ranking, scheme)];
  if (stale !== undefined) parts.push(stalenessText(stale, head));
  if (rows.some(({ interval }) => interval !== null)) parts.push(intervalLegend);
  else if (scheme.shrinkage.method === 'none' && rows.some(({ rank }) => rank !== null)) parts.push(noIntervalLegend);
  if (rows.some(({ unreported }) => unreported.length > 0)) parts.push(silenceLegend);
  if (silences !== undefined) parts.push(['统计期内以往月份：', ...silences.map(silenceLine)].join('\n  '));
  if (unplaced) {
    parts.push(...shareTexts(head.period, unplaced));
    parts.push(...silentTexts(rows, unplaced));
    parts.push(...boundsText(new Map(rows.map((row) => [row.region_code, row.name])), unplaced));
  }
  if (wayOn !== null) parts.push(...lackParts(ranking, wayOn));
  parts.push(`方案 ${ranking.scheme.name} ${ranking.scheme.hash}  计分批次 ${ranking.run_id}`);
  return parts;
}
