import { createHash } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clickhouseSpec } from '@pingan/local-engines';
import { deployed, startProgram } from './monitoring.js';
import { freePorts } from './ports.js';

/** What a ClickHouse server comes with: one user without a password. */
const plain = `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users><default><password/><networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota></default></users>
</clickhouse>
`;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A ClickHouse of its own with the files of `deploy/clickhouse`, as a server reads them. */
export async function startClickHouseWithUsers(folder: string, passwords: { services: string; reader: string }) {
  const [port = 0] = await freePorts(1);
  const spec = clickhouseSpec({ dataDir: folder, port, password: passwords.services });
  writeFileSync(join(folder, 'users.xml'), plain);
  for (const name of ['users.d', 'config.d'])
    cpSync(deployed(`clickhouse/${name}`), join(folder, name), { recursive: true });
  const users = `<users_config>${join(folder, 'users.xml')}</users_config>`;
  writeFileSync(join(folder, 'config.xml'), `<clickhouse>${users}</clickhouse>`);
  const env = {
    ...process.env,
    CLICKHOUSE_PASSWORD_SHA256: sha256(passwords.services),
    CLICKHOUSE_GRAFANA_PASSWORD_SHA256: sha256(passwords.reader),
  };
  const { stop } = await startProgram(spec.command, spec.args, spec.ready, { cwd: spec.cwd, env });
  return { url: `http://127.0.0.1:${port}`, stop };
}
