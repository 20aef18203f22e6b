import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensurePrerequisites, type MonitoringTool } from '@pingan/local-engines';

export const deployed = (path: string) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));

/** Paths of Prometheus' programs; what is missing is installed by apt, which takes a minute once, and nothing is started. */
export async function monitoringTools<T extends MonitoringTool>(...tools: readonly T[]): Promise<Record<T, string>> {
  return (await ensurePrerequisites({ engines: [], tools })) as Record<T, string>;
}

/** What promtool prints. @throws with it when a check fails. */
export async function promtool(...args: string[]): Promise<string> {
  const tools = await monitoringTools('promtool');
  const { stdout } = await promisify(execFile)(tools.promtool, args).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });
  return stdout;
}
