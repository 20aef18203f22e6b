import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { clockGauge, engineGauge } from './engine-gauges.js';
import { Health } from './health.js';
import { createLogger } from './log.js';

const open: Health[] = [];
afterEach(() => {
  for (const health of open.splice(0)) health.stop();
});

async function listen(stuckMs = 150, onStuck: () => void = () => undefined, host = '127.0.0.1'): Promise<Health> {
  const log = createLogger('test', 'silent');
  const health = await Health.listen({ service: 'test', host, port: 0, stuckMs, log, onStuck });
  open.push(health);
  return health;
}

async function get(health: Health, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${health.url}${path}`);
  return { status: response.status, text: await response.text() };
}

it('is ready from the end of the start to the beginning of the stop, and alive all the time', async () => {
  const health = await listen();
  expect(await get(health, '/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('正在启动') });
  health.ready();
  expect((await get(health, '/readyz')).status).toBe(200);
  health.stop();
  expect(await get(health, '/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('正在停止') });
  expect((await get(health, '/healthz')).status).toBe(200);
});

it('is not ready while something it needs is away, but alive', async () => {
  const health = await listen();
  let there = false;
  health.need('Redis', () => there);
  health.ready();
  expect(JSON.parse((await get(health, '/readyz')).text)).toEqual({ ready: false, reasons: ['等待 Redis'] });
  expect((await get(health, '/healthz')).status).toBe(200);
  there = true;
  expect((await get(health, '/readyz')).status).toBe(200);
});

it('is not alive when work is stuck, and says so once to the process', async () => {
  const stuck = new Promise<Health>((resolve) => {
    void listen(150, () => resolve(open[0]!)).then((health) => {
      health.watch({ name: '入库', look: () => ({ pending: true, finished: 0 }), waitingFor: async () => undefined });
      health.ready();
    });
  });
  const health = await stuck;
  const { status, text } = await get(health, '/healthz');
  expect(status).toBe(503);
  expect(JSON.parse(text)).toMatchObject({ alive: false, work: [{ name: '入库', state: 'stuck' }] });
});

it('tells what it cannot read as absent or NaN, never as 0', async () => {
  const { metrics, ...health } = await listen();
  let known = true;
  const value = () => {
    if (!known) throw new Error('unknown');
    return 3;
  };
  metrics.gauge({ name: 'pingan_a', help: 'a', labels: ['topic'], read: (g) => g.set({ topic: 't' }, value()) });
  metrics.gauge({ name: 'pingan_b', help: 'b', read: (g) => g.set(value()) });
  metrics.gauge({ name: 'pingan_c', help: 'c', read: () => new Promise(() => undefined) });
  expect(health).toBeDefined();
  const seen = async () => (await metrics.text()).split('\n').filter((line) => /^pingan_[abc]/.test(line));
  expect(await seen()).toEqual([
    'pingan_a{topic="t",service="test"} 3',
    'pingan_b{service="test"} 3',
    'pingan_c{service="test"} Nan',
  ]);
  known = false;
  expect(await seen()).toEqual(['pingan_b{service="test"} Nan', 'pingan_c{service="test"} Nan']);
});

it('answers names of this machine only while it listens on loopback', async () => {
  const statusBy = (health: Health, host: string) =>
    new Promise<number>((resolve, reject) => {
      const asked = request(`${health.url}/metrics`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      asked.on('error', reject).end();
    });
  const health = await listen();
  for (const host of ['127.0.0.1', 'localhost:9464', '[::1]:1', 'LOCALHOST']) {
    expect(await statusBy(health, host)).toBe(200);
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.']) {
    expect(await statusBy(health, host)).toBe(403);
  }
  // In a container others ask by the name of the service.
  const everywhere = await listen(150, () => undefined, '0.0.0.0');
  expect(await statusBy(everywhere, 'ingestor:9464')).toBe(200);
});

it('serves Node.js figures with the name of the service', async () => {
  const { status, text } = await get(await listen(), '/metrics');
  expect(status).toBe(200);
  for (const name of ['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds', 'pingan_ready']) {
    expect(text).toMatch(new RegExp(`^${name}\\{service="test"\\} [0-9.e-]+$`, 'm'));
  }
  expect((await get(open[0]!, '/else')).status).toBe(404);
});

it('tells which engines answer, and by how much their clocks are ahead', async () => {
  const { metrics } = await listen();
  const never = () => new Promise<never>(() => undefined);
  const refused = () => Promise.reject(new Error('refused'));
  engineGauge(metrics, { a: async () => undefined, b: refused, c: never });
  clockGauge(metrics, {
    a: async () => Date.now() + 3_600_000,
    b: refused,
    c: never,
    d: async () => Date.now() - 60_000,
  });
  const values = new Map(
    [
      ...(await metrics.text()).matchAll(/^(pingan_engine_up|pingan_clock_skew_seconds)\{engine="(\w)",.*\} (\S+)$/gm),
    ].map(([, name, engine, value]) => [`${name} ${engine}`, Math.round(Number(value))]),
  );
  expect(Object.fromEntries(values)).toEqual({
    'pingan_engine_up a': 1,
    'pingan_engine_up b': 0,
    'pingan_engine_up c': 0,
    'pingan_clock_skew_seconds a': 3_600,
    'pingan_clock_skew_seconds d': -60,
  });
});
