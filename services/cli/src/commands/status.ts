import { Refusal, type RefusalKind, streamNames, unavailable } from '@pingan/contracts';
import { adviceFor, checkEngines, type EngineName, readEndpoints, resolveHome } from '@pingan/local-engines';
import {
  CHINA,
  demoLetters,
  letterText,
  occurredText,
  readStatus,
  realLetters,
  type Status,
  summarise,
  summaryText,
  timeText,
} from '@pingan/operations';
import { sheet } from '@pingan/presentation';
import { PATIENCE_MS } from '@pingan/runtime';
import { closeContext, type Output, openInstallation } from '../context.js';
import { printJson } from '../print.js';
import { renderTable } from '../table.js';

const MEGABYTE = 1024 * 1024;

function printEngines(out: Output['out'], { engines, redis_refusal }: Status): void {
  const state = (name: string) => (name === 'redis' && redis_refusal !== null ? '不接受写入' : '正常');
  out('引擎');
  out(
    renderTable(
      sheet(
        [
          { title: '名称', value: ([name]) => name },
          { title: '状态', value: ([name, check]) => (check.ok ? state(name) : '不可用') },
          { title: '说明', value: ([, check]) => check.detail },
        ],
        Object.entries(engines),
      ),
    ),
  );
}

function printConcerns(out: Output['out'], { concerns }: Status): void {
  if (concerns.length === 0) return;
  out('需要处理');
  for (const { level, text } of concerns) out(`${level === 'error' ? '严重' : '提示'}：${text}`);
  out('');
}

/** A section that could not be read is said to be unknown: without it nothing would tell that it was not looked at. */
const UNKNOWN = '未知：没有读到，原因见“需要处理”。';

function printServices(out: Output['out'], { engines, services, missing_services, unknown_services }: Status): void {
  out('\n服务');
  if (!services) {
    out(engines.redis.ok ? UNKNOWN : '未知：Redis 不可用，服务不能报到。');
    return;
  }
  out(
    renderTable(
      sheet(
        [
          { title: '名称', value: (s) => s.service },
          { title: '进程', value: (s) => String(s.pid), align: 'right' },
          { title: '内存', value: (s) => `${(s.rss / MEGABYTE).toFixed(0)} MB`, align: 'right' },
          { title: '启动于', value: (s) => timeText(s.started_at) },
          { title: '状态', value: (s) => s.state },
          { title: '健康与指标', value: (s) => s.health },
        ],
        services,
      ),
    ),
  );
  if (missing_services && missing_services.length > 0) out(`没有运行：${missing_services.join('、')}`);
  if (unknown_services && unknown_services.length > 0)
    out(`是否运行无法得知（Redis 不接受写入，服务不能报到）：${unknown_services.join('、')}`);
}

function printLag(out: Output['out'], { lag }: Status): void {
  out('\n积压（每个分区未入库的消息）');
  if (!lag) {
    out(UNKNOWN);
    return;
  }
  out(
    renderTable(
      sheet(
        [
          { title: '主题', value: (p) => p.topic },
          { title: '分区', value: (p) => String(p.partition), align: 'right' },
          { title: '已入库至', value: (p) => p.committed, align: 'right' },
          { title: '末尾', value: (p) => p.end, align: 'right' },
          { title: '积压', value: (p) => String(p.lag), align: 'right' },
        ],
        lag,
      ),
    ),
  );
}

function printQueues(out: Output['out'], { queues }: Status): void {
  out('\n任务队列');
  if (!queues) {
    out(UNKNOWN);
    return;
  }
  out(
    renderTable(
      sheet(
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
    ),
  );
}

function printData(
  out: Output['out'],
  { freshness, conflicts, dead_letters, dead_letters_mended, dead_letters_acknowledged, reconciles, scores }: Status,
): void {
  if (!freshness) {
    out(`\n数据新鲜度\n${UNKNOWN}`);
    return;
  }
  const zones = new Map((scores ?? []).map(({ county, time_zone }) => [county, time_zone]));
  const zoneOf = (county: string) => zones.get(county) ?? CHINA;
  out('\n数据新鲜度（时间按各县时区）');
  out(
    freshness.length === 0
      ? '还没有数据。'
      : renderTable(
          sheet(
            [
              { title: '县', value: (f) => f.county },
              { title: '数据流', value: (f) => streamNames[f.stream] },
              { title: '版本数', value: (f) => String(f.versions), align: 'right' },
              {
                title: '最近发生',
                value: (f) => (f.last_occurred_at === null ? '—' : occurredText(f.last_occurred_at, zoneOf(f.county))),
              },
              { title: '最近入库', value: (f) => timeText(f.last_stored_at, zoneOf(f.county)) },
            ],
            freshness,
          ),
        ),
  );
  out(`\n同一版本内容冲突 ${conflicts === null ? '未知' : `${conflicts.total} 处`}`);
  for (const c of conflicts?.conflicts ?? []) {
    out(`  ${c.county} ${c.source} ${c.case_id} 版本 ${c.version}：${c.contents} 种内容`);
  }
  const letters = dead_letters ?? [];
  const demo = demoLetters(letters);
  const others = [
    [dead_letters_mended, '条重放后已入库'],
    [dead_letters_acknowledged, '条已确认'],
    [demo, '条属示例县，有意做错，不必处理'],
  ].flatMap(([count, text]) => (count ? [`；另有 ${count} ${text}`] : []));
  out(`待处理的死信 ${dead_letters === null ? '未知' : letterText(realLetters(letters))}${others.join('')}`);
  out(
    `上次对账一致：${(reconciles ?? []).map(reconcileText).join('，') || (reconciles === null ? '未知' : '还没有（pingan reconcile）')}`,
  );
}

const reconcileText = ({ county, messages, finished_at }: NonNullable<Status['reconciles']>[number]) =>
  `${county || '全部'} ${timeText(finished_at)}（${messages} 条消息）`;

function printScores(out: Output['out'], { scores }: Status): void {
  if (scores?.length === 0) return;
  out('\n计分');
  if (!scores) {
    out(UNKNOWN);
    return;
  }
  out(
    renderTable(
      sheet(
        [
          { title: '县', value: (s) => `${s.county} ${s.name}` },
          { title: '已计分月份', value: (s) => (s.first === null ? '还没有' : `${s.first} 至 ${s.last}`) },
          { title: '月数', value: (s) => String(s.months), align: 'right' },
          { title: '最近批次', value: (s) => s.run_id ?? '—' },
          { title: '方案', value: (s) => (s.scheme ? `${s.scheme.name} ${s.scheme.hash}` : '—') },
        ],
        scores,
      ),
    ),
  );
}

function printSizes(out: Output['out'], { home }: Status): void {
  if (!home || home.folders.length === 0) return;
  const gigabytes = (bytes: number) => `${(bytes / 1024 / MEGABYTE).toFixed(2)} GB`;
  const folders = home.folders.map(({ folder, bytes }) => `${folder} ${gigabytes(bytes)}`).join('，');
  out(`\n磁盘：数据目录 ${folders}；所在磁盘还剩 ${gigabytes(home.free_bytes)}（共 ${gigabytes(home.size_bytes)}）`);
}

const prints = [printConcerns, printEngines, printServices, printLag, printQueues, printData, printScores, printSizes];

/** @throws Refusal (unavailable) where nothing says what engines there are. */
async function statusNow(): Promise<Status> {
  const home = resolveHome(process.env);
  const endpoints = readEndpoints({ home, env: process.env });
  if (!endpoints) throw unavailable(`没有找到正在运行的引擎。${adviceFor({ home, env: process.env, engines: [] })}`);
  const engines = await checkEngines(endpoints, process.env, PATIENCE_MS);
  const installation = openInstallation(home, endpoints);
  try {
    return await readStatus({ ...installation, engines });
  } finally {
    await closeContext(installation);
  }
}

const kinds: Record<1 | 3, RefusalKind> = { 1: 'failed', 3: 'unavailable' };

/** `pingan status`. */
export async function statusCommand(output: Output, options: { format: 'table' | 'json' }): Promise<void> {
  const status = await statusNow();
  if (options.format === 'json') printJson(output.out, status);
  else for (const print of prints) print(output.out, status);
  const summary = summarise(status);
  const down = (Object.keys(status.engines) as EngineName[]).filter((engine) => !status.engines[engine].ok);
  const advice = down.length > 0 ? adviceFor({ home: resolveHome(process.env), env: process.env, engines: down }) : '';
  if (options.format === 'table') output.out(`\n${summaryText(summary)}`);
  if (summary.status === 0) return;
  const list = options.format === 'table' ? '，见上' : `：${summary.problems.join('；')}`;
  throw new Refusal(kinds[summary.status], `有 ${summary.problems.length} 个问题${list}。${advice}`);
}
