import { recordTypeNames } from '@pingan/contracts';
import { type Basis, catalogue, dimensions, type Indicator } from '@pingan/indicators';
import { goalpostText, markLegend, markText, windowText } from './goalposts.js';
import { type Part, type Sheet, sheet } from './sheet.js';

const arrows = { 1: '↑', [-1]: '↓', 0: '—' } as const;
const directionTexts = { 1: '↑ 越高越好', [-1]: '↓ 越低越好', 0: '— 只作参考，不分好坏' } as const;

const periodText = ({ window, weighting }: Indicator) =>
  `${windowText(window)}${weighting === 'ewma' ? '（近月为重）' : ''}`;

function catalogueTable(): Sheet {
  return sheet<Indicator>(
    [
      { title: '代码', value: ({ code }) => code },
      { title: '指标', value: ({ name }) => name },
      { title: '维度', value: ({ dimension }) => dimensions[dimension].name },
      { title: '单位', value: ({ unit }) => unit },
      { title: '方向', value: ({ direction }) => arrows[direction] },
      { title: '统计期', value: periodText },
      { title: '权重', value: ({ weight, goalposts }) => (goalposts ? String(weight) : '参考'), align: 'right' },
      { title: '0/60/100 分值', value: ({ goalposts }) => goalpostText(goalposts) },
      { title: '分值依据', value: ({ goalpostsBasis }) => markText(goalpostsBasis) },
      { title: '指标依据', value: ({ basis }) => markText(basis) },
    ],
    catalogue,
  );
}

const kinds: Record<Indicator['kind'], string> = {
  rate: '率（每万人每月）',
  weighted_rate: '加权率（每万人每月，按案件轻重或金额）',
  ratio: '比例（%）',
  count: '件数',
  intensity: '强度',
};

const based = (basis: Basis) => `${markText(basis)} ${basis.text}`;

const levels: Record<Indicator['level'], string> = {
  village: '村（社区）及以上',
  township: '乡镇（街道）及以上',
  department: '乡镇（街道）、责任部门',
  county: '全县',
};

/** The statements of one term; several are numbered. */
function termRows({ query }: Indicator): [string, string][] {
  return query.terms.flatMap(({ cohort, cohorts, numerator, denominator }, i): [string, string][] => {
    const at = query.terms.length > 1 ? `（${i + 1}）` : '';
    return [
      [`归月日期${at}`, cohort ?? cohorts ?? ''],
      [`分子${at}`, numerator],
      [`分母${at}`, denominator ?? '不取自记录'],
    ];
  });
}

/** A column of a page. */
const SQL_WIDTH = 90;

/** An expression in lines, broken before its connectives and after its commas. */
function sqlLines(text: string): string {
  const lines: string[] = [];
  for (const piece of text.split(/(?= (?:AND|OR) )|(?<=,)\s/).map((one) => one.trim())) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + piece.length < SQL_WIDTH) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(piece);
  }
  return lines.map((line, i) => `${i === 0 ? '  ' : '    '}${line}`).join('\n');
}

/** How an indicator is computed from stored cases: ClickHouse expressions, for those who read SQL. */
export function indicatorSql(indicator: Indicator): string {
  const { query } = indicator;
  const fields: [string, string][] = [
    ['限于', query.where ?? '全部记录'],
    ...(query.part === undefined ? [] : [['分类', query.part] as [string, string]]),
    ...termRows(indicator),
  ];
  return ['算法（ClickHouse 表达式，一行案件）', ...fields.map(([label, text]) => `${label}\n${sqlLines(text)}`)].join(
    '\n',
  );
}

/** One indicator in full: labels and texts. */
export function indicatorFields(indicator: Indicator): [string, string][] {
  const { plausible, unit, lag, minimumN } = indicator;
  const { name, weight } = dimensions[indicator.dimension];
  return [
    ['标识', indicator.id],
    ['维度', weight > 0 ? `${name}（默认权重 ${weight}）` : `${name}（可选，不在默认方案内）`],
    ['种类', `${kinds[indicator.kind]}，单位 ${unit}`],
    ['方向', directionTexts[indicator.direction]],
    ['统计期', periodText(indicator)],
    ['层级', levels[indicator.level]],
    ['权重', indicator.goalposts ? `${indicator.weight}（维度内，只看比例）` : '不计分'],
    ['定义', indicator.definition],
    ['归月', lag > 0 ? `${indicator.cohort}（比事项发生晚约${lag}个月）` : indicator.cohort],
    ...(minimumN === undefined
      ? []
      : [['最少件数', `统计期内分母不足 ${minimumN} 的只显示、不计分`] as [string, string]]),
    ['记录', `${recordTypeNames[indicator.recordType] ?? ''}（${indicator.recordType}）`],
    ['0/60/100 分值', goalpostText(indicator.goalposts)],
    ['分值依据', based(indicator.goalpostsBasis)],
    ['指标依据', based(indicator.basis)],
    ['合理范围', `${plausible.min} 至 ${plausible.max} ${unit}，超出多为录入有误`],
  ];
}

/** The catalogue as a table. */
export const catalogueParts = (): Part[] => [
  catalogueTable(),
  `0/60/100 分值：得 0、60、100 分的指标值。${markLegend}`,
];
