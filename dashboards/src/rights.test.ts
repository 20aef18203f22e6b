import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { setRights } from './rights.js';

/**
 * Stands in for Grafana, which cannot be had here: it keeps what the documented interface would keep. That Grafana understands
 * the requests is not shown by this.
 */
function standIn() {
  const teams: string[] = [];
  const permissions: Record<string, unknown> = {};
  const answer = (method: string, url: URL, body: string): [number, unknown] => {
    const folder = /^\/api\/folders\/([\w-]+)\/permissions$/.exec(url.pathname)?.[1];
    if (method === 'POST' && folder !== undefined) {
      permissions[folder] = (JSON.parse(body) as { items: unknown }).items;
      return [200, { message: 'ok' }];
    }
    if (method === 'GET' && url.pathname === '/api/teams/search') {
      const id = teams.indexOf(url.searchParams.get('name')!) + 1;
      return [200, { teams: id > 0 ? [{ id }] : [] }];
    }
    if (method === 'POST' && url.pathname === '/api/teams') {
      return [200, { teamId: teams.push((JSON.parse(body) as { name: string }).name) }];
    }
    return [404, { message: 'not found' }];
  };
  const server = createServer((request, response) => {
    const wanted = `Basic ${Buffer.from('admin:secret').toString('base64')}`;
    let body = '';
    request.on('data', (part: Buffer) => {
      body += part;
    });
    request.on('end', () => {
      const allowed = request.headers.authorization === wanted;
      const [status, value] = allowed
        ? answer(request.method!, new URL(request.url!, 'http://grafana'), body)
        : [401, { message: 'Invalid username or password' }];
      response.writeHead(status).end(JSON.stringify(value));
    });
  });
  return { server, teams, permissions };
}

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('leaves leaders to everybody and the others to their teams, however often it is done', async () => {
  const { server, teams, permissions } = standIn();
  const url = await listen(server);
  for (let i = 0; i < 2; i++) {
    await setRights({ url, user: 'admin', password: 'secret' });
    expect(teams).toEqual(['平安指数分析', '平安指数运维']);
    expect(permissions).toEqual({
      'pingan-leaders': [
        { role: 'Viewer', permission: 1 },
        { role: 'Editor', permission: 1 },
      ],
      'pingan-analysts': [{ teamId: 1, permission: 1 }],
      'pingan-operators': [{ teamId: 2, permission: 1 }],
    });
  }
});

it('says what Grafana said when it refuses', async () => {
  const url = await listen(standIn().server);
  const attempt = setRights({ url, user: 'admin', password: 'wrong' });
  await expect(attempt).rejects.toThrow('POST /api/folders/pingan-leaders/permissions:401 ');
  await expect(attempt).rejects.not.toThrow('wrong');
});
