import { addMonths, type Refusal } from '@pingan/contracts';
import type { Named, QuestionCode, QuestionRefusals, Span } from '@pingan/queries';
import { periodText } from './quarter.js';

const list = (named: readonly Named[]) => named.map(({ code, name }) => `${code} ${name}`).join('、');

/** Units named in one sentence. */
const SHOWN = 40;

const possibleText = (county: Named, { first, last }: Span) =>
  first === null ? `${county.name}还没有数据` : `可选 ${first} 至 ${last}`;

/** Months in a row as a span. */
function monthsText(months: readonly string[]): string {
  const spans: [first: string, last: string][] = [];
  for (const month of months) {
    const span = spans.at(-1);
    if (span !== undefined && addMonths(span[1], 1) === month) span[1] = month;
    else spans.push([month, month]);
  }
  return spans.map(([first, last]) => (first === last ? first : `${first} 至 ${last}`)).join('、');
}

const sentences: { [C in QuestionCode]: (facts: QuestionRefusals[C]) => string } = {
  unknown_county: ({ county, known }) =>
    `没有登记县 ${county}。${known.length > 0 ? `已登记：${list(known)}` : '还没有登记任何县'}；登记用 pingan county add。`,
  bad_month: ({ month }) => `月份 ${month} 不对，应为 YYYY-MM，例如 2026-10。`,
  month_in_future: ({ county, month, possible }) => `月份 ${month} 在未来。${possibleText(county, possible)}。`,
  month_before_start: ({ county, month, possible }) =>
    `月份 ${month} 早于${county.name}的起始月 ${possible.first}。${possibleText(county, possible)}。`,
  unknown_region: ({ county, region, units }) =>
    `${county.name}没有区域 ${region}。参加评分的有：${list(units.slice(0, SHOWN))}${units.length > SHOWN ? '……' : ''}。`,
  ambiguous_region: ({ region, candidates }) => `区域 ${region} 有重名：${candidates.join('、')}，请用代码。`,
  region_not_scored: ({ region, units }) => `${region} 不单独评分。参加评分的有：${list(units)}。`,
  region_not_a_unit: ({ region }) => `${region} 不单独评分，请用它所在乡镇（街道）的名称或代码。`,
  month_not_published: ({ county, month }) => `${county.name} ${month} 尚未发布。`,
  month_not_scored: ({ county, month, scored }) =>
    `${county.name} ${month} 还没有计分（${scored.first === null ? '还没有任何月份' : `已有 ${scored.first} 至 ${scored.last}`}）。` +
    `请运行 pingan score --county ${county.code} --month ${month}。`,
  too_many_months: ({ county, month, asked, start, there }) =>
    `--months ${asked} 太多：${county.name}自 ${start} 起，到 ${month} 有 ${there} 个月。`,
  nothing_to_score: ({ county }) =>
    `${county.name}还没有可计分的数据。请先用 pingan import 读取台账，或用 pingan score 计分。`,
  nothing_stored: ({ county }) => `${county.name}还没有可计分的数据。请先用 pingan import 读取台账。`,
  base_before_start: ({ county, base, first }) => `${base} 早于${county.name}的起始月 ${first}，没有可比的得分。`,
  base_without_unit: ({ base }) => `${base} 还没有这个单位，没有可比的得分。`,
  bad_quarter: ({ period }) => `季度 ${period} 不对，应为 YYYY-Q1 至 YYYY-Q4，例如 2026-Q3。`,
  bad_year: ({ period }) => `年份 ${period} 不对，应为 YYYY，例如 2026。`,
  period_incomplete: ({ county, period, unscored, unfinished, complete }) => {
    const faults = [
      unscored.length > 0 ? `${monthsText(unscored)} 没有得分` : '',
      unfinished.length > 0 ? `${monthsText(unfinished)} 尚未结束` : '',
    ].filter((text) => text !== '');
    const known = complete.length === 0 ? '其中没有一个月有得分' : `其中有得分的月份：${monthsText(complete)}`;
    return `${county.name} ${periodText(period)}不完整，不出结果：${faults.join('；')}。${known}。`;
  },
  unknown_case: ({ case_id }) => `没有编号为 ${case_id} 的案件。编号须与来源系统中的完全一致，区分大小写。`,
  case_of_other_source: ({ case_id, source, sources }) =>
    `来源 ${source} 没有编号为 ${case_id} 的案件；有它的来源：${sources.join('、')}。`,
  ambiguous_case: ({ case_id, sources }) =>
    `${sources.length} 个来源都有编号为 ${case_id} 的案件：${sources.join('、')}。请用 --source 指明。`,
  withdrawn_case: ({ case_id, sources }) => `案件 ${case_id}（来源 ${sources.join('、')}）已由来源撤回，本来就不计入。`,
  unknown_dead_letter: ({ ids }) => `没有死信 ${ids.join('、')}。用 pingan dead-letter list 查看编号。`,
};

const isKnown = (code: string | null): code is QuestionCode => code !== null && Object.hasOwn(sentences, code);

/** The sentence for a refusal: made of its code and facts, or the one it brings along. */
export function refusalText(refusal: Refusal): string {
  const { code, facts, message } = refusal;
  return isKnown(code) ? (sentences[code] as (facts: object) => string)(facts) : message;
}
