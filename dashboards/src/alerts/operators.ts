import { streamNames } from '@pingan/contracts';
import type { OperatorAlert } from './types.js';

/** Messages in the log and not stored, by topic; recorded, because a rate of it is needed. */
export const lag = {
  record: 'topic:pingan_kafka_lag_messages:sum',
  expr: 'sum by (topic) (max by (topic, partition) (pingan_kafka_lag_messages))',
};

/** A stream's Chinese name in a message. */
const streamName = `{{ with $labels.stream }}${Object.entries(streamNames)
  .map(([stream, name], at) => `{{ ${at === 0 ? '' : 'else '}if eq . "${stream}" }}${name}`)
  .join('')}{{ end }}{{ end }}`;

/** Less than 15 % left; or less than half, and at the pace of the last six hours nothing is left within three days. */
const filling = (free: string, size: string) =>
  `${free} / ${size} < 0.15 or (${free} / ${size} < 0.5 and predict_linear(${free}[6h], 3 * 86400) < 0 and ${free} offset 3h)`;

const files = '{fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|fuse.*|9p"}';

const diskRunbook = {
  zh: '看是哪块盘。ClickHouse 的盘满了就不再接收数据（数据留在 Kafka，不丢）；Kafka 的盘满了来源就送不进来。先扩容或清理无关文件；不要手工删除 ClickHouse 或 Kafka 目录里的文件。Kafka 的保留期不得短于能停机的最长时间。',
  en: 'See which disk it is. With its disk full ClickHouse takes nothing more (the data wait in Kafka, none is lost); with its own full Kafka takes none from the sources. Add space or remove what does not belong there; never delete files inside the folders of ClickHouse or Kafka. Retention in Kafka must stay longer than the longest outage you want to survive.',
};

export const operatorAlerts: readonly OperatorAlert[] = [
  {
    name: 'PinganServiceDown',
    title: '服务没有应答',
    description: '{{ $labels.instance }} 已超过两分钟采集不到。',
    expr: 'up{job="pingan"} == 0',
    for: '2m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '「没有运行」一行列出缺了谁。看它的日志最后几行（docker compose logs --tail 50 <服务>），多半写明在等哪个引擎或哪项设置有误。服务随时可以重启：没做完的从 Kafka 重读，不丢不重。',
      en: 'The line 没有运行 names who is missing. Read the end of its log (docker compose logs --tail 50 <service>): it mostly says which engine it waits for or which setting is wrong. A service may be restarted at any time: what was unfinished is read again from Kafka, nothing is lost or counted twice.',
    },
  },
  {
    name: 'PinganEngineDown',
    title: '引擎不可用',
    description: '{{ $labels.engine }} 已超过一分钟不应答。',
    expr: 'min by (engine) (pingan_engine_up) == 0',
    for: '1m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '第一张表写明哪个引擎不可用及原因。先看磁盘和内存是否用尽，再看引擎自己的日志，然后重启引擎。服务会自己等待并恢复，不用重启。Redis 若回来是空的也没关系：任务会从 Kafka 重建。',
      en: 'The first table says which engine is away and why. See whether disk or memory ran out, then read the log of the engine, then restart it. The services wait and go on by themselves. A Redis that comes back empty does no harm: jobs are made again from Kafka.',
    },
  },
  {
    name: 'PinganLogUnfit',
    title: '日志与库不符',
    description:
      '{{ if eq $labels.kind "replaced" }}Kafka 的主题被重建或换了集群{{ else if eq $labels.kind "shorter" }}Kafka 的日志比已入库的短{{ else if eq $labels.kind "deleted" }}有消息没有入库就被 Kafka 删除{{ else if eq $labels.kind "store_lost" }}ClickHouse 是空的而日志已读过{{ else }}Kafka 中缺少主题{{ end }}，已停止读取，数据在 Kafka 中等待。',
    expr: 'max by (kind) (pingan_log_problems) > 0',
    for: '0m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '「需要处理」写明哪个主题、差在哪里。先核实 KAFKA_BROKERS 指向的是不是原来的集群：指错了改回即可，什么都不会丢。确实换了或重建了日志，用 pingan adopt-log 接续：新日志从头读取，已入库的都保留，重复的不重复计数。库是空的：有备份用 pingan restore，没有则登记各县后 pingan rebuild --yes。不要为了“一致”而运行 rebuild：日志里没有的版本只存于库中，rebuild 会拒绝并说明会失去几个。',
      en: 'The lines under 需要处理 name the topic and what differs. First check that KAFKA_BROKERS names the cluster it named before: if not, put it right, nothing is lost. If the log really is a new one, pingan adopt-log goes on from it: the new log is read from its beginning, what is stored stays, what repeats is not counted twice. With an empty store: pingan restore from a backup, or register the counties and pingan rebuild --yes. Do not rebuild to make both agree: versions that the log does not hold live in the store only, and rebuild refuses and says how many would be lost.',
    },
  },
  {
    name: 'PinganPartitionsAdded',
    title: '主题的分区增加了',
    description: '最近一小时有主题的分区数变多。新分区已一并读取，不丢不重。',
    expr: 'sum(increase(pingan_partitions_added_total[1h])) > 0',
    for: '0m',
    severity: 'ticket',
    runbook: {
      command: 'pingan status',
      zh: '「积压」列出每个分区。确认是有意增加的即可，不用做什么：同一案件的版本落在两个分区也只计最高的一个。分区只能增加，不能减少；减少等于重建主题，见 PinganLogUnfit。',
      en: 'The lag table lists every partition. If it was meant, there is nothing to do: versions of one case in two partitions still count as the highest. Partitions cannot be taken away; a topic with fewer is another topic, see PinganLogUnfit.',
    },
  },
  {
    name: 'PinganStreamSilent',
    title: '数据流中断',
    description: `县 {{ $labels.county }} 的${streamName}数据已有 {{ $value | humanizeDuration }} 没有新事件，超过它平时最长间隔的一倍半。`,
    expr: [
      'max by (county, stream) (pingan_stream_silence_seconds)',
      '> 1.5 * max by (county, stream) (pingan_stream_usual_silence_seconds) + 3600',
    ].join(' '),
    for: '10m',
    severity: 'ticket',
    runbook: {
      command: 'pingan status',
      zh: '看「数据新鲜度」：只有这一条数据流停了，就问来源单位（台账是否放进收件目录、接口是否停用）；都停了，看引擎和积压。与之比较的是这条数据流自己半年来第二长的间隔，所以逢长假首次超出属正常；刚接入、间隔不足四次的数据流不报警。重建（rebuild）算作一次到达。',
      en: 'Look at “数据新鲜度”: if only this stream stopped, ask its source (was the ledger put into the inbox, is the interface switched off); if all stopped, look at engines and lag. It is compared with its own second longest pause of half a year, so the first long holiday may exceed it; a new stream with fewer than four pauses raises nothing. A rebuild counts as an arrival.',
    },
  },
  {
    name: 'PinganLagGrowing',
    title: '积压增长',
    description: '主题 {{ $labels.topic }} 有 {{ $value | humanize }} 条消息未入库，十五分钟来没有清空过，还在增加。',
    expr: `${lag.record} > 100 and min_over_time(${lag.record}[15m]) > 0 and deriv(${lag.record}[15m]) > 0`,
    for: '10m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '看积压在哪个分区、任务队列里「等待」和「执行」各多少。执行不动：ClickHouse 慢，看它的磁盘和合并；等待很多而执行在动：再起一个 aggregator；队列是空的：看 ingestor 的日志。数据都在 Kafka 里，不会丢，只是指数会晚。',
      en: 'See which partition lags and how many jobs wait and run. Running and not moving: ClickHouse is slow, look at its disk and merges. Many waiting while some move: start another aggregator. Queue empty: read the log of the ingestor. Everything is in Kafka; nothing is lost, the index is late.',
    },
  },
  {
    name: 'PinganUnreadableBatch',
    title: '消息无法解压',
    description:
      '主题 {{ $labels.topic }} 分区 {{ $labels.partition }} 有一批消息无法解压，压缩方式 {{ $labels.compression }}，该分区等待。',
    expr: 'max by (topic, partition, compression) (pingan_unreadable_batches) == 1',
    for: '1m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '写明是哪个主题、分区、位移和压缩方式；其他分区照常入库，消息没有丢失。看 ingestor 的日志写的原因：说缺少模块的，是安装包与机器的系统或处理器不符，重新安装依赖；其他原因多半是这一批在磁盘上损坏，从 Kafka 的副本或备份恢复那个分区。修好后几秒内自动接着读，不用重启。',
      en: 'It names topic, partition, offset and compression; other partitions are read as usual, nothing is lost. The log of the ingestor has the cause: a missing module means that the installed packages do not fit the system or processor, install them again; anything else is mostly a batch damaged on disk, restore that partition from a replica or a backup of Kafka. Once mended it goes on within seconds, without a restart.',
    },
  },
  {
    name: 'PinganWindowOld',
    title: '有事件超过一分钟未入库',
    description: '最早一条已读出而未入库的事件已有 {{ $value | humanizeDuration }}。',
    expr: 'max(pingan_oldest_unprocessed_event_age_seconds) > 60',
    for: '1m',
    severity: 'ticket',
    runbook: {
      command: 'pingan status',
      zh: '刚恢复的停机之后，补读旧数据时会短暂出现，积压在下降就不用管。否则看「任务队列」里 store 的「最久等待」和 aggregator 的日志：同一个窗口反复重试，日志里有原因。',
      en: 'After an outage it shows for a while as old messages are read: leave it alone while the lag falls. Otherwise see 最久等待 of the queue store and the log of the aggregator: a window that is tried again and again has its reason there.',
    },
  },
  {
    name: 'PinganDeadLetters',
    title: '有新的死信',
    description: '最近一小时有消息因 {{ $labels.reason }} 被退回，没有计入指数。',
    expr: 'sum by (reason) (increase(pingan_dead_letters_total[1h])) > 0',
    for: '0m',
    severity: 'ticket',
    runbook: {
      command: 'pingan dead-letter list',
      zh: '每条都写明原因和原文所在。县或乡镇未登记：登记后 pingan dead-letter replay。格式不对：请来源改正后重发，新版本会覆盖。原文保留，不会丢。',
      en: 'Each has its reason and where it came from. Unknown county or township: register it, then pingan dead-letter replay. Malformed: have the source mend and send it again, the new version counts. The original bytes are kept.',
    },
  },
  {
    name: 'PinganMonthNotScored',
    title: '上月到期未计分',
    description: '县 {{ $labels.county }} 上月结束已 {{ $value }} 个工作日，还没有计分结果。',
    expr: 'max by (county) (pingan_month_unscored_working_days) >= 3',
    for: '5m',
    severity: 'ticket',
    runbook: {
      command: 'pingan status',
      zh: '月份结束后一分钟内会自动计分；第三个工作日仍没有，就是出了问题。看「计分」一栏的最近批次和 score 队列的失败数，再看 scorer 的日志。手工计分：pingan score --county <县> --month <月>，它会说明缺什么。',
      en: 'A month is scored by itself within a minute of its end; not to have it by the third working day means a fault. See the last run under 计分 and the failed jobs of the queue score, then the log of the scorer. By hand: pingan score --county <county> --month <month>, which says what is missing.',
    },
  },
  {
    name: 'PinganDiskFilling',
    title: 'ClickHouse 磁盘将满',
    description: 'ClickHouse 的磁盘 {{ $labels.disk }} 所剩不多，或按最近六小时的速度三天内用完。',
    expr: filling('pingan_clickhouse_disk_free_bytes', 'pingan_clickhouse_disk_size_bytes'),
    for: '10m',
    severity: 'page',
    runbook: { command: 'df -h', ...diskRunbook },
  },
  {
    name: 'PinganMachineDiskFilling',
    title: '服务器磁盘将满',
    description: '{{ $labels.instance }} 的 {{ $labels.mountpoint }} 所剩不多，或按最近六小时的速度三天内用完。',
    expr: filling(`node_filesystem_avail_bytes${files}`, `node_filesystem_size_bytes${files}`),
    for: '10m',
    severity: 'page',
    runbook: { command: 'df -h', ...diskRunbook },
  },
  {
    name: 'PinganReconcileDifference',
    title: '对账有差异',
    description:
      '最近一次对账（{{ if $labels.county }}县 {{ $labels.county }}{{ else }}全部县{{ end }}）留下 {{ $value }} 处差异。',
    expr: 'max by (county) (pingan_reconcile_differences) > 0',
    for: '0m',
    severity: 'page',
    runbook: {
      command: 'pingan reconcile --repair',
      zh: '它按数据流、来源、发生日期列出差异，并把日志中有而库中没有的补齐、重算分量。「库中有，日志中没有」的记录可能是唯一的副本，先查清来历；确属多余的，pingan rebuild 在清除前会说明将失去几个版本，须用 --lose 确认。修复前暂不发布名次。',
      en: 'It lists the differences by stream, source and day of occurrence, stores again what the log has and the store has not, and computes components anew. Rows that the log does not have may be the last copy: find out where they come from first; pingan rebuild says how many versions would be lost and asks for --lose before it removes them. Publish no ranking before it is mended.',
    },
  },
  {
    name: 'PinganReconcileLate',
    title: '对账没有进行',
    description: '已有 {{ $value | humanizeDuration }} 没有对账，每日对账没有进行或一直没有完成。',
    expr: 'min(pingan_reconcile_age_seconds) > 3 * 86400',
    for: '10m',
    severity: 'ticket',
    runbook: {
      command: 'pingan reconcile',
      zh: '先手工对账一次。再看 aggregator 的日志里「每日对账」为什么没有完成：死信还没有全部入库、引擎不可用，或 RECONCILE_AT 设成了 off。',
      en: 'Reconcile by hand first. Then see in the log of the aggregator why 每日对账 did not end: dead letters that are not stored yet, an engine that is away, or RECONCILE_AT set to off.',
    },
  },
  {
    name: 'PinganDetachedParts',
    title: 'ClickHouse 有数据片被搁置',
    description: 'ClickHouse 有 {{ $value }} 个损坏或被搁置的数据片，其中的记录查不到。',
    expr: 'max(pingan_clickhouse_detached_parts) > 0',
    for: '5m',
    severity: 'page',
    runbook: {
      command: 'pingan status',
      zh: '「需要处理」里写明是哪些表。案件表：pingan reconcile --repair 从日志补齐；其余表由服务重算。补齐并核对一致之后，用 ALTER TABLE … DROP DETACHED PART 清除。磁盘或文件系统多半有问题，查系统日志。',
      en: 'The concerns name the tables. Case tables: pingan reconcile --repair stores again from the log what is missing; the services compute the others again. When all agrees, remove them by ALTER TABLE … DROP DETACHED PART. Look for faults of the disk or the file system in the log of the machine.',
    },
  },
  {
    name: 'PinganVersionConflicts',
    title: '同一版本内容不同',
    description: '有 {{ $value }} 处案件的同一版本先后送来了不同的内容，一天内有增加。',
    expr: 'max(pingan_version_conflicts) > max(pingan_version_conflicts offset 1d)',
    for: '10m',
    severity: 'ticket',
    runbook: {
      command: 'pingan status',
      zh: '「同一版本内容冲突」列出例子。系统按固定规则取其一，可能不是最后改的那份。请来源单位在修改记录时更新「最后修改时间」，再重新导入。',
      en: 'The line 同一版本内容冲突 gives examples. One of the contents is taken by a fixed rule, perhaps not the last. Have the source change its time of modification with every change, then import again.',
    },
  },
  {
    name: 'PinganClockSkew',
    title: '时钟不一致',
    description: '{{ $labels.engine }} 的时钟与服务相差 {{ $value | humanizeDuration }}。',
    expr: 'max by (engine) (abs(pingan_clock_skew_seconds)) > 5',
    for: '5m',
    severity: 'ticket',
    runbook: {
      command: 'timedatectl',
      zh: '在服务所在和引擎所在的机器上各执行一次，看「System clock synchronized」。没有同步的，指向单位内网的时间服务器（/etc/chrony/chrony.conf）。时钟倒退一小时会使消费者被移出组、延后任务迟到；记录的入库时间也会不准。',
      en: 'Type it on the machines of the services and of the engine and look at "System clock synchronized". Point the one that is not to the time server of the office (/etc/chrony/chrony.conf). A clock set back by an hour puts consumers out of their group and delays jobs; times of storing are wrong as well.',
    },
  },
];
