import { badRequest, streamNames, streams } from '@pingan/contracts';
import { type CountyEnd, countText, countyToEnd, endCounty, spanOf } from '@pingan/operations';
import { cellsOf, type Sheet, sheet } from '@pingan/presentation';
import { type CountyHeld, findCounties } from '@pingan/queries';
import type { Context } from '../context.js';
import { spreadsheet } from '../csv.js';
import { printJson, printParts } from '../print.js';

const none = '—';

const casesOf = ({ extent: { cases } }: CountyHeld) => streams.reduce((sum, stream) => sum + cases[stream], 0);

const listTable = (list: readonly CountyHeld[]): Sheet =>
  sheet<CountyHeld>(
    [
      { title: '代码', value: ({ county }) => county.code },
      { title: '县', value: ({ county }) => `${county.name}${county.demo ? '（示例）' : ''}` },
      { title: '起始月', value: ({ county }) => county.startMonth ?? '有数据的第一个月' },
      { title: '案件', value: (held) => countText(casesOf(held)), align: 'right' },
      { title: '已计分', value: ({ extent }) => (extent.scored.length === 0 ? none : spanOf(extent.scored)) },
      { title: '已发布', value: ({ extent }) => (extent.published.length === 0 ? none : spanOf(extent.published)) },
    ],
    list,
  );

/** For programs: months as a list, so that nobody has to take a span apart. */
const answerOf = ({ county, extent }: CountyHeld) => ({
  code: county.code,
  name: county.name,
  demo: county.demo !== null,
  start: county.startMonth,
  cases: extent.cases,
  scored: extent.scored,
  published: extent.published,
});

/** `pingan county list`. */
export async function countyList(context: Context, { format }: { format: 'table' | 'json' | 'csv' }): Promise<void> {
  const list = await findCounties(context.store);
  if (format === 'json') return printJson(context.out, { counties: list.map(answerOf) });
  if (format === 'csv') return context.out(spreadsheet(cellsOf([listTable(list)])));
  if (list.length === 0) return context.out('还没有登记任何县；登记用 pingan county add。');
  printParts(context, [listTable(list)]);
}

/** What a county has, for the person who is about to lose it. */
function extentText(held: CountyHeld): string {
  const { county, extent } = held;
  const { span, scored } = extent;
  const parts = streams.filter((stream) => extent.cases[stream] > 0);
  const cases =
    span === null
      ? '没有案件'
      : `案件 ${countText(casesOf(held))} 件（${parts.map((one) => `${streamNames[one]} ${countText(extent.cases[one])}`).join('、')}），${spanOf([span.from, span.to])}`;
  const months = scored.length === 0 ? '没有计分的月份' : `已计分 ${scored.length} 个月（${spanOf(scored)}）`;
  return `${county.code} ${county.name}：${cases}；${months}；没有发布过。`;
}

const meanings: Record<CountyEnd, string> = {
  reset:
    '清空会删去这些案件和计分结果、零报送确认、没有乡镇的事项；登记和方案保留。日志里的消息还在，但此前的不再计入，rebuild 也不会带回来；需要的台账请重新导入。',
  remove:
    '注销会删去这些案件和计分结果，以及县的登记和方案。日志里的消息还在，但此前的不再计入，以后用同一代码登记也不会带回来；以后再送来的成为死信（没有登记的县）。',
};

const doneTexts: Record<CountyEnd, string> = { reset: '已清空', remove: '已注销' };

/** `pingan county reset` and `remove`: prints what it means, and does it with `--yes` only. */
export async function countyEnd(
  context: Context,
  { county: code, end, yes }: { county: string; end: CountyEnd; yes: boolean },
): Promise<void> {
  const held = await countyToEnd(context, code, end);
  const meaning = `${extentText(held)}
${meanings[end]}
不能撤销，请先 pingan backup。`;
  if (!yes) throw badRequest(`${meaning}确定要做，请加 --yes。`);
  context.out(meaning);
  await endCounty(context, code, end);
  context.out(`${doneTexts[end]} ${held.county.code} ${held.county.name}。`);
}
