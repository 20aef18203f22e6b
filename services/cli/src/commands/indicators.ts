import { type Basis, catalogue, dimensions, findIndicator, type Indicator } from '@pingan/indicators';
import type { Output } from '../context.js';
import { badRequest } from '../failure.js';
import { goalpostText, markLegend, markText } from '../goalpost-text.js';
import { renderFields, renderTable } from '../table.js';

export interface IndicatorsOptions {
  code: string | undefined;
  format: 'table' | 'json';
}

/** `pingan indicators`: the catalogue, or one indicator in full. */
export function indicatorsCommand(output: Output, { code, format }: IndicatorsOptions): void {
  const chosen = code === undefined ? undefined : known(code);
  if (format === 'json') output.out(JSON.stringify(chosen ?? catalogue, null, 2));
  else if (chosen) output.out(inFull(chosen));
  else {
    output.out(catalogueTable());
    output.out(`0/60/100 分值:得 0、60、100 分的指标值。${markLegend}`);
  }
}

function known(code: string): Indicator {
  const found = findIndicator(code) ?? findIndicator(code.toUpperCase());
  if (found) return found;
  const list = catalogue.map((own) => `${own.code} ${own.name}`).join('、');
  throw badRequest(`没有指标 ${code}。已有的指标:${list}。`);
}

const arrow = ({ direction }: Indicator) => (direction === 1 ? '↑' : '↓');

const windowText = ({ window, weighting }: Indicator) => `${window}个月${weighting === 'ewma' ? '(近月为重)' : ''}`;

function catalogueTable(): string {
  return renderTable<Indicator>(
    [
      { title: '代码', value: ({ code }) => code },
      { title: '指标', value: ({ name }) => name },
      { title: '维度', value: ({ dimension }) => dimensions[dimension].name },
      { title: '单位', value: ({ unit }) => unit },
      { title: '方向', value: arrow },
      { title: '统计期', value: windowText },
      { title: '权重', value: ({ weight }) => String(weight), align: 'right' },
      { title: '0/60/100 分值', value: ({ goalposts }) => goalpostText(goalposts) },
      { title: '分值依据', value: ({ goalpostsBasis }) => markText(goalpostsBasis) },
      { title: '指标依据', value: ({ basis }) => markText(basis) },
    ],
    catalogue,
  );
}

const kinds: Record<Indicator['kind'], string> = {
  rate: '率(每万人每月)',
  ratio: '比例(%)',
  count: '件数',
  intensity: '强度',
};

const based = (basis: Basis) => `${markText(basis)} ${basis.text}`;

function inFull(indicator: Indicator): string {
  const { query, plausible, unit } = indicator;
  const { name, weight } = dimensions[indicator.dimension];
  const rows: [string, string][] = [
    ['标识', indicator.id],
    ['维度', `${name}(默认权重 ${weight})`],
    ['种类', `${kinds[indicator.kind]},单位 ${unit}`],
    ['方向', indicator.direction === 1 ? '↑ 越高越好' : '↓ 越低越好'],
    ['统计期', windowText(indicator)],
    ['权重', `${indicator.weight}(维度内,只看比例)`],
    ['定义', indicator.definition],
    ['归月', indicator.cohort],
    ['记录', indicator.recordType],
    ['限于', query.where ?? '全部记录'],
    ['归月日期', query.cohort],
    ['分子', query.numerator],
    ['分母', query.denominator ?? '不取自记录'],
    ['0/60/100 分值', goalpostText(indicator.goalposts)],
    ['分值依据', based(indicator.goalpostsBasis)],
    ['指标依据', based(indicator.basis)],
    ['合理范围', `${plausible.min} 至 ${plausible.max} ${unit},超出多为录入有误`],
  ];
  return `${indicator.code} ${indicator.name}\n${renderFields(rows)}\n${markLegend}`;
}
