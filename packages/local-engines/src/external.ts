import { PATIENCE_MS } from '@pingan/runtime';
import { EngineError } from './errors.js';
import { checkEngine } from './probes.js';
import {
  ENGINE_LABELS,
  ENGINE_VARIABLES,
  type Endpoints,
  type EngineName,
  type Environment,
  type StepLog,
} from './types.js';

const ATTEMPTS = 3;

/** One that is silent is not asked again; one that refuses may just be starting. */
const SILENT_MS = PATIENCE_MS / 2;

/** Engines that somebody else runs must answer before anything is started beside them. */
export async function checkExternal(options: {
  engines: readonly EngineName[];
  endpoints: Partial<Endpoints>;
  env: Environment;
  log: StepLog;
}): Promise<void> {
  await Promise.all(options.engines.map((engine) => checkOne({ ...options, engine })));
}

async function checkOne(options: {
  engine: EngineName;
  endpoints: Partial<Endpoints>;
  env: Environment;
  log: StepLog;
}): Promise<void> {
  const { engine, endpoints, env } = options;
  const label = ENGINE_LABELS[engine];
  const begunAt = performance.now();
  let check = await checkEngine(engine, endpoints, env);
  for (let attempt = 1; attempt < ATTEMPTS && !check.ok && performance.now() - begunAt < SILENT_MS; attempt++)
    check = await checkEngine(engine, endpoints, env);
  if (!check.ok) {
    throw new EngineError({
      code: 'unreachable',
      engine,
      message: `环境变量 ${ENGINE_VARIABLES[engine]} 指定的 ${label} 没有应答：${check.detail}`,
      hint: `请确认 ${label} 已启动且地址正确；去掉该变量则在本机启动一个。`,
    });
  }
  options.log({ phase: 'external', engine, message: `使用已有的 ${label}（${check.detail}）` });
}
