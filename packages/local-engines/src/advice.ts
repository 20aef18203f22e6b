import { endpointsFromEnv } from './endpoints.js';
import { readJson } from './files.js';
import { homePaths } from './home.js';
import { asProcessRef, isAlive, type ProcessRef } from './processes.js';
import { ENGINE_LABELS, ENGINE_VARIABLES, type EngineName, type Environment } from './types.js';

const START = '请先在另一个终端运行 npm start，或设置 KAFKA_BROKERS、REDIS_URL、CLICKHOUSE_URL。';

/** The process that owns the home; undefined when nothing runs there. */
function launcherOf(home: string): ProcessRef | undefined {
  const holder = asProcessRef(readJson(homePaths(home).lock));
  return isAlive(holder) ? holder : undefined;
}

function named(engine: EngineName, env: Environment): boolean {
  const { kafkaBrokers, redisUrl, clickhouseUrl } = endpointsFromEnv(env);
  return { kafka: kafkaBrokers, redis: redisUrl, clickhouse: clickhouseUrl }[engine] !== undefined;
}

/** What to do about engines that do not answer; without any, about addresses that are not known. Chinese. */
export function adviceFor({
  home,
  env,
  engines,
}: {
  home: string;
  env: Environment;
  engines: readonly EngineName[];
}): string {
  const elsewhere = engines.filter((engine) => named(engine, env));
  const own = engines.filter((engine) => !elsewhere.includes(engine));
  const texts = elsewhere.map(
    (engine) => `请检查 ${ENGINE_VARIABLES[engine]} 所指的 ${ENGINE_LABELS[engine]} 是否在运行、网络是否通。`,
  );
  if (own.length === 0 && elsewhere.length > 0) return texts.join('');
  const launcher = launcherOf(home);
  if (!launcher) return [...texts, START].join('');
  const waiting =
    own.length === 0
      ? `npm start（进程 ${launcher.pid}）已在运行，还没有全部就绪：请稍候再试。`
      : `npm start（进程 ${launcher.pid}）已在运行：引擎退出后立即重启，停住一分钟后强制重启，请稍候再试；仍不行请看日志 ${own.map((engine) => homePaths(home).log(engine)).join('、')}。`;
  return [...texts, waiting].join('');
}
