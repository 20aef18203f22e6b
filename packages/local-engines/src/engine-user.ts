import { runCommand } from './commands.js';
import type { Owner } from './files.js';
import { ENGINE_USER, type StepLog } from './types.js';

export const ROOT: Owner = { uid: 0, gid: 0 };
export const isRoot = () => process.getuid?.() === 0;

/**
 * The system user that engines run as when root starts them, made when it is missing. Undefined when we are not root or it
 * cannot be made: then engines run as we do.
 */
export async function engineUser(options: { log: StepLog; allowInstall: boolean }): Promise<Owner | undefined> {
  if (!isRoot()) return undefined;
  const found = await lookUp();
  if (found) return found;
  const made = options.allowInstall ? await makeUser() : undefined;
  options.log({
    phase: 'notice',
    message: made
      ? `已建立系统用户 ${ENGINE_USER}，引擎以它的身份运行，不用 root。`
      : `引擎将以 root 身份运行：没有系统用户 ${ENGINE_USER}，也无法用 useradd 建立。建议改用普通用户启动。`,
  });
  return made;
}

async function makeUser(): Promise<Owner | undefined> {
  const account = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  await runCommand('useradd', [...account, '--shell', '/usr/sbin/nologin', ENGINE_USER]);
  // Another start may have been first, so the result of useradd does not matter.
  return lookUp();
}

async function lookUp(): Promise<Owner | undefined> {
  const ids = await Promise.all(['-u', '-g'].map((which) => runCommand('id', [which, ENGINE_USER])));
  const [uid, gid] = ids.map(({ ok, output }) => (ok ? Number(output.trim()) : Number.NaN));
  return uid && gid ? { uid, gid } : undefined;
}

const SCRIPT = `
home=$1
shift
cd "$home" || { echo "$home"; exit 1; }
for path in "$@"; do
  [ -r "$path" ] && { [ ! -d "$path" ] || [ -x "$path" ]; } || { echo "$path"; exit 1; }
done
`;

/** What the user cannot use of these: the home to pass through, programs and libraries to read. Undefined when it can. */
export async function outOfReach(user: Owner, home: string, programs: readonly string[]): Promise<string | undefined> {
  const { ok, output } = await runCommand('/bin/sh', ['-c', SCRIPT, 'sh', home, ...programs], { runAs: user });
  return ok ? undefined : (output.trim().split('\n').at(-1) ?? home);
}
