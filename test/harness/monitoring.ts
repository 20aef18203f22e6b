import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePrerequisites, type MonitoringTool } from '@pingan/local-engines';
import { until } from './poll.js';

export const deployed = (path: string) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));

/** Paths of Prometheus' programs; what is missing is installed by apt, which takes a minute once, and nothing is started. */
export async function monitoringTools<T extends MonitoringTool>(...tools: readonly T[]): Promise<Record<T, string>> {
  return (await ensurePrerequisites({ engines: [], tools })) as Record<T, string>;
}

/** What promtool prints. @throws with it when a check fails. */
export async function promtool(...args: string[]): Promise<string> {
  const tools = await monitoringTools('promtool');
  const { stdout } = await promisify(execFile)(tools.promtool, args).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}

/** Whether a page of a program is there. */
export const answers = (url: string) => async (): Promise<boolean> => (await fetch(url)).ok;

/** A program on loopback that is up when `isReady` does not refuse; ends with `stop`. */
export async function startProgram(
  command: string,
  args: readonly string[],
  isReady: (pid: number) => Promise<unknown>,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said = `${said}${part}`.slice(-4_000);
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
  };
  await until(`${command} answers`, async () => {
    if (child.exitCode !== null) throw new Error(said);
    return (await isReady(child.pid!)) !== false;
  }).catch(async (error) => {
    await stop();
    throw error;
  });
  return { stop };
}

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** What Prometheus answers now. @throws with its message. */
export async function promql(url: string, query: string): Promise<Sample[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query })}`);
  const { status, error, data } = (await response.json()) as {
    status: string;
    error?: string;
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (status !== 'success') throw new Error(error);
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}
