import type { Context } from '../context.js';
import { scoreMonthNow } from '../operations.js';
import { requireCounty, requireMonth } from '../scope.js';

/** `pingan score`: prints the id of the month's run; an existing one when nothing changed. */
export async function scoreCommand(context: Context, options: { county: string; month: string }): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const run = await scoreMonthNow(context, county, month);
  context.out(run.run_id);
}
