import { streamNames } from '@pingan/contracts';
import { findIndicator } from '@pingan/indicators';
import type { FigureChange, UnitWithoutCase, WithoutCaseFound } from '@pingan/queries';
import { bandLooks } from './bands.js';
import { arrow, dash, figure, type Part, rankText, score, sheet, signed } from './sheet.js';
import { titleOf } from './titles.js';

type Unit = WithoutCaseFound['answer']['units'][number];

const nameOf = ({ name, region_code }: Pick<Unit, 'name' | 'region_code'>) => name ?? region_code;

function caseText({ answer: { case: found }, place }: WithoutCaseFound): string {
  const { source, case_id, stream, date } = found;
  return `案件 ${case_id}（来源 ${source}，${streamNames[stream]}，${place}，${date}）`;
}

/** Changes that two decimals do not show come from class means and shrinkage, not from the unit's own figures. */
const visible = ({ before, after, indicators, deducted }: UnitWithoutCase): boolean =>
  score(before.score) !== score(after.score) ||
  before.rank !== after.rank ||
  before.band !== after.band ||
  deducted.before !== deducted.after ||
  indicators.some(ownFigures);

const ownFigures = ({ before, after }: FigureChange): boolean =>
  before.numerator !== after.numerator || before.denominator !== after.denominator;

function tablesOf(units: readonly Unit[], scheme: WithoutCaseFound['scheme']): Part[] {
  const looks = bandLooks(scheme);
  const band = (id: string | null) => (id === null ? dash : looks.value({ band: id }));
  const standings = sheet<Unit>(
    [
      { title: '单位', value: nameOf },
      { title: '总分', value: ({ before, after }) => arrow(score(before.score), score(after.score)), align: 'right' },
      {
        title: '分差',
        value: ({ before, after }) =>
          before.score === null || after.score === null ? '—' : signed(after.score - before.score),
        align: 'right',
      },
      {
        title: '名次',
        value: ({ before, after }) => arrow(rankText(before.rank), rankText(after.rank)),
        align: 'right',
      },
      {
        title: '等级',
        value: ({ before, after }) => arrow(band(before.band), band(after.band)),
        colour: ({ after }) => looks.colour(after),
      },
      {
        title: '扣分',
        value: ({ deducted }) => arrow(figure(deducted.before), figure(deducted.after)),
        align: 'right',
      },
    ],
    units,
  );
  const own = units.flatMap(({ name, region_code, indicators }) =>
    indicators.filter(ownFigures).map((change) => ({ name, region_code, ...change })),
  );
  if (own.length === 0) return [standings];
  const figures = sheet<(typeof own)[number]>(
    [
      { title: '单位', value: nameOf },
      { title: '指标', value: ({ code }) => `${code} ${findIndicator(code)?.name ?? ''}` },
      {
        title: '分子',
        value: ({ before, after }) => arrow(figure(before.numerator), figure(after.numerator)),
        align: 'right',
      },
      {
        title: '分母',
        value: ({ before, after }) => arrow(figure(before.denominator), figure(after.denominator)),
        align: 'right',
      },
      { title: '得分', value: ({ before, after }) => arrow(score(before.score), score(after.score)), align: 'right' },
    ],
    own,
  );
  return [standings, '该案计入的指标：', figures];
}

const whyNothing: Record<WithoutCaseFound['counted'], string> = {
  unit: '',
  outside: '它所在的区域不参加评分，本来就没有计入任何单位。',
  nowhere: '它没有乡镇，本来就没有计入任何单位；补上乡镇后重新导入才会计入。',
};

/** Who would stand where, and what the case counts in. */
export function withoutCaseParts(found: WithoutCaseFound): Part[] {
  const { answer, head, scheme, counted } = found;
  const first = [`${titleOf(head)}  假如不计一案（不保存）`, caseText(found)];
  const shown = answer.units.filter(visible);
  if (shown.length === 0)
    return [...first, `不计这一案，${head.period} 各单位的得分、名次和等级都不变。${whyNothing[counted]}`];
  const rest = answer.units.length - shown.length;
  return [
    ...first,
    ...tablesOf(shown, scheme),
    ...(rest > 0 ? [`另有 ${rest} 个单位的变化不到 0.01 分（同类均值随之微动）。`] : []),
  ];
}
