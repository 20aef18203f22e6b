import { readFileSync } from 'node:fs';

/** View; Grafana's number for it. */
const VIEW = 1;

const teams = { analysts: '平安指数分析', operators: '平安指数运维' } as const;

type Item = { role: 'Viewer' | 'Editor'; permission: number } | { teamId: number; permission: number };

/** Speaks to Grafana's HTTP API as its administrator. */
interface Grafana {
  /** Without a slash at the end. */
  url: string;
  user: string;
  password: string;
}

async function ask<T>(grafana: Grafana, method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  const { url, user, password } = grafana;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}:${response.status} ${text}`);
  return JSON.parse(text) as T;
}

async function teamOf(grafana: Grafana, name: string): Promise<number> {
  const query = new URLSearchParams({ name });
  const { teams: found } = await ask<{ teams: { id: number }[] }>(grafana, 'GET', `/api/teams/search?${query}`);
  const known = found[0]?.id;
  if (known !== undefined) return known;
  return (await ask<{ teamId: number }>(grafana, 'POST', '/api/teams', { name })).teamId;
}

/**
 * Gives each folder to its audience, which files cannot do: leaders' to everybody who may sign in, the others to their teams.
 * What was set by hand on these folders is replaced; doing it again changes nothing. Administrators see everything anyway.
 * @throws with Grafana's answer when it refuses.
 */
export async function setRights(grafana: Grafana): Promise<void> {
  const allow = async (folder: string, items: readonly Item[]) => {
    await ask(grafana, 'POST', `/api/folders/${folder}/permissions`, { items });
  };
  await allow('pingan-leaders', [
    { role: 'Viewer', permission: VIEW },
    { role: 'Editor', permission: VIEW },
  ]);
  for (const [audience, name] of Object.entries(teams))
    await allow(`pingan-${audience}`, [{ teamId: await teamOf(grafana, name), permission: VIEW }]);
}

/** `node dashboards/dist/rights.js <address> <file with the password of admin>` */
if (import.meta.filename === process.argv[1]) {
  const [, , url, file] = process.argv;
  if (url === undefined || file === undefined) {
    process.stderr.write('用法：node dashboards/dist/rights.js <Grafana 地址> <管理员密码文件>\n');
    process.exitCode = 2;
  } else {
    await setRights({ url: url.replace(/\/$/, ''), user: 'admin', password: readFileSync(file, 'utf8').trim() });
    process.stdout.write(`已设置文件夹权限；把人员加入团队：${Object.values(teams).join('、')}\n`);
  }
}
