import { streamNames } from '@pingan/contracts';
import { demoLetters, letterText, occurredText, realLetters, type Status, timeText } from '@pingan/operations';
import { type Cells, cellsOf, type Part, right, sheet } from '@pingan/presentation';
import { CHINA } from '@pingan/regions';

const MEGABYTE = 1024 * 1024;

/** What stands under one heading. */
export interface Section {
  title: string;
  parts: Part[];
}

/** A section that could not be read is said to be unknown: without it nothing would tell that it was not looked at. */
const UNKNOWN = '未知：没有读到，原因见“需要处理”。';

function concernSection({ concerns }: Status): Section[] {
  if (concerns.length === 0) return [];
  const texts = concerns.map(({ level, text }) => `${level === 'error' ? '严重' : '提示'}：${text}`);
  return [{ title: '需要处理', parts: texts }];
}

function engineSection({ engines, redis_refusal }: Status): Section {
  const state = (name: string) => (name === 'redis' && redis_refusal !== null ? '不接受写入' : '正常');
  const table = sheet(
    [
      { title: '名称', value: ([name]) => name },
      { title: '状态', value: ([name, check]) => (check.ok ? state(name) : '不可用') },
      { title: '说明', value: ([, check]) => check.detail },
    ],
    Object.entries(engines),
  );
  return { title: '引擎', parts: [table] };
}

function serviceSection({ engines, services, missing_services, unknown_services }: Status): Section {
  const title = '服务';
  if (!services) return { title, parts: [engines.redis.ok ? UNKNOWN : '未知：Redis 不可用，服务不能报到。'] };
  const parts: Part[] = [
    sheet(
      [
        { title: '名称', value: (s) => s.service },
        { title: '进程', value: (s) => String(s.pid), ...right },
        { title: '内存', value: (s) => `${(s.rss / MEGABYTE).toFixed(0)} MB`, ...right },
        { title: '启动于', value: (s) => timeText(s.started_at) },
        { title: '状态', value: (s) => s.state },
        { title: '健康与指标', value: (s) => s.health },
      ],
      services,
    ),
  ];
  if (missing_services && missing_services.length > 0) parts.push(`没有运行：${missing_services.join('、')}`);
  if (unknown_services && unknown_services.length > 0)
    parts.push(`是否运行无法得知（Redis 不接受写入，服务不能报到）：${unknown_services.join('、')}`);
  return { title, parts };
}

function lagSection({ lag }: Status): Section {
  const title = '积压（每个分区未入库的消息）';
  if (!lag) return { title, parts: [UNKNOWN] };
  const table = sheet(
    [
      { title: '主题', value: (p) => p.topic },
      { title: '分区', value: (p) => String(p.partition), ...right },
      { title: '已入库至', value: (p) => p.committed, ...right },
      { title: '末尾', value: (p) => p.end, ...right },
      { title: '积压', value: (p) => String(p.lag), ...right },
    ],
    lag,
  );
  return { title, parts: [table] };
}

function queueSection({ queues }: Status): Section {
  const title = '任务队列';
  if (!queues) return { title, parts: [UNKNOWN] };
  const table = sheet(
    [
      { title: '队列', value: (q) => q.queue },
      { title: '等待', value: (q) => String(q.waiting), ...right },
      { title: '执行', value: (q) => String(q.active), ...right },
      { title: '延后', value: (q) => String(q.delayed), ...right },
      { title: '失败', value: (q) => String(q.failed), ...right },
      { title: '最久等待', value: (q) => (q.oldest_seconds === null ? '—' : `${q.oldest_seconds} 秒`), ...right },
    ],
    queues,
  );
  return { title, parts: [table] };
}

function freshnessTable(freshness: NonNullable<Status['freshness']>, scores: Status['scores']): Part {
  if (freshness.length === 0) return '还没有数据。';
  const zones = new Map((scores ?? []).map(({ county, time_zone }) => [county, time_zone]));
  const zoneOf = (county: string) => zones.get(county) ?? CHINA;
  return sheet(
    [
      { title: '县', value: (f) => f.county },
      { title: '数据流', value: (f) => streamNames[f.stream] },
      { title: '版本数', value: (f) => String(f.versions), ...right },
      {
        title: '最近发生',
        value: (f) => (f.last_occurred_at === null ? '—' : occurredText(f.last_occurred_at, zoneOf(f.county))),
      },
      { title: '最近入库', value: (f) => timeText(f.last_stored_at, zoneOf(f.county)) },
    ],
    freshness,
  );
}

function conflictText({ conflicts }: Status): string {
  const found = (conflicts?.conflicts ?? []).map(
    (c) => `  ${c.county} ${c.source} ${c.case_id} 版本 ${c.version}：${c.contents} 种内容`,
  );
  return [`同一版本内容冲突 ${conflicts === null ? '未知' : `${conflicts.total} 处`}`, ...found].join('\n');
}

function lettersText({ dead_letters, dead_letters_mended, dead_letters_acknowledged }: Status): string {
  const letters = dead_letters ?? [];
  const others = [
    [dead_letters_mended, '条重放后已入库'],
    [dead_letters_acknowledged, '条已确认'],
    [demoLetters(letters), '条属示例县，有意做错，不必处理'],
  ].flatMap(([count, text]) => (count ? [`；另有 ${count} ${text}`] : []));
  return `待处理的死信 ${dead_letters === null ? '未知' : letterText(realLetters(letters))}${others.join('')}`;
}

const reconcileText = ({ county, messages, finished_at }: NonNullable<Status['reconciles']>[number]) =>
  `${county || '全部'} ${timeText(finished_at)}（${messages} 条消息）`;

function dataSection(status: Status): Section {
  const { freshness, reconciles, scores } = status;
  if (!freshness) return { title: '数据新鲜度', parts: [UNKNOWN] };
  const last = (reconciles ?? []).map(reconcileText).join('，');
  return {
    title: '数据新鲜度（时间按各县时区）',
    parts: [
      freshnessTable(freshness, scores),
      `\n${conflictText(status)}`,
      lettersText(status),
      `上次对账一致：${last || (reconciles === null ? '未知' : '还没有（pingan reconcile）')}`,
    ],
  };
}

function scoreSection({ scores }: Status): Section[] {
  const title = '计分';
  if (!scores) return [{ title, parts: [UNKNOWN] }];
  if (scores.length === 0) return [];
  const table = sheet(
    [
      { title: '县', value: (s) => `${s.county} ${s.name}` },
      { title: '已计分月份', value: (s) => (s.first === null ? '还没有' : `${s.first} 至 ${s.last}`) },
      { title: '月数', value: (s) => String(s.months), ...right },
      { title: '最近批次', value: (s) => s.run_id ?? '—' },
      { title: '方案', value: (s) => (s.scheme ? `${s.scheme.name} ${s.scheme.hash}` : '—') },
    ],
    scores,
  );
  return [{ title, parts: [table] }];
}

function sizeSection({ home }: Status): Section[] {
  if (!home || home.folders.length === 0) return [];
  const gigabytes = (bytes: number) => `${(bytes / 1024 / MEGABYTE).toFixed(2)} GB`;
  const folders = home.folders.map(({ folder, bytes }) => `${folder} ${gigabytes(bytes)}`).join('，');
  return [
    {
      title: '磁盘',
      parts: [`数据目录 ${folders}；所在磁盘还剩 ${gigabytes(home.free_bytes)}（共 ${gigabytes(home.size_bytes)}）`],
    },
  ];
}

/** Everything `status` found, the worst first. */
export const statusSections = (status: Status): Section[] => [
  ...concernSection(status),
  engineSection(status),
  serviceSection(status),
  lagSection(status),
  queueSection(status),
  dataSection(status),
  ...scoreSection(status),
  ...sizeSection(status),
];

/** For spreadsheets: heading, tables and sentences one below the other, since half of what `status` says is sentences. */
export const sectionCells = (sections: readonly Section[]): Cells =>
  sections.flatMap(({ title, parts }, i) => [
    ...(i > 0 ? [[]] : []),
    [title],
    ...parts.flatMap(
      (part): Cells =>
        typeof part === 'string'
          ? part
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => [line.trim()])
          : cellsOf([part]),
    ),
  ]);
