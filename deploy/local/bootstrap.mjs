// Runs before anything is installed: plain JavaScript, Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`需要 Node.js 20.19 或更新版本，当前是 ${process.versions.node}。`);
}

/** Runs a command quietly; what it printed is shown only when it failed. */
function quietly(command, args, what, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: process.env });
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => printed.push(part));
    child.on('error', (error) => reject(new Error(`${what}失败：${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const tail = Buffer.concat(printed).toString('utf8').trimEnd().split('\n').slice(-40).join('\n');
      return reject(new Error(`${what}失败（${command} ${args.join(' ')}）：\n${tail}`));
    });
  });
}

/** Changes with the locked dependencies and with Node's major version: some packages hold binaries for it. */
function wantedStamp(folder) {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(join(folder, name)));
  return hash.update(process.versions.modules).digest('hex');
}

/** pnpm itself, by the hash in a lockfile of its own: npx would take whatever the registry gives under this version. */
async function pnpm() {
  const folder = join(root, 'deploy/local/pnpm');
  const program = join(folder, 'node_modules/pnpm/bin/pnpm.cjs');
  const { version } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages['node_modules/pnpm'];
  const manifest = join(folder, 'node_modules/pnpm/package.json');
  if (!existsSync(manifest) || JSON.parse(readFileSync(manifest, 'utf8')).version !== version)
    await quietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], '安装 pnpm', folder);
  return program;
}

async function install(folder = root) {
  const stamp = wantedStamp(folder);
  const stampFile = join(folder, 'node_modules', '.cache', 'pingan', 'installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  await quietly(process.execPath, [await pnpm(), 'install', '--frozen-lockfile'], '安装依赖', folder);
  mkdirSync(join(stampFile, '..'), { recursive: true });
  writeFileSync(stampFile, stamp);
  return true;
}

async function timed(log, name, step) {
  const startedAt = Date.now();
  const did = await step();
  log(did === false ? `${name}：已是最新` : name, Date.now() - startedAt);
}

/**
 * Installs the locked dependencies when they changed, brings pnpm in itself, and builds what is out of date.
 * `log` gets a line per step with its seconds.
 */
export async function prepare(log) {
  checkNode();
  await timed(log, '安装依赖', () => install());
  await timed(log, '构建', () =>
    quietly(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'test', 'deploy/local'], '构建'),
  );
}

/** Installs and builds the page of the preview, which has half a gigabyte of dependencies that nothing else needs. */
export async function preparePreview(log) {
  const folder = join(root, 'test/preview/web');
  await timed(log, '安装看板预览（首次约 500 MB）', () => install(folder));
  await timed(log, '构建看板预览', async () => {
    await quietly(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], '检查看板预览', folder);
    await quietly(process.execPath, ['build.mjs'], '构建看板预览', folder);
  });
}

/** Installs the other versions of Node that the long tests run on; without a registry they do without. */
export async function prepareOtherNodes(log) {
  await timed(log, '安装 Node 22 与 Node 24', () => install(join(root, 'test/nodes'))).catch((error) =>
    process.stderr.write(`${error.message}\n长测试只用本机的 Node ${process.versions.node}。\n`),
  );
}
