/**
 * The ClickHouse engine process: libchdb.so serves HTTP from a thread of its own until it is told to stop.
 * Its only argument is a ClickHouseJob as JSON.
 */
import { request } from 'node:http';
import { DataType, load, open } from 'ffi-rs';
import type { ClickHouseJob } from './clickhouse.js';
import { AUTHORIZATION_VARIABLE } from './keeper.js';

const job = JSON.parse(process.argv[2] ?? '{}') as ClickHouseJob;
const ORDERLY_STOP_MS = 3000;
let stopping = false;

/**
 * Ends the one query of another user, which holds the engine; the engine then shuts down in order. It waits for idle
 * connections of its clients, though, so its patience is limited: tables survive a hard stop.
 */
function stop(): void {
  if (stopping) return;
  stopping = true;
  const hardStop = () => process.kill(process.pid, 'SIGKILL');
  setTimeout(hardStop, ORDERLY_STOP_MS);
  // Without an agent the connection is closed after the answer, so this one is not waited for.
  const headers = { authorization: process.env[AUTHORIZATION_VARIABLE] };
  const kill = request(job.url, { method: 'POST', headers, agent: false }, (response) => response.resume());
  kill.once('error', hardStop);
  kill.end(`KILL QUERY WHERE user != currentUser() ASYNC`);
}

process.on('SIGTERM', stop);
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
