import { scoreMonthNow } from '@pingan/operations';
import { requireCounty, requireMonth } from '@pingan/queries';
import type { Context } from '../context.js';

/** `pingan score`: prints the id of the month's run; an existing one when nothing changed. */
export async function scoreCommand(context: Context, options: { county: string; month: string }): Promise<void> {
  const county = await requireCounty(context.store, options.county);
  const month = await requireMonth(context.store, county, options.month, Date.now());
  const run = await scoreMonthNow(context, county, month);
  context.out(run.run_id);
}
