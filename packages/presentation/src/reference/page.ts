import {
  type Basis,
  catalogue,
  type DimensionId,
  defaultSeverity,
  dimensionIds,
  dimensions,
  type ForbiddenTarget,
  forbiddenTargets,
  type Indicator,
  isScored,
  severityBasis,
  severityNames,
  workCalendar,
} from '@pingan/indicators';
import { goalpostText, markLegend, markText, windowText } from '../goalposts.js';
import { escapeHtml, type HtmlColumn, htmlTable } from './html.js';

/** For paper: A4 across, head rows on every page, no row cut in two; no colour carries a meaning. */
const css = `
@page { size: A4 landscape; margin: 12mm 10mm; }
body { font: 10.5px/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #000; margin: 16px auto; max-width: 277mm; }
h1 { font-size: 20px; text-align: center; margin: 0 0 8px; }
h2 { font-size: 14px; margin: 18px 0 6px; break-after: avoid; }
p { margin: 4px 0; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; }
th, td { border: 1px solid #555; padding: 2px 4px; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #eee; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.code { width: 9mm; }
.name { width: 21mm; }
.month { width: 37mm; }
.window { width: 14mm; }
.unit { width: 14mm; }
.sign { width: 8mm; text-align: center; }
.weight { width: 9mm; text-align: right; }
.posts { width: 52mm; }
.basis { width: 40mm; }
.class { width: 60mm; }
.days { width: 20mm; text-align: right; }
table.narrow { width: auto; }
@media print { body { margin: 0; } th { background: none; } }
`;

const based = (basis: Basis) => `${markText(basis)} ${basis.text}`;

const signs = { 1: '↑', [-1]: '↓', 0: '—' } as const;

/** The terminal's texts have half-width signs. */
const fullWidth = (text: string) => text.replaceAll(',', '，').replaceAll(':', '：').replaceAll(';', '；');

/** The basis of the class mean is the same for all and stands above the tables. */
function goalposts(own: Indicator): string {
  if (!isScored(own)) return own.goalpostsBasis.text;
  const values = fullWidth(goalpostText(own.goalposts));
  const basis = own.goalposts.rule === 'class_mean' ? markText(own.goalpostsBasis) : based(own.goalpostsBasis);
  return `${values}。${basis}`;
}

const classMeanText = catalogue.find((own) => own.goalposts?.rule === 'class_mean')?.goalpostsBasis.text ?? '';

const columns: readonly HtmlColumn<Indicator>[] = [
  { title: '代码', style: 'code', value: ({ code }) => code },
  { title: '指标', style: 'name', value: ({ name }) => name },
  { title: '定义与算法', value: ({ definition }) => definition },
  { title: '归月', style: 'month', value: ({ cohort }) => cohort },
  {
    title: '统计期',
    style: 'window',
    value: ({ window, weighting }) => `${windowText(window)}${weighting === 'ewma' ? '（近月为重）' : ''}`,
  },
  { title: '单位', style: 'unit', value: ({ unit }) => unit },
  { title: '方向', style: 'sign', value: ({ direction }) => signs[direction] },
  { title: '权重', style: 'weight', value: (own) => (isScored(own) ? String(own.weight) : '参考') },
  {
    title: '0/60/100分值及依据',
    style: 'posts',
    value: goalposts,
  },
  { title: '指标依据', style: 'basis', value: ({ basis }) => based(basis) },
];

function section(id: DimensionId): string {
  const { name, weight } = dimensions[id];
  const note = weight > 0 ? `默认权重${weight}` : '可选，不在默认方案内';
  const rows = catalogue.filter(({ dimension }) => dimension === id);
  return `<h2>${escapeHtml(`${name}（${note}）`)}</h2>\n${htmlTable(columns, rows)}`;
}

function severity(): string {
  const table = htmlTable(
    [
      { title: '案件类别', style: 'class', value: ([id]) => severityNames[id] ?? id },
      { title: '方案中的写法', style: 'class', value: ([id]) => id },
      { title: '权重（日）', style: 'days', value: ([, days]) => String(days) },
    ] satisfies HtmlColumn<[string, number]>[],
    Object.entries(defaultSeverity),
  ).replace('<table>', '<table class="narrow">');
  return `<h2>案件危害权重（P02）</h2>\n<p>${escapeHtml(based(severityBasis))}</p>\n${table}`;
}

function forbidden(): string {
  return htmlTable(
    [
      { title: '事项', value: ({ name }: ForbiddenTarget) => name },
      { title: '理由', value: ({ why }) => why },
      { title: '依据', value: ({ source }) => based(source) },
    ],
    forbiddenTargets,
  );
}

/** The catalogue as one HTML page for printing. The same software gives the same bytes. */
export function referencePage(): string {
  const scored = catalogue.filter((own) => isScored(own) && dimensions[own.dimension].weight > 0).length;
  const intro = [
    `默认方案计分指标${scored}项；“参考”指标只显示，不计分、不排名。权重为维度内权重，各维度合计100，由县里修改。`,
    '方向：↑ 越高越好，↓ 越低越好，— 不分好坏。万人率按常住人口计。',
    `“同类均值×”：${classMeanText}。`,
    fullWidth(markLegend),
    `工作日按国务院办公厅公布的放假调休安排计（已收录${workCalendar.years[0]}—${workCalendar.years.at(-1)}年），其余年份按周一至周五计。`,
  ];
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>平安指数指标目录</title>
<style>${css}</style>
</head>
<body>
<h1>平安指数指标目录</h1>
${intro.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')}
${dimensionIds.map(section).join('\n')}
${severity()}
<h2>不得设为考核指标的事项</h2>
${forbidden()}
</body>
</html>
`;
}
