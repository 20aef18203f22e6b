import { type Context, closeContext, type Output, openContext } from '../context.js';

type Engines = Parameters<typeof openContext>[1];

export const allEngines: Engines = ['kafka', 'redis', 'clickhouse'];
export const reading: Engines = ['clickhouse'];

/** The engines for the time of one command. */
export async function within(
  output: Output,
  engines: Engines,
  use: (context: Context) => Promise<unknown>,
): Promise<void> {
  const context = await openContext(output, engines);
  try {
    await use(context);
  } finally {
    await closeContext(context);
  }
}
