import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { answer, BadQuestion, committedDashboards, metrics, questionOf, type Source } from './answers.js';

/** Pages and data of the preview. It listens on loopback and reads only; it knows no user and no right. */
export interface PreviewOptions {
  /** Where the store is; asked for each query, because `npm start` may come and go. @throws when nobody knows. */
  source: () => Source;
  /** Address of a Prometheus; undefined where there is none. */
  prometheus: string | undefined;
  /** Folder of the built page and its dependencies. */
  web: string;
  /** 0 takes a free port. */
  port: number;
}

const MAX_BODY = 64 * 1024;
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
};
const icons = '/public/build/img/icons/';

function fileOf(web: string, path: string): string | undefined {
  if (path.startsWith('/d/')) return join(web, 'index.html');
  if (path.startsWith('/dist/')) return join(web, normalize(path));
  if (path.startsWith(icons))
    return join(web, 'node_modules/@grafana/ui/dist/public/img/icons', normalize(`/${path.slice(icons.length)}`));
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    parts.push(part as Buffer);
    size += (part as Buffer).length;
    if (size > MAX_BODY) throw new BadQuestion('请求过长');
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(content));
}

/** A page of another site may reach a loopback port by a name of its own; it does not get an answer. */
const isLocal = ({ headers }: IncomingMessage) => /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '');

async function handle(options: PreviewOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!isLocal(request)) return send(response, 403, { error: '只接受本机访问' });
  if (pathname === '/') {
    response.writeHead(302, { location: `/d/${committedDashboards()[0]!.uid}` });
    return void response.end();
  }
  if (pathname === '/api/dashboards')
    return send(response, 200, { dashboards: committedDashboards(), hasPrometheus: options.prometheus !== undefined });
  if (request.method === 'POST' && pathname === '/api/answer') {
    const question = questionOf(await bodyOf(request));
    return send(response, 200, await answer(options.source(), question));
  }
  if (request.method === 'POST' && pathname === '/api/metrics') {
    const question = questionOf(await bodyOf(request));
    if (!options.prometheus) throw new BadQuestion('没有连接 Prometheus');
    return send(response, 200, await metrics(options.prometheus, question));
  }
  const file = fileOf(options.web, pathname);
  if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile())
    return send(response, 404, { error: '没有这个页面' });
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
  response.end(readFileSync(file));
}

export async function startPreview(options: PreviewOptions): Promise<{ url: string; stop: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    handle(options, request, response).catch((error: Error) => {
      const status = error instanceof BadQuestion ? 400 : 502;
      if (!response.headersSent) send(response, status, { error: error.message });
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
