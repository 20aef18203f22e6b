import { ingestorGroup, type QueueName, queueNames, streamNames } from '@pingan/contracts';
import { checkEngines, readEndpoints, resolveHome } from '@pingan/local-engines';
import { createRedis, listServices, openQueue, partitionLags, redisReady } from '@pingan/messaging';
import { createLogger } from '@pingan/runtime';
import type { Reconcile, Store } from '@pingan/store';
import { withAdmin } from '../brokers.js';
import { type Output, openStore } from '../context.js';
import { CommandFailure, unavailable } from '../failure.js';
import { coreServices, producerServices } from '../service-names.js';
import { findConcerns } from '../status/index.js';
import { renderTable } from '../table.js';

const expectedServices = [...producerServices, ...coreServices];

interface QueueState {
  queue: string;
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
  /** Seconds the oldest waiting job has waited; null without one. */
  oldest_seconds: number | null;
}

async function queueStates(redisUrl: string): Promise<QueueState[]> {
  const log = createLogger('pingan', 'silent');
  const redis = createRedis(redisUrl, 'enqueue', log);
  await redisReady(redis);
  try {
    return await Promise.all(
      (Object.keys(queueNames) as QueueName[]).map(async (name) => {
        const queue = openQueue(name, redis);
        try {
          const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
          const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
          return {
            queue: name,
            waiting: counts.waiting ?? 0,
            active: counts.active ?? 0,
            delayed: counts.delayed ?? 0,
            failed: counts.failed ?? 0,
            oldest_seconds: oldest ? Math.round((Date.now() - oldest.timestamp) / 1000) : null,
          };
        } finally {
          await queue.close();
        }
      }),
    );
  } finally {
    redis.disconnect();
  }
}

const MEGABYTE = 1024 * 1024;

interface ScoredCounty {
  county: string;
  name: string;
  /** Months with a current run, the first and the last of them; null without any. */
  months: number;
  first: string | null;
  last: string | null;
  /** Of the last month. */
  run_id: string | null;
  scheme: { name: string; hash: string } | null;
}

async function readScores(store: Store): Promise<ScoredCounty[]> {
  const counties = await store.counties.list();
  return Promise.all(
    counties.map(async ({ code, name }) => {
      const runs = await store.runs.currentAll(code);
      const last = runs.at(-1);
      return {
        county: code,
        name,
        months: runs.length,
        first: runs[0]?.period ?? null,
        last: last?.period ?? null,
        run_id: last?.run_id ?? null,
        scheme: last ? { name: last.scheme_name, hash: last.scheme_hash } : null,
      };
    }),
  );
}

/** Everything an operator asks first. Parts whose engine is away are null and the status is 3. */
export async function readStatus() {
  const home = resolveHome(process.env);
  const endpoints = readEndpoints({ home, env: process.env });
  if (!endpoints)
    throw unavailable('没有找到正在运行的引擎。请先运行 npm start,或设置 KAFKA_BROKERS、REDIS_URL、CLICKHOUSE_URL。');
  const engines = await checkEngines(endpoints, process.env);
  const log = createLogger('pingan', 'silent');
  const store = openStore(endpoints);
  try {
    if (engines.clickhouse.ok) await store.migrate();
    const [concerns, lags, services, queues, freshness, scores, conflicts, deadLetters, reconciles] = await Promise.all(
      [
        findConcerns({ home, endpoints, engines, store }),
        engines.kafka.ok ? withAdmin({ endpoints, log }, (admin) => partitionLags(admin, ingestorGroup)) : null,
        engines.redis.ok ? readServices(endpoints.redisUrl) : null,
        engines.redis.ok ? queueStates(endpoints.redisUrl) : null,
        engines.clickhouse.ok ? store.health.freshness() : null,
        engines.clickhouse.ok ? readScores(store) : null,
        engines.clickhouse.ok ? store.health.conflicts({ limit: 5 }) : null,
        engines.clickhouse.ok ? store.deadLetters.countByReason() : null,
        engines.clickhouse.ok ? store.reconciles.last() : null,
      ],
    );
    return {
      engines,
      concerns,
      services: services?.found ?? null,
      missing_services: services?.missing ?? null,
      lag:
        lags?.map(({ topic, partition, committed, end, lag }) => ({
          topic,
          partition,
          committed: String(committed),
          end: String(end),
          lag: Number(lag),
        })) ?? null,
      queues,
      freshness,
      scores,
      conflicts,
      dead_letters: deadLetters,
      reconciles,
    };
  } finally {
    await store.close();
  }
}

const READY_MS = 1_000;

/** What a service says about itself: ready, or why it is not. */
async function readyState(url: string): Promise<string> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_MS) });
    const { reasons } = (await response.json()) as { reasons: string[] };
    return response.ok ? '就绪' : reasons.join('、');
  } catch {
    return '没有回应';
  }
}

async function readServices(redisUrl: string) {
  const redis = createRedis(redisUrl, 'work', createLogger('pingan', 'silent'));
  try {
    const beats = await listServices(redis);
    const found = await Promise.all(beats.map(async (beat) => ({ ...beat, state: await readyState(beat.health) })));
    const alive = new Set(found.map(({ service }) => service));
    return { found, missing: expectedServices.filter((name) => !alive.has(name)) };
  } finally {
    redis.disconnect();
  }
}

type Status = Awaited<ReturnType<typeof readStatus>>;

function printEngines(out: Output['out'], { engines }: Status): void {
  out('引擎');
  out(
    renderTable(
      [
        { title: '名称', value: ([name]) => name },
        { title: '状态', value: ([, check]) => (check.ok ? '正常' : '不可用') },
        { title: '说明', value: ([, check]) => check.detail },
      ],
      Object.entries(engines),
    ),
  );
}

function printConcerns(out: Output['out'], { concerns }: Status): void {
  if (concerns.length === 0) return;
  out('需要处理');
  for (const { level, text } of concerns) out(`${level === 'error' ? '严重' : '提示'}：${text}`);
  out('');
}

function printServices(out: Output['out'], { services, missing_services }: Status): void {
  if (!services) return;
  out('\n服务');
  out(
    renderTable(
      [
        { title: '名称', value: (s) => s.service },
        { title: '进程', value: (s) => String(s.pid), align: 'right' },
        { title: '内存', value: (s) => `${(s.rss / MEGABYTE).toFixed(0)} MB`, align: 'right' },
        { title: '启动于', value: (s) => s.started_at },
        { title: '状态', value: (s) => s.state },
        { title: '健康与指标', value: (s) => s.health },
      ],
      services,
    ),
  );
  if (missing_services && missing_services.length > 0) out(`没有运行:${missing_services.join('、')}`);
}

function printLag(out: Output['out'], { lag }: Status): void {
  if (!lag) return;
  out('\n积压(每个分区未入库的消息)');
  out(
    renderTable(
      [
        { title: '主题', value: (p) => p.topic },
        { title: '分区', value: (p) => String(p.partition), align: 'right' },
        { title: '已入库至', value: (p) => p.committed, align: 'right' },
        { title: '末尾', value: (p) => p.end, align: 'right' },
        { title: '积压', value: (p) => String(p.lag), align: 'right' },
      ],
      lag,
    ),
  );
}

function printQueues(out: Output['out'], { queues }: Status): void {
  if (!queues) return;
  out('\n任务队列');
  out(
    renderTable(
      [
        { title: '队列', value: (q) => q.queue },
        { title: '等待', value: (q) => String(q.waiting), align: 'right' },
        { title: '执行', value: (q) => String(q.active), align: 'right' },
        { title: '延后', value: (q) => String(q.delayed), align: 'right' },
        { title: '失败', value: (q) => String(q.failed), align: 'right' },
        {
          title: '最久等待',
          value: (q) => (q.oldest_seconds === null ? '—' : `${q.oldest_seconds} 秒`),
          align: 'right',
        },
      ],
      queues,
    ),
  );
}

function printData(out: Output['out'], { freshness, conflicts, dead_letters, reconciles }: Status): void {
  if (!freshness) return;
  out('\n数据新鲜度');
  out(
    freshness.length === 0
      ? '还没有数据。'
      : renderTable(
          [
            { title: '县', value: (f) => f.county },
            { title: '数据流', value: (f) => streamNames[f.stream] },
            { title: '版本数', value: (f) => String(f.versions), align: 'right' },
            { title: '最近发生', value: (f) => f.last_occurred_at ?? '—' },
            { title: '最近入库', value: (f) => f.last_stored_at },
          ],
          freshness,
        ),
  );
  out(`\n同一版本内容冲突 ${conflicts?.total ?? 0} 处`);
  for (const c of conflicts?.conflicts ?? []) {
    out(`  ${c.county} ${c.source} ${c.case_id} 版本 ${c.version}:${c.contents} 种内容`);
  }
  const letters = dead_letters ?? [];
  const total = letters.reduce((sum, { count }) => sum + count, 0);
  out(`死信 ${total} 条${total > 0 ? `(${letters.map((l) => `${l.reason} ${l.count}`).join(',')})` : ''}`);
  out(`上次对账一致:${(reconciles ?? []).map(reconcileText).join(',') || '还没有(pingan reconcile)'}`);
}

const reconcileText = ({ county, messages, finished_at }: Reconcile) =>
  `${county || '全部'} ${finished_at}(${messages} 条消息)`;

function printScores(out: Output['out'], { scores }: Status): void {
  if (!scores || scores.length === 0) return;
  out('\n计分');
  out(
    renderTable(
      [
        { title: '县', value: (s) => `${s.county} ${s.name}` },
        { title: '已计分月份', value: (s) => (s.first === null ? '还没有' : `${s.first} 至 ${s.last}`) },
        { title: '月数', value: (s) => String(s.months), align: 'right' },
        { title: '最近批次', value: (s) => s.run_id ?? '—' },
        { title: '方案', value: (s) => (s.scheme ? `${s.scheme.name} ${s.scheme.hash}` : '—') },
      ],
      scores,
    ),
  );
}

const prints = [printConcerns, printEngines, printServices, printLag, printQueues, printData, printScores];

/** `pingan status`. */
export async function statusCommand(output: Output, options: { format: 'table' | 'json' }): Promise<void> {
  const status = await readStatus();
  if (options.format === 'json') output.out(JSON.stringify(status, null, 2));
  else for (const print of prints) print(output.out, status);
  const down = Object.entries(status.engines).filter(([, check]) => !check.ok);
  if (down.length > 0) throw unavailable(`不可用的引擎:${down.map(([name]) => name).join('、')}。启动:npm start`);
  const errors = status.concerns.filter(({ level }) => level === 'error').length;
  if (errors > 0) throw new CommandFailure(`有 ${errors} 项需要处理，见上。`, 1);
}
