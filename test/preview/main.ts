import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readEndpoints, resolveHome } from '@pingan/local-engines';
import { accessConfig, clickhouseAccess, engineConfig, readConfig } from '@pingan/runtime';
import { startPreview } from './server.js';

/** `npm run dashboards`: serves the preview on loopback until Ctrl-C, or takes pictures and ends. */

const DEFAULT_PORT = 3300;

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: String(DEFAULT_PORT) },
    shots: { type: 'string' },
    only: { type: 'string' },
    query: { type: 'string' },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const web = fileURLToPath(new URL('../../preview/web/', import.meta.url));

function takeShots(url: string, folder: string): Promise<number> {
  const out = resolve(process.env.INIT_CWD ?? process.cwd(), folder);
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

const config = readConfig(engineConfig.pick({ CLICKHOUSE_DATABASE: true }).extend(accessConfig.shape), process.env);
const url =
  process.env.CLICKHOUSE_URL ?? readEndpoints({ home: resolveHome(process.env), env: process.env })?.clickhouseUrl;
if (!url) {
  say('没有找到正在运行的 ClickHouse。请先在另一个终端运行 npm start,或设置 CLICKHOUSE_URL。');
  process.exitCode = 3;
} else {
  const preview = await startPreview({
    source: { url, database: config.CLICKHOUSE_DATABASE, ...clickhouseAccess(config) },
    prometheus: process.env.PROMETHEUS_URL,
    port: options.shots === undefined ? Number(options.port) : 0,
  });
  if (options.shots !== undefined) {
    process.exitCode = await takeShots(preview.url, options.shots);
    await preview.stop();
  } else {
    say(`看板预览(不是 Grafana):${preview.url}\n按 Ctrl-C 停止。`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void preview.stop());
  }
}
