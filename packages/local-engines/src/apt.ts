import { existsSync } from 'node:fs';
import { type CommandResult, findOnPath, lastLines, runCommand } from './commands.js';
import { isRoot } from './engine-user.js';
import type { Environment } from './types.js';

/**
 * Installs "$@". Debian starts a service right after installing it; policy-rc.d forbids that for the moment, and a
 * service that came with us is not started at boot either: it would hold its port and serve nobody.
 */
const INSTALL_SCRIPT = `
set -e
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
install() { apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"; }
install "$@" || { apt-get -q update && install "$@"; }
for name in "$@"; do
  case "$name" in redis-server | prometheus | prometheus-node-exporter)
    if [ -d /run/systemd/system ]; then systemctl disable --quiet "$name" || true; fi
  esac
done
`;

/** True on Debian and its relatives when we are root or sudo asks for no password. */
export async function canInstall(env: Environment): Promise<boolean> {
  if (!findOnPath('apt-get', env)) return false;
  return isRoot() || (await runCommand('sudo', ['-n', 'true'])).ok;
}

/** Takes of each list the first package that this release knows. */
export async function aptInstall(alternatives: readonly (readonly string[])[]): Promise<CommandResult> {
  let packages = await knownPackages(alternatives);
  if (packages.includes(undefined)) {
    await asRoot(['apt-get', '-q', 'update']);
    packages = await knownPackages(alternatives);
  }
  const names = packages.map((name, i) => name ?? alternatives[i]?.[0] ?? '');
  const result = await asRoot(['sh', '-c', INSTALL_SCRIPT, 'install', ...names]);
  return { ok: result.ok, output: lastLines(result.output, 12) };
}

export function installCommand(packages: readonly string[]): string {
  if (process.platform === 'darwin') {
    const formulas = packages.map((name) => name.replace(/^openjdk.*/, 'openjdk@17').replace('redis-server', 'redis'));
    return `brew install ${formulas.join(' ')}`;
  }
  const sudo = isRoot() ? '' : 'sudo ';
  const command = `${sudo}apt-get update && ${sudo}apt-get install -y ${packages.join(' ')}`;
  return existsSync('/usr/bin/apt-get') ? command : `${command}（其他发行版请用其软件包管理器安装对应软件）`;
}

function asRoot([command = '', ...args]: string[]): Promise<CommandResult> {
  return isRoot() ? runCommand(command, args) : runCommand('sudo', ['-n', command, ...args]);
}

function knownPackages(alternatives: readonly (readonly string[])[]): Promise<(string | undefined)[]> {
  return Promise.all(
    alternatives.map(async (names) => {
      for (const name of names) {
        if ((await runCommand('apt-cache', ['show', name])).ok) return name;
      }
      return undefined;
    }),
  );
}
