// Runs before anything is installed: plain JavaScript, Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

const stampFile = join(root, 'node_modules', '.cache', 'pingan', 'installed');

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`需要 Node.js 20.19 或更新版本,当前是 ${process.versions.node}。`);
}

/** Runs a command quietly; what it printed is shown only when it failed. */
function quietly(command, args, what) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => printed.push(part));
    child.on('error', (error) => reject(new Error(`${what}失败:${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const tail = Buffer.concat(printed).toString('utf8').trimEnd().split('\n').slice(-40).join('\n');
      return reject(new Error(`${what}失败(${command} ${args.join(' ')}):\n${tail}`));
    });
  });
}

/** Changes with the locked dependencies and with Node's major version: some packages hold binaries for it. */
function wantedStamp() {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(join(root, name)));
  return hash.update(process.versions.modules).digest('hex');
}

async function install() {
  const stamp = wantedStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  await quietly('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], '安装依赖');
  mkdirSync(join(stampFile, '..'), { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

/**
 * Installs the locked dependencies when they changed, brings pnpm in itself, and builds what is out of date.
 * `log` gets a line per step with its seconds.
 */
export async function prepare(log) {
  checkNode();
  const timed = async (name, step) => {
    const startedAt = Date.now();
    const did = await step();
    log(did === false ? `${name}:已是最新` : name, Date.now() - startedAt);
  };
  await timed('安装依赖', install);
  await timed('构建', () =>
    quietly(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'test', 'deploy/local'], '构建'),
  );
}
