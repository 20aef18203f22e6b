import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEndpoints, resolveHome } from '@pingan/local-engines';
import { accessConfig, clickhouseAccess, engineConfig, readConfig } from '@pingan/runtime';
import type { Source } from './answers.js';
import { startPreview } from './server.js';

/** `npm run dashboards`: serves the preview on loopback until Ctrl-C, or takes pictures (`--shots DIR`) and ends. */

const PORT = 3300;

const { values: options } = parseArgs({
  options: { shots: { type: 'string' }, only: { type: 'string' }, query: { type: 'string' } },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const web = fileURLToPath(new URL('../../preview/web/', import.meta.url));
const { env } = process;

function source(): Source {
  const config = readConfig(engineConfig.pick({ CLICKHOUSE_DATABASE: true }).extend(accessConfig.shape), env);
  const url = env.CLICKHOUSE_URL ?? readEndpoints({ home: resolveHome(env), env })?.clickhouseUrl;
  if (!url) throw new Error('没有找到正在运行的 ClickHouse。请在另一个终端运行 npm start，或设置 CLICKHOUSE_URL。');
  return { url, database: config.CLICKHOUSE_DATABASE, ...clickhouseAccess(config) };
}

/** On the usual port, so that an open page finds it again; on a free one when somebody has that. */
async function open(): ReturnType<typeof startPreview> {
  const preview = { source, prometheus: env.PROMETHEUS_URL, web };
  try {
    return await startPreview({ ...preview, port: PORT });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startPreview({ ...preview, port: 0 });
  }
}

function takeShots(url: string, folder: string): Promise<number> {
  const out = resolve(env.INIT_CWD ?? process.cwd(), folder);
  const more = (['only', 'query'] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const child = spawn(process.execPath, ['dist/shots.mjs', '--url', url, '--out', out, ...more], {
    cwd: web,
    stdio: 'inherit',
  });
  return new Promise((done) => child.on('close', (code) => done(code ?? 1)));
}

const preview = await open();
if (options.shots !== undefined) {
  process.exitCode = await takeShots(preview.url, options.shots);
  await preview.stop();
} else {
  say(`看板预览（不是 Grafana）：${preview.url}\n按 Ctrl-C 停止。`);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void preview.stop());
}
