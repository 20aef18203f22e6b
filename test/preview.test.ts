import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FULL } from './harness/full.js';
import { ask, panelsOf, variablesOf } from './harness/grafana.js';
import { openPipeline, type Pipeline } from './harness/pipeline.js';
import { handMadeRun } from './harness/runs.js';
import { committedDashboards, readerSettings } from './preview/answers.js';
import type { Question, Table } from './preview/question.js';
import { startPreview } from './preview/server.js';

/** The preview's data server over a real store, without a browser. */

const month = '2025-09';
let pipeline: Pipeline;
let preview: Awaited<ReturnType<typeof startPreview>>;

const values = { county: '100001', month, region: 'R1', unit: ['$__all'], indicator: 'P01', scheme: 'x' };
const base = { values, from: Date.parse('2024-01-01') / 1000, to: Date.parse('2026-01-01') / 1000 };

async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(preview.url + path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, content: (await response.json()) as T & { error?: string } };
}
const answer = (question: Partial<Question>) => post<Table>('/api/answer', { ...base, ...question });

beforeAll(async () => {
  pipeline = await openPipeline();
  // The scorer would replace the run that is made by hand.
  await Promise.all(Object.values(pipeline.services).map((service) => service.stop()));
  const source = { url: pipeline.env.CLICKHOUSE_URL!, database: pipeline.env.CLICKHOUSE_DATABASE! };
  const web = mkdtempSync(join(pipeline.home, 'web-'));
  mkdirSync(join(web, 'dist'));
  writeFileSync(join(web, 'dist/page.js'), '1');
  preview = await startPreview({ source: () => source, prometheus: undefined, web, port: 0 });
  const county = builtinCounty('610222')!;
  const names = ["东'街<b>", '西乡'];
  await pipeline.store.counties.save({ ...county, code: '100001', name: '试县', startMonth: month, demo: null });
  const run = handMadeRun({ county: '100001', period: month, names, scheme: 'a' });
  await pipeline.store.runs.write([run]);
  await pipeline.store.runs.activate([run.head]);
});

afterAll(async () => {
  await preview?.stop();
  await pipeline?.close();
});

test('every query of the committed files is found by its place and answered', { tags: [FULL] }, async () => {
  const { dashboards } = (await (await fetch(`${preview.url}/api/dashboards`)).json()) as {
    dashboards: ReturnType<typeof committedDashboards>;
  };
  expect(dashboards).toEqual(committedDashboards());
  const faults: string[] = [];
  for (const dashboard of dashboards) {
    const places = [
      ...panelsOf(dashboard)
        .filter(({ datasource }) => datasource?.type !== 'prometheus')
        .map(({ id }) => ({ panel: id! })),
      ...variablesOf(dashboard)
        .filter(({ type }) => type === 'query')
        .map(({ name }) => ({ variable: name })),
    ];
    for (const place of places) {
      const { status, content } = await answer({ dashboard: dashboard.uid!, ...place });
      if (status !== 200) faults.push(`${dashboard.uid} ${JSON.stringify(place)}: ${content.error}`);
      else if (content.rows.some((row) => row.length !== content.columns.length)) faults.push('ragged rows');
    }
  }
  expect(faults).toEqual([]);
});

test('rows are those of the ranking, names as they are', async () => {
  const [ranking] = committedDashboards();
  const { id } = panelsOf(ranking!).find(({ title }) => title === '排名')!;
  const { content } = await answer({ dashboard: ranking!.uid!, panel: id! });
  const at = content.columns.findIndex(({ name }) => name === '单位');
  expect(content.rows.map((row) => row[at]).sort()).toEqual(["东'街<b>", '西乡'].sort());
});

test('nothing but a question about a known place is answered', async () => {
  expect((await post('/api/answer', 'x')).status).toBe(400);
  expect((await answer({ dashboard: 'pingan-ranking' })).status).toBe(400);
  expect((await answer({ dashboard: 'nowhere', panel: 1 })).status).toBe(400);
  expect((await answer({ dashboard: 'pingan-ranking', panel: 999 })).content.error).toContain('没有面板');
  expect(
    (await answer({ dashboard: 'pingan-ranking', variable: 'county', values: { county: 7 } as never })).status,
  ).toBe(400);
  expect((await post('/api/metrics', { ...base, dashboard: 'pingan-pipeline', panel: 1 })).content.error).toContain(
    'Prometheus',
  );
  expect((await answer({ dashboard: 'pingan-ranking', variable: 'county', values: null as never })).status).toBe(400);
  expect((await post('/api/answer', 'x'.repeat(100_000))).status).toBe(400);
  expect((await fetch(`${preview.url}/dist/../../answers.ts`)).status).toBe(404);
  expect((await fetch(`${preview.url}/dist/`)).status).toBe(404);
  expect(await (await fetch(`${preview.url}/dist/page.js`)).text()).toBe('1');
});

test('paths that leave the folder and names of other hosts are refused', async () => {
  const { port } = new URL(preview.url);
  const statusOf = (path: string, host = `127.0.0.1:${port}`) =>
    new Promise<number>((resolve, reject) => {
      // `fetch` would tidy the path up.
      const asked = request({ host: '127.0.0.1', port, path, headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      asked.on('error', reject).end();
    });
  expect(await statusOf('/dist/page.js')).toBe(200);
  const up = ['..', '%2e%2e', '..%2f', '%2e%2e%2f', '....//', '..\\', '..%5c', '..;', '%252e%252e', '%c0%ae%c0%ae'];
  for (const folder of ['/dist/', '/public/build/img/icons/']) {
    for (const step of up) {
      expect([step, await statusOf(`${folder}${`${step}/`.repeat(8)}etc/passwd`)]).toEqual([step, 404]);
    }
    for (const path of ['/etc/passwd', '%00', '%2fetc%2fpasswd', './.', '//etc/passwd']) {
      expect([path, await statusOf(folder + path)]).toEqual([path, 404]);
    }
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example']) {
    expect(await statusOf('/dist/page.js', host)).toBe(403);
  }
});

test('the store is asked as a reader: it refuses to write', async () => {
  const { CLICKHOUSE_URL, CLICKHOUSE_DATABASE } = pipeline.env;
  const write = ask(CLICKHOUSE_URL!, CLICKHOUSE_DATABASE!, 'DROP VIEW v_counties', { settings: readerSettings });
  await expect(write).rejects.toThrow('READONLY');
});
