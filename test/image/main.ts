/** Builds the image's stages in an empty folder, with the Node.js it names, and starts services from the result. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endpointsToEnv, startEngines } from '@pingan/local-engines';
import { until } from '../harness/poll.js';
import { freePorts } from '../harness/ports.js';
import { buildStages, copyContext, stagesOf } from './dockerfile.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'pingan-image-'));
const begunAt = performance.now();
const say = (text: string) =>
  process.stdout.write(`[${((performance.now() - begunAt) / 1000).toFixed(1).padStart(6)} s] ${text}\n`);

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
  say(`✓ ${what}`);
}

const output = (command: string, args: string[], options = {}) =>
  execFileSync(command, args, { encoding: 'utf8', ...options }).trim();

/** The Node.js of the base image, from npm. */
function installNode(base: string): string {
  const version = /^node:(\d+\.\d+\.\d+)-/.exec(base)?.[1];
  if (version === undefined) throw new Error(`${base} names no version of Node.js`);
  const home = join(folder, 'node');
  mkdirSync(home);
  output('npm', [
    'install',
    '--silent',
    '--no-save',
    '--prefix',
    home,
    `node-${process.platform}-${process.arch}@${version}`,
  ]);
  const programs = join(home, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  must(output(join(programs, 'node'), ['--version']) === `v${version}`, `Node.js ${version}`);
  return programs;
}

const bytesOf = (path: string) => Number(output('du', ['-sb', path]).split('\t')[0]);

/** Starts a service as the image does and waits until it is ready; it must end with status 0 when told to. */
async function tryService(name: string, run: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [port] = await freePorts(1);
  const child = spawn(run, [name], {
    env: { ...env, HEALTH_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  try {
    const path = (what: string) => `http://127.0.0.1:${port}${what}`;
    await until(`${name} is ready`, async () => (await fetch(path('/readyz'))).ok, { deadlineMs: 60_000 });
    must((await fetch(path('/healthz'))).ok, `${name} starts, is ready and alive`);
  } finally {
    child.kill('SIGTERM');
  }
  must((await ended) === 0, `${name} ends on SIGTERM`);
}

async function main(): Promise<void> {
  const stages = stagesOf(readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'));
  const bases = new Set(stages.map(({ base }) => base));
  must(bases.size === 1, 'every stage begins with the same image');
  const programs = installNode([...bases][0]!);
  const context = join(folder, 'context');
  copyContext(root, join(root, 'deploy/Dockerfile.dockerignore'), context);
  // The last stage only copies and makes a folder that belongs to its user: that needs a root file system.
  const app = buildStages(stages.slice(0, -1), {
    context,
    folder: join(folder, 'stages'),
    args: { NPM_REGISTRY: output('npm', ['config', 'get', 'registry']) },
    programs,
    onStep: (text) => say(`RUN ${text}`),
  });
  const home = join(app, 'app');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  must(!files.some((file) => /(^|\/)(libchdb\.so|typescript|vitest)$/.test(file)), 'no engine, compiler or test in it');
  must(
    !files.some((file) => !file.includes('node_modules') && /(?<!\.d)\.ts$|\.test\./.test(file)),
    'no sources in it',
  );
  say(`${(bytesOf(home) / 2 ** 20).toFixed(0)} MiB besides the base image`);
  rmSync(context, { recursive: true });
  rmSync(join(folder, 'stages', 'build'), { recursive: true });

  const tools = join(folder, 'bin');
  cpSync(join(root, 'deploy/image'), tools, { recursive: true });
  const env = { PATH: `${tools}:${programs}:/usr/bin:/bin`, PINGAN_APP: home, PINGAN_HOME: join(folder, 'home') };
  const run = join(tools, 'run');
  must(/status/.test(output(join(tools, 'pingan'), ['help'], { env })), 'pingan help');
  for (const name of ['', 'nothing', '../cli']) {
    const refused = spawn(run, [name], { env, stdio: 'ignore' });
    must((await new Promise((resolve) => refused.once('exit', resolve))) === 2, `no service is called "${name}"`);
  }
  const engines = await startEngines({ home: join(folder, 'engines') });
  try {
    const reached = { ...env, ...endpointsToEnv(engines.endpoints) };
    for (const name of readdirSync(join(home, 'services')).filter((one) => one !== 'cli'))
      await tryService(name, run, reached);
    must(/引擎/.test(output(join(tools, 'pingan'), ['status'], { env: reached })), 'pingan status');
  } finally {
    await engines.stop();
  }
}

try {
  await main();
} finally {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
