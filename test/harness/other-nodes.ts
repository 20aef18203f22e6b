import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../nodes/node_modules/', import.meta.url));

export interface OtherNode {
  major: number;
  /** Absent when this machine has none; then `missing` says why. */
  path?: string;
  missing?: string;
}

/** The Nodes of `test/nodes`, which `npm run test:full` installs: each is there when it says its own version. */
export function otherNodes(): OtherNode[] {
  return [22, 24].map((major) => {
    const path = `${folder}node-${major}-${process.platform}-${process.arch}/bin/node`;
    const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (stdout?.startsWith(`v${major}.`)) return { major, path };
    return { major, missing: `本机没有装上（${error?.message ?? stdout}）` };
  });
}
