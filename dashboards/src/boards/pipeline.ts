import { deadLetterReasonNames, streamNames } from '@pingan/contracts';
import { dashboard } from '../dashboard.js';
import { metrics, table } from '../panels.js';
import { zone } from '../queries.js';
import { carried, clickhouseSource, prometheusSource } from '../variables.js';

const rate = (name: string, by: string) => `sum by (${by}) (rate(${name}[$__rate_interval]))`;
const quantile = (q: number, name: string, by = '') =>
  `histogram_quantile(${q}, sum by (le${by === '' ? '' : `, ${by}`}) (rate(${name}_bucket[$__rate_interval])))`;

/** The series under the words that operators use: PromQL's only way to rename the values of a label. */
const named = (expr: string, label: string, names: Readonly<Record<string, string>>) =>
  Object.entries(names).reduce(
    (inner, [value, name]) => `label_replace(${inner}, "${label}", "${name}", "${label}", "${value}")`,
    expr,
  );

const ofStreams = { ...streamNames, 'dead-letter': '死信' };
const ofStages = { sent: '发出', read: '读出', stored: '入库' };
const ofQueues = { store: '入库', components: '分量', score: '计分' };
const ofStates = { waiting: '等待', active: '进行', delayed: '推迟', failed: '失败' };

/** Grafana's own unit for it is English. */
const perSecond = 'suffix: /秒';

const events = metrics({
  title: '各环节每秒事件',
  description: '发出、读出、入库的事件数，按数据分。三者长期不等，就是有一处慢了。',
  width: 12,
  unit: perSecond,
  decimals: 1,
  queries: [
    [
      named(named(rate('pingan_events_total', 'stage, stream'), 'stage', ofStages), 'stream', ofStreams),
      '{{stage}} {{stream}}',
    ],
  ],
});

const lag = metrics({
  title: '各分区积压',
  description: 'Kafka 中尚未入库的消息数。没有线表示不知道（取不到），不表示没有积压。',
  width: 12,
  unit: 'none',
  decimals: 0,
  queries: [['max by (topic, partition) (pingan_kafka_lag_messages)', '{{topic}}/{{partition}}']],
});

const oldest = metrics({
  title: '最久未处理的事件',
  description: '已读出而未入库的最早一条消息的年龄；超过一分钟要查。',
  width: 8,
  unit: 's',
  decimals: 1,
  queries: [['max(pingan_oldest_unprocessed_event_age_seconds)', '年龄']],
});

const queues = metrics({
  title: '队列深度',
  description: '各队列中等待、进行、推迟、失败的任务数。',
  width: 8,
  unit: 'none',
  decimals: 0,
  queries: [
    [
      named(named('max by (queue, state) (pingan_queue_jobs)', 'queue', ofQueues), 'state', ofStates),
      '{{queue}} {{state}}',
    ],
  ],
});

const queueAge = metrics({
  title: '队列等待时间',
  description: '各队列中等得最久的任务已等了多久；没有等待为 0。',
  width: 8,
  unit: 's',
  decimals: 1,
  queries: [[named('max by (queue) (pingan_queue_oldest_job_age_seconds)', 'queue', ofQueues), '{{queue}}']],
});

const inserts = metrics({
  title: '写入用时（九成五分位）',
  description: '一个窗口写入 ClickHouse 的用时，和从取出到入库的全程用时。',
  width: 8,
  unit: 's',
  decimals: 1,
  queries: [
    [named(quantile(0.95, 'pingan_insert_seconds', 'stream'), 'stream', streamNames), '写入 {{stream}}'],
    [quantile(0.95, 'pingan_window_seconds'), '取出到入库'],
  ],
});

const windows = metrics({
  title: '窗口大小（中位）与在途',
  description: '每个窗口的事件数的中位数，及已取出未入库的窗口数。在途长期顶着上限，说明入库慢。',
  width: 8,
  unit: 'none',
  decimals: 0,
  queries: [
    [quantile(0.5, 'pingan_window_events'), '窗口大小'],
    ['sum(pingan_windows_in_flight)', '在途窗口'],
  ],
});

const retries = metrics({
  title: '重试',
  description: '每秒重试的任务数，按队列。偶有重试无妨，持续重试多为引擎不可用。',
  width: 8,
  unit: perSecond,
  decimals: 2,
  queries: [[named(rate('pingan_job_retries_total', 'queue'), 'queue', ofQueues), '{{queue}}']],
});

const deadRate = metrics({
  title: '死信（按原因）',
  description: '最近一小时退回的消息数，按原因。',
  width: 8,
  unit: 'none',
  decimals: 0,
  queries: [
    [named('sum by (reason) (increase(pingan_dead_letters_total[1h]))', 'reason', deadLetterReasonNames), '{{reason}}'],
  ],
});

const runs = metrics({
  title: '计算与计分用时（九成五分位）',
  description: '更新一个县的月度分量、给一个县计分的用时。',
  width: 8,
  unit: 's',
  decimals: 1,
  queries: [
    [quantile(0.95, 'pingan_components_seconds'), '更新分量'],
    [quantile(0.95, 'pingan_score_seconds'), '计分'],
  ],
});

const dirty = metrics({
  title: '变动的月份',
  description: '最近一次更新分量时，各县有几个月的数变了。',
  width: 8,
  unit: 'none',
  decimals: 0,
  queries: [['max by (county) (pingan_dirty_months)', '{{county}}']],
});

const memory = metrics({
  title: '各服务内存',
  description: '各服务进程占用的物理内存。',
  width: 8,
  unit: 'bytes',
  decimals: 1,
  queries: [['max by (service, instance) (process_resident_memory_bytes{service!=""})', '{{service}} {{instance}}']],
});

const eventLoop = metrics({
  title: '事件循环延迟（九成九分位）',
  description: '各服务进程的事件循环延迟；持续超过 0.1 秒说明进程忙不过来。',
  width: 8,
  unit: 's',
  decimals: 1,
  queries: [['max by (service, instance) (nodejs_eventloop_lag_p99_seconds)', '{{service}} {{instance}}']],
});

const ready = metrics({
  title: '服务与引擎是否可用',
  description: '1 为可用，0 为不可用。服务按其自报的就绪状态，引擎按入库服务能否连上，采集按 Prometheus 能否读到指标。',
  width: 8,
  unit: 'none',
  decimals: 0,
  queries: [
    ['min by (service) (pingan_ready)', '{{service}}'],
    ['min by (engine) (pingan_engine_up)', '引擎 {{engine}}'],
    ['min by (job) (up)', '采集 {{job}}'],
  ],
});

const local = (column: string) => `formatDateTime(${column}, '%Y-%m-%d %H:%i:%S', '${zone}')`;

const states = table({
  title: '各县分量更新时间',
  description: '各县的月度分量最近一次算到何时（北京时间）。',
  noValue: '没有读到：还没有县算出月度分量，或指数库暂时连不上',
  width: 8,
  sql: `SELECT name AS \`县\`, county AS \`代码\`, ${local('computed_at')} AS \`最近更新\`,
      dateDiff('minute', computed_at, now()) AS \`距今分钟\`
    FROM v_component_state ORDER BY computed_at DESC LIMIT 200`,
  columns: [
    { name: '县', kind: 'text', width: 90 },
    { name: '代码', kind: 'text', width: 70 },
    { name: '最近更新', kind: 'short', width: 160 },
    { name: '距今分钟', kind: 'count', width: 80 },
  ],
});

const reconciles = table({
  title: '最近一次无差异的对账',
  description:
    '各县最近一次把入库的记录与 Kafka 日志逐条核对而没有差异（或已补齐）的时间（北京时间）。对账用 pingan reconcile。',
  noValue: '没有读到：还没有做过对账（pingan reconcile），或指数库暂时连不上',
  width: 8,
  sql: `SELECT if(county = '', '全部', name) AS \`县\`, county AS \`代码\`, ${local('finished_at')} AS \`对账时间\`, messages AS \`核对条数\`
    FROM v_reconciles ORDER BY finished_at DESC LIMIT 200`,
  columns: [
    { name: '县', kind: 'text', width: 90 },
    { name: '代码', kind: 'text', width: 70 },
    { name: '对账时间', kind: 'short', width: 160 },
    { name: '核对条数', kind: 'count', width: 80 },
  ],
});

const letters = table({
  title: '最近的死信',
  description: '所选时间范围内退回的消息，按原因与主题。逐条查看：pingan dead-letter list。',
  noValue: '没有读到死信：所选时间范围内没有，或指数库暂时连不上',
  width: 8,
  sql: `SELECT reason_text AS \`原因\`, topic AS \`主题\`, count() AS \`件数\`,
      formatDateTime(max(failed_at), '%m-%d %H:%i', '${zone}') AS \`最近一次\`
    FROM v_rejects WHERE $__timeFilter(failed_at) GROUP BY reason_text, topic ORDER BY count() DESC, reason_text, topic LIMIT 100`,
  columns: [
    { name: '原因', kind: 'text', width: 114 },
    { name: '主题', kind: 'text', width: 142 },
    { name: '件数', kind: 'count', width: 52 },
    { name: '最近一次', kind: 'short', width: 100 },
  ],
});

export const pipeline = dashboard({
  place: 'pipeline',
  description: '运维：事件从来源到计分走得是否顺畅，哪里慢了、断了、退了。',
  variables: [prometheusSource(), clickhouseSource(), ...carried('county', 'month')],
  time: { from: 'now-6h', picker: true },
  refresh: '30s',
  rows: [
    { height: 7, panels: [states, reconciles, letters] },
    { height: 8, panels: [events, lag] },
    { height: 7, panels: [oldest, queues, queueAge] },
    { height: 7, panels: [inserts, windows, retries] },
    { height: 7, panels: [deadRate, runs, dirty] },
    { height: 7, panels: [ready, memory, eventLoop] },
  ],
});
