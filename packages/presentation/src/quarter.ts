import { type DimensionId, dimensionIds, dimensions } from '@pingan/indicators';
import { type PeriodHead, type QuarterFound, type Silence, silenceLine, type YearFound } from '@pingan/queries';
import { type Cells, type Part, rankText, right, rounded, type Sheet, score, sheet } from './sheet.js';
import { staleMonthsText } from './stale.js';
import { shareTexts } from './unplaced.js';

type Row = QuarterFound['answer']['rows'][number];

/** The dimensions that any unit has, in the usual order. */
function dimensionsOf(rows: readonly Row[]): DimensionId[] {
  const present = new Set(rows.flatMap((row) => Object.keys(row.dimensions)));
  return dimensionIds.filter((id) => present.has(id));
}

const dimensionScore = ({ dimensions: own }: Row, id: string) => own[id] ?? null;

const unscoredMonths = '有的月份没有得分';

function table(rows: readonly Row[], months: readonly string[]): Sheet {
  return sheet<Row>(
    [
      { title: '名次', value: ({ rank }) => rankText(rank), ...right },
      { title: '单位', value: ({ name }) => name },
      { title: '季度得分', value: (row) => score(row.score), ...right },
      ...months.map((month, m) => ({
        title: month,
        value: (row: Row) => score(row.months[m]?.score ?? null),
        ...right,
      })),
      ...dimensionsOf(rows).map((id) => ({
        title: dimensions[id].name,
        value: (row: Row) => score(dimensionScore(row, id)),
        ...right,
      })),
      ...(rows.some(({ missing_reason }) => missing_reason !== null)
        ? [{ title: '说明', value: ({ missing_reason }: Row) => (missing_reason === null ? '' : unscoredMonths) }]
        : []),
    ],
    rows,
  );
}

/** `2024 年第 4 季度`, `2024 年度`. */
export const periodText = (period: string): string =>
  period.includes('Q') ? `${period.slice(0, 4)} 年第 ${period.at(-1)} 季度` : `${period} 年度`;

export const periodTitle = ({ county_name, period, is_demo }: PeriodHead): string =>
  `${county_name} ${periodText(period)}平安指数${is_demo ? '（示例数据）' : ''}`;

const silencesLegend =
  '无报送的月份计为零件，得分与名次可能因漏报而偏高。确无可报的，用 pingan zero-report 确认后重新计分。';

/** Months of a period that may be gaps, and what they mean. */
export const silenceParts = (silences: readonly Silence[] = []): Part[] =>
  silences.length > 0 ? [...silences.map(silenceLine), silencesLegend] : [];

/** What a reader must know of the months: scored before their data changed, events without a place. */
export const besideTexts = ({ stale = [], unplaced = [] }: QuarterFound['answer'] | YearFound['answer']): string[] => [
  ...(stale.length > 0 ? [staleMonthsText(stale)] : []),
  ...unplaced.flatMap(({ month, ...own }) => shareTexts(month, own)),
];

export function quarterParts({ answer, head, months }: QuarterFound): Part[] {
  const { rows, runs, silences } = answer;
  const ids = runs.map(({ run_id }) => run_id).join('、');
  return [
    periodTitle(head),
    table(rows, months),
    ...besideTexts(answer),
    ...silenceParts(silences),
    `季度得分为三个月得分的平均。计分批次 ${ids}`,
  ];
}

/** For spreadsheets. */
export function quarterCells({ answer: { rows, period }, months }: QuarterFound): Cells {
  const ids = dimensionsOf(rows);
  return [
    ['名次', '代码', '单位', '季度得分', ...months, ...ids.map((id) => dimensions[id].name), '说明', '季度'],
    ...rows.map((row) => [
      ...[row.rank, row.region_code, row.name, rounded(row.score)],
      ...row.months.map((month) => rounded(month.score)),
      ...ids.map((id) => rounded(dimensionScore(row, id))),
      ...[row.missing_reason === null ? null : unscoredMonths, period],
    ]),
  ];
}
