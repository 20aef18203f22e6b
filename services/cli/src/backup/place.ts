import { ingestorGroup } from '@pingan/contracts';
import { partitionLags, watermarkOf } from '@pingan/messaging';
import { withAdmin } from '../brokers.js';
import type { Context } from '../context.js';
import type { Manifest } from './manifest.js';

/** Where the group stands in the log: everything below is in the tables. */
export async function readPlace(context: Context): Promise<Manifest['log']> {
  const lags = await withAdmin(context, (admin) => partitionLags(admin, ingestorGroup));
  return { watermark: watermarkOf(lags), waiting: lags.reduce((sum, { lag }) => sum + Number(lag), 0) };
}
