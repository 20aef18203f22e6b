import { streamNames, streams } from '@pingan/contracts';
import type { County } from '@pingan/regions';
import type { CountyExtent } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';
import { watermarkNow } from '../log/fit.js';
import { withStandstill } from '../log/standstill.js';
import { countText } from '../quantity.js';
import { spanOf } from '../registration/refusals.js';
import { requireCounty } from '../scope.js';
import { renderTable } from '../table.js';

const none = '—';

const casesOf = ({ cases }: CountyExtent) => streams.reduce((sum, stream) => sum + cases[stream], 0);

/** `pingan county list`. */
export async function countyList(context: Context): Promise<void> {
  const counties = await context.store.counties.list();
  if (counties.length === 0) {
    context.out('还没有登记任何县；登记用 pingan county add。');
    return;
  }
  const list = await Promise.all(
    counties.map(async (county) => ({ county, extent: await context.store.countyData.extent(county.code) })),
  );
  const right = { align: 'right' } as const;
  context.out(
    renderTable(
      [
        { title: '代码', value: ({ county }) => county.code },
        { title: '县', value: ({ county }) => `${county.name}${county.demo ? '（示例）' : ''}` },
        { title: '起始月', value: ({ county }) => county.startMonth ?? '有数据的第一个月' },
        { title: '案件', value: ({ extent }) => countText(casesOf(extent)), ...right },
        { title: '已计分', value: ({ extent }) => (extent.scored.length === 0 ? none : spanOf(extent.scored)) },
        { title: '已发布', value: ({ extent }) => (extent.published.length === 0 ? none : spanOf(extent.published)) },
      ],
      list,
    ),
  );
}

/** What a county has, for the person who is about to lose it. */
export function extentText({ code, name }: County, extent: CountyExtent): string {
  const { span, scored } = extent;
  const parts = streams.filter((stream) => extent.cases[stream] > 0);
  const cases =
    span === null
      ? '没有案件'
      : `案件 ${countText(casesOf(extent))} 件（${parts.map((one) => `${streamNames[one]} ${countText(extent.cases[one])}`).join('、')}），${spanOf([span.from, span.to])}`;
  const months = scored.length === 0 ? '没有计分的月份' : `已计分 ${scored.length} 个月（${spanOf(scored)}）`;
  return `${code} ${name}：${cases}；${months}；没有发布过。`;
}

/** @throws CommandFailure 2 once something was published: what people were told must stay. */
async function requireUnpublished(context: Context, county: County, verb: string): Promise<CountyExtent> {
  const extent = await context.store.countyData.extent(county.code);
  const { published } = extent;
  if (published.length === 0) return extent;
  throw badRequest(
    `${county.code} ${county.name}已发布 ${published.length} 个月的结果（${spanOf(published)}），不能${verb}。没有改动任何数据。`,
  );
}

/** Intake and computing stand still: what is stored is taken away, and the log is left out up to here. */
async function clearToNow(context: Context, code: string): Promise<void> {
  const { countyData } = context.store;
  await withStandstill(context, async (standstill) => {
    await standstill.also('computing');
    // First, so that nothing brings back what is gone, wherever this is cut off.
    await countyData.noteStart(code, await withAdmin(context, (admin) => watermarkNow(context, admin)));
    await countyData.clear(code);
  });
}

/** `pingan county reset`: the registration stays, everything stored of the county goes. */
export async function countyReset(context: Context, options: { county: string; yes: boolean }): Promise<void> {
  const county = await requireCounty(context, options.county);
  const extent = await requireUnpublished(context, county, '清空');
  const meaning = `${extentText(county, extent)}
清空会删去这些案件和计分结果、零报送确认、没有乡镇的事项；登记和方案保留。日志里的消息还在，但此前的不再计入，rebuild 也不会带回来；需要的台账请重新导入。
不能撤销，请先 pingan backup。`;
  if (!options.yes) throw badRequest(`${meaning}确定要做，请加 --yes。`);
  context.out(meaning);
  await clearToNow(context, county.code);
  context.out(`已清空 ${county.code} ${county.name}。`);
}

/** `pingan county remove`: as `reset`, and the registration and its schemes go as well. */
export async function countyRemove(context: Context, options: { county: string; yes: boolean }): Promise<void> {
  const county = await requireCounty(context, options.county);
  const extent = await requireUnpublished(context, county, '注销');
  const meaning = `${extentText(county, extent)}
注销会删去这些案件和计分结果，以及县的登记和方案。日志里的消息还在，但此前的不再计入，以后用同一代码登记也不会带回来；以后再送来的成为死信（没有登记的县）。
不能撤销，请先 pingan backup。`;
  if (!options.yes) throw badRequest(`${meaning}确定要做，请加 --yes。`);
  context.out(meaning);
  await clearToNow(context, county.code);
  await context.store.counties.remove(county.code);
  context.out(`已注销 ${county.code} ${county.name}。`);
}
