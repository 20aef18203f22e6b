/**
 * The ClickHouse engine process: libchdb.so serves HTTP from a thread of its own until it is told to stop.
 * Its only argument is a ClickHouseJob as JSON.
 */
import { DataType, load, open } from 'ffi-rs';
import type { ClickHouseJob } from './clickhouse.js';

const job = JSON.parse(process.argv[2] ?? '{}') as ClickHouseJob;
const STOP_REQUEST_MS = 2000;
let stopping = false;

/** Ends the one query without a user, which holds the engine; the engine then shuts down in order. */
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  try {
    await fetch(job.url, {
      method: 'POST',
      body: `KILL QUERY WHERE user = '' ASYNC FORMAT Null`,
      signal: AbortSignal.timeout(STOP_REQUEST_MS),
    });
  } catch {
    // Not listening yet or out of connections; its tables survive a hard stop.
    process.kill(process.pid, 'SIGKILL');
  }
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => {});

open({ library: 'chdb', path: job.library });
await load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [job.args.length, job.args],
  // The engine's thread leaves this one free to hear signals.
  runInNewThread: true,
});
process.exit(stopping ? 0 : 1);
