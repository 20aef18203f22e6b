import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, canInstall, installCommand } from './apt.js';
import { findOnPath, isExecutable, runCommand } from './commands.js';
import { EngineError } from './errors.js';
import { cacheDirectory } from './home.js';
import { hasKafkaJars } from './kafka-jars.js';
import { withLock } from './lock.js';
import { ENGINE_NAMES, type EngineName, type Environment, type StepLog } from './types.js';

/** What engines need, and what only tests do: Prometheus, its checker of rules, and its exporter of a machine's figures. */
export type Tool = 'java' | 'maven' | 'redis-server' | MonitoringTool;
export type MonitoringTool = 'prometheus' | 'promtool' | 'prometheus-node-exporter';

/** Paths of the programs found; a tool that no engine needs is left out. */
export type Tools = Partial<Record<Tool, string>>;

export interface PrerequisiteOptions {
  /** Engines that are going to be started; all by default. ClickHouse comes from npm and needs nothing. */
  engines?: readonly EngineName[];
  /** Further programs, which no engine needs. */
  tools?: readonly MonitoringTool[];
  log?: StepLog;
  /** May packages be installed through apt (as root or with password-less sudo)? */
  allowInstall?: boolean;
  env?: Environment;
}

export const MINIMUM_JAVA = 17;

/** Debian packages, the first that exists in the release is taken. */
export const PACKAGES: Readonly<Record<Tool, readonly string[]>> = {
  java: ['openjdk-17-jre-headless', 'openjdk-21-jre-headless', 'default-jre-headless'],
  maven: ['maven'],
  'redis-server': ['redis-server'],
  prometheus: ['prometheus'],
  promtool: ['prometheus'],
  'prometheus-node-exporter': ['prometheus-node-exporter'],
};

const TOOL_ENGINE: Readonly<Partial<Record<Tool, EngineName>>> = {
  java: 'kafka',
  maven: 'kafka',
  'redis-server': 'redis',
};

/** Finds Java, Maven and redis-server, installs what is missing, or says what to install. */
export async function ensurePrerequisites(options: PrerequisiteOptions = {}): Promise<Tools> {
  const { engines = ENGINE_NAMES, tools = [], log = () => {}, allowInstall = true, env = process.env } = options;
  const needed = [...neededTools(engines, hasKafkaJars()), ...tools];
  const before = await findTools(needed, env);
  if (before.missing.length === 0) return before.tools;
  if (!allowInstall || !(await canInstall(env))) throw missingError(before);

  mkdirSync(cacheDirectory(), { recursive: true });
  return withLock(join(cacheDirectory(), 'apt.lock'), async () => {
    const { missing } = await findTools(needed, env);
    if (missing.length > 0) {
      log({ phase: 'install', message: `正在安装缺少的软件：${missing.join('、')}（apt，需要一两分钟）` });
      const started = Date.now();
      const result = await aptInstall(missing.map((tool) => PACKAGES[tool]));
      if (!result.ok) throw missingError(before, result.output);
      log({ phase: 'install', message: `已安装：${missing.join('、')}`, elapsedMs: Date.now() - started });
    }
    const after = await findTools(needed, env);
    if (after.missing.length > 0) throw missingError(after);
    return after.tools;
  });
}

export function neededTools(engines: readonly EngineName[], jarsCached: boolean): Tool[] {
  const tools: Tool[] = [];
  if (engines.includes('kafka')) tools.push('java', ...(jarsCached ? [] : (['maven'] as const)));
  if (engines.includes('redis')) tools.push('redis-server');
  return tools;
}

interface Findings {
  tools: Tools;
  missing: Tool[];
  /** Version of a Java that is there but too old. */
  oldJava: number | undefined;
}

async function findTools(needed: Tool[], env: Environment): Promise<Findings> {
  const findings: Findings = { tools: {}, missing: [], oldJava: undefined };
  for (const tool of needed) {
    const found = tool === 'java' ? await findJava(env, findings) : findOnPath(tool === 'maven' ? 'mvn' : tool, env);
    if (found) findings.tools[tool] = found;
    else findings.missing.push(tool);
  }
  return findings;
}

/** The default Java may be an old one while a newer one is installed beside it. */
async function findJava(env: Environment, findings: Findings): Promise<string | undefined> {
  const home = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : undefined;
  const candidates = [home, findOnPath('java', env), ...installedJavas()];
  for (const java of new Set(candidates)) {
    if (!java || !isExecutable(java)) continue;
    const { ok, output } = await runCommand(java, ['-version']);
    const version = ok ? javaMajor(output) : undefined;
    if (version !== undefined && version >= MINIMUM_JAVA) return java;
    findings.oldJava ??= version;
  }
  return undefined;
}

function installedJavas(): string[] {
  const root = '/usr/lib/jvm';
  try {
    return readdirSync(root).map((name) => join(root, name, 'bin', 'java'));
  } catch {
    return [];
  }
}

/** Reads `java -version`: 17 from "17.0.15", 8 from "1.8.0_402". */
export function javaMajor(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match ? Number(match[1]) : undefined;
}

export function missingError(findings: Pick<Findings, 'missing' | 'oldJava'>, output?: string): EngineError {
  const names = findings.missing.map((tool) => {
    if (tool === 'java') {
      const old = findings.oldJava === undefined ? '' : `，现有版本 ${findings.oldJava} 过旧`;
      return `Java ${MINIMUM_JAVA} 以上${old}`;
    }
    return tool === 'maven' ? 'Maven' : tool;
  });
  const [first = 'java'] = findings.missing;
  return new EngineError({
    code: 'prerequisite-missing',
    engine: TOOL_ENGINE[first] ?? 'home',
    message: output
      ? `自动安装失败，缺少：${names.join('、')}。apt 输出末尾：\n${output}`
      : `缺少运行所需的软件：${names.join('、')}。`,
    hint: `请执行：${installCommand(findings.missing.map((tool) => PACKAGES[tool][0] ?? tool))}`,
  });
}
