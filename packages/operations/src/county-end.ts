import { badRequest } from '@pingan/contracts';
import { type CountyHeld, requireCounty } from '@pingan/queries';
import { withAdmin } from './brokers.js';
import type { Installation } from './installation.js';
import { watermarkNow } from './log/fit.js';
import { withStandstill } from './log/standstill.js';
import { spanOf } from './registration/refusals.js';

/** `reset`: everything stored of a county goes, its registration stays; `remove`: that goes as well, and its schemes. */
export type CountyEnd = 'reset' | 'remove';

const verbs: Record<CountyEnd, string> = { reset: '清空', remove: '注销' };

/** What would be lost. @throws Refusal once something was published: what people were told must stay. */
export async function countyToEnd({ store }: Installation, code: string, end: CountyEnd): Promise<CountyHeld> {
  const county = await requireCounty(store, code);
  const extent = await store.countyData.extent(county.code);
  const { published } = extent;
  if (published.length === 0) return { county, extent };
  throw badRequest(
    `${county.code} ${county.name}已发布 ${published.length} 个月的结果（${spanOf(published)}），不能${verbs[end]}。没有改动任何数据。`,
  );
}

/** Intake and computing stand still: what is stored is taken away, and the log is left out up to here. */
export async function endCounty(installation: Installation, code: string, end: CountyEnd): Promise<void> {
  const { county } = await countyToEnd(installation, code, end);
  const { counties, countyData } = installation.store;
  await withStandstill(installation, async (standstill) => {
    await standstill.also('computing');
    // First, so that nothing brings back what is gone, wherever this is cut off.
    await countyData.noteStart(
      county.code,
      await withAdmin(installation, (admin) => watermarkNow(installation, admin)),
    );
    await countyData.clear(county.code);
  });
  if (end === 'remove') await counties.remove(county.code);
}
