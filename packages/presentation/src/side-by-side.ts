import type { Scheme } from '@pingan/indicators';
import type { SideBySideFound, SideBySideMonth, SideBySideUnit } from '@pingan/queries';
import { bandLooks } from './bands.js';
import { type Cells, type Part, rankText, right, rounded, type Sheet, score, sheet } from './sheet.js';
import { titleOf } from './titles.js';
import { bandColumn, coefficient, likenessLegend, schemeText } from './what-if.js';

/** Schemes may have the same name, files of one office often do: they are numbered as they were given. */
const label = (s: number) => `方案${s + 1}`;

function unitTable({ units }: SideBySideMonth, current: Scheme, tried: readonly Scheme[]): Sheet {
  return sheet<SideBySideUnit>(
    [
      { title: '单位', value: ({ name, region_code }) => name ?? region_code },
      { title: '现名次', value: ({ before }) => rankText(before.rank), ...right },
      { title: '现总分', value: ({ before }) => score(before.score), ...right },
      bandColumn('现等级', current, ({ before }) => before),
      ...tried.flatMap((scheme, s) => [
        { title: `${label(s)}名次`, value: ({ after }: SideBySideUnit) => rankText(after[s]!.rank), ...right },
        { title: `${label(s)}总分`, value: ({ after }: SideBySideUnit) => score(after[s]!.score), ...right },
        bandColumn<SideBySideUnit>(`${label(s)}等级`, scheme, ({ after }) => after[s]!),
      ]),
    ],
    units,
  );
}

function likenessTable(months: readonly SideBySideMonth[]): Sheet {
  const rows = months.flatMap(({ period, schemes }) => schemes.map((likeness, s) => ({ period, s, ...likeness })));
  return sheet<(typeof rows)[number]>(
    [
      { title: '月份', value: ({ period }) => period },
      { title: '方案', value: ({ s }) => label(s) },
      { title: 'Kendall', value: ({ kendall }) => coefficient(kendall), ...right },
      { title: 'Spearman', value: ({ spearman }) => coefficient(spearman), ...right },
      { title: '名次变动（个）', value: ({ moved }) => String(moved), ...right },
      { title: '等级变动（个）', value: ({ recoloured }) => String(recoloured), ...right },
    ],
    rows,
  );
}

/** Ranks and scores under several schemes, each beside the one in force. */
export function sideBySideParts({ answer: { months }, head, current, tried }: SideBySideFound): Part[] {
  return [
    `${titleOf(head)}  方案并列试算（不保存）`,
    [`现行 ${schemeText(current)}`, ...tried.map((scheme, s) => `${label(s)}${schemeText(scheme)}`)].join('\n'),
    ...months.flatMap((month): Part[] => [
      ...(months.length === 1 ? [] : [`\n${month.period}`]),
      unitTable(month, current, tried),
    ]),
    '\n各方案与现行方案相比',
    likenessTable(months),
    likenessLegend,
  ];
}

/** For spreadsheets: a row per month, unit and scheme, the one in force first. */
export function sideBySideCells({ answer: { months, scheme, tried: named }, current, tried }: SideBySideFound): Cells {
  const schemes = [
    { title: '现行', named: scheme, looks: bandLooks(current) },
    ...tried.map((one, s) => ({ title: label(s), named: named[s]!, looks: bandLooks(one) })),
  ];
  return [
    ['月份', '代码', '单位', '方案', '方案名称', '方案编号', '名次', '总分', '等级'],
    ...months.flatMap(({ period, units }) =>
      units.flatMap(({ region_code, name, before, after }) =>
        [before, ...after].map((standing, s) => {
          const { title, named: own, looks } = schemes[s]!;
          return [
            ...[period, region_code, name, title, own.name, own.hash],
            ...[standing.rank, rounded(standing.score), looks.value(standing)],
          ];
        }),
      ),
    ),
  ];
}
