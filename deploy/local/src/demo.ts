import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, closeContext, openContext, renderTable } from '@pingan/cli';
import { addMonths } from '@pingan/contracts';
import { logEnd, producerServices, requireFittingLog, scoreMonthNow, waitUntilStored } from '@pingan/operations';
import { rankingTable, titleOf } from '@pingan/presentation';
import { headOf, readRanking, schemeOfMonth } from '@pingan/queries';
import { builtinCounty, type County, lastCompleteMonth } from '@pingan/regions';
import { readBeats } from './pipeline.js';
import type { Steps } from './steps.js';

const DEMO_CODE = '610222';
const DEMO_MONTHS = 15;
const DEMO_SEED = 610222;

async function ensureDemoCounty(context: Context): Promise<{ county: County; fresh: boolean }> {
  const known = await context.store.counties.get(DEMO_CODE);
  if (known) return { county: known, fresh: false };
  const builtin = builtinCounty(DEMO_CODE);
  if (!builtin) throw new Error(`no built-in county ${DEMO_CODE}`);
  const last = lastCompleteMonth(Date.now(), builtin.timeZone);
  const county: County = { ...builtin, startMonth: addMonths(last, 1 - DEMO_MONTHS), demo: { seed: DEMO_SEED } };
  await context.store.counties.save(county);
  return { county, fresh: true };
}

/** Waits until each producer says that it has sent the county's events up to now. */
async function untilSent(context: Context, county: County, signal: AbortSignal): Promise<void> {
  for (;;) {
    const beats = await readBeats(context.endpoints);
    const current = new Set(
      beats
        .filter(({ details }) => (details.demo_current as string[] | undefined)?.includes(county.code))
        .map(({ service }) => service),
    );
    if (producerServices.every((name) => current.has(name))) return;
    await sleep(300, undefined, { signal });
  }
}

/** Whether the log is the one that the store was filled from, for an installation without the demo county. */
export async function checkLog(out: (text: string) => void): Promise<void> {
  const context = await openContext({ out, note: () => undefined }, ['kafka', 'redis', 'clickhouse']);
  try {
    await requireFittingLog(context);
  } finally {
    await closeContext(context);
  }
}

/** Creates the demo county, waits for its events and its score, and prints the ranking of the last complete month. */
export async function showDemo(options: {
  steps: Steps;
  signal: AbortSignal;
  out: (text: string) => void;
  /** Everything ends after the ranking: there will be nothing to ask. */
  once: boolean;
}): Promise<void> {
  const { steps, signal, out, once } = options;
  const context = await openContext({ out, note: () => undefined }, ['kafka', 'redis', 'clickhouse']);
  try {
    // Nothing that follows would end while the log is not read.
    await requireFittingLog(context);
    const { county, fresh } = await ensureDemoCounty(context);
    const last = lastCompleteMonth(Date.now(), county.timeZone);
    steps.say(`${fresh ? '已登记' : '已有'}示例县 ${county.code} ${county.name}，起始月 ${county.startMonth}`);
    await steps.timed('示例事件已全部发送', () => untilSent(context, county, signal));
    await steps.timed('事件已全部入库', async () => {
      await waitUntilStored(context, await logEnd(context), () => undefined);
    });
    await steps.timed(`已计算 ${last} 平安指数`, () => scoreMonthNow(context, county, last));
    const [ranking, scheme] = await Promise.all([
      readRanking(context.store, county, last),
      schemeOfMonth(context.store, county.code, last),
    ]);
    out(`\n${titleOf(headOf(county, last, Date.now()))}`);
    out(renderTable(rankingTable(ranking, scheme)));
    const worst = ranking.rows.filter(({ rank }) => rank !== null).at(-1) ?? ranking.rows[0];
    const pingan = 'npm run -s pingan --';
    const next = once
      ? '本次只运行一遍，引擎与服务随即停止，数据保留。要查看以下内容，先运行 npm start，然后在另一个终端：'
      : '接下来（在另一个终端）：';
    out(`
${next}
  各月排名      ${pingan} rank --county ${county.code} --month ${addMonths(last, -1)}
  得分从何而来  ${pingan} explain --county ${county.code} --month ${last} --region ${worst?.name ?? ''}
  运行状况      ${pingan} status
  看板预览      npm run dashboards，然后打开 http://127.0.0.1:3300
  真实台账样例  npm run sample -- london
  导入自己的台账见 docs/台账接入.md`);
  } finally {
    await closeContext(context);
  }
}
