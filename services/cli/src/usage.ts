/** A command begins a line with two blanks before it; what it does stands below, further in. Lines are at most 80 columns wide. */
const commands = `  county add --code 代码 --name 名称 --regions 区域表.csv
             [--timezone Asia/Shanghai] [--start YYYY-MM]
             [--scheme 方案.yaml | --only mediation,police]
      登记一个县，或更改登记并列出差别；只有几类数据的，用 --only 写明，
      默认方案只含这些
  county list [--format table|json|csv]
      已登记的县，各有多少案件，哪些月已计分、已发布
  county reset --county 县 --yes
      清空一个县的案件和计分结果，保留登记
  county remove --county 县 --yes
      注销一个县（没有发布过的）
  import --county 县 --mapping 映射.yaml 台账... [--yes]
      读取台账，发送并等待入库；会把很多案件移到别的月份或乡镇的，
      先停下来，确认后加 --yes
  score --county 县 --month YYYY-MM
      计算一个月的指数，输出批次号
  rank --county 县 [--month YYYY-MM] [--basis latest|published]
       [--format table|json|csv]
      排名：最新的（默认），或已发布的
  explain --county 县 [--month YYYY-MM] --region 区域
          [--format table|json|csv]
      一个单位的得分从何而来
  zero-report --county 县 --month YYYY-MM --region 区域
              --stream police|petition|mediation|opinion
              [--by 确认人] [--reason 说明] [--withdraw]
      确认一个单位某月确无可报（零报送），或撤回确认
  quarter --county 县 --period YYYY-Qn [--format table|json|csv]
      季度得分和排名：三个月的平均
  year --county 县 --period YYYY [--items 年度事项.csv]
       [--format table|json|csv]
      年度得分、排名和等次；年度事项的列：单位，事项，理由，
      分值（数字，或“一票否决”）
  changes --county 县 [--month YYYY-MM] --region 区域 [--against year]
          [--format table|json|csv]
      与上月（或上年同月）相比，得分为何变化
  without-case --county 县 [--month YYYY-MM] --case 编号 [--source 来源]
               [--format table|json|csv]
      假如不计一案，得分和名次如何
  table month --county 县 [--month YYYY-MM] [--values value|shrunken|score]
              [--context] [--meta] [--format table|json|csv]
      一个月各单位的指标表（指标值、修正值或得分），csv 可供 table stats、
      scheme weights 读取；--meta 为配套的指标表
  scheme show --county 县 [--month YYYY-MM]
      一个县某月用的方案（默认本月）
  scheme what-if 方案.yaml... --county 县 [--month YYYY-MM]
                 [--months 几个月] [--format table|json|csv]
      换一个方案，名次如何（只试算）；几个方案并列比较，写几个文件
  scheme sensitivity --county 县 [--month YYYY-MM] [--draws 10000]
                     [--spread 0.25] [--seed 1] [--format table|json|csv]
      权重和算法的选择对名次有多大影响
  scheme activate 方案.yaml --county 县 --from YYYY-MM [--note 说明] [--yes]
      自某月起用一个方案；没有发布过的县，以往的月也可以；
      权重像是写错的，确认后加 --yes
  scheme activate --only mediation,police --county 县 --from YYYY-MM
      起用只含这几类数据的默认方案
  scheme list --county 县 [--format table|json|csv]
      一个县哪个月起用哪个方案，何时定的，为什么
  scheme cancel --county 县 --from YYYY-MM [--note 说明]
      取消还没有起用的方案，沿用原来的
  status [--format table|json|csv]
      引擎、服务、积压、队列、数据新鲜度
  dead-letter list | show 编号
      无法入库的消息
  dead-letter replay 编号... | --reason 原因 [--dry-run]
      先说明会改变什么，再重新处理死信
  dead-letter acknowledge 编号... | --reason 原因 --note 说明
                          [--by 确认人]
      确认死信不必处理，status 不再提示；仍可重放
  reconcile [--county 县] [--repair]
      日志、案件版本、月度分量是否一致；修复差异
  rebuild --yes [--lose 条数]
      从日志重新生成数据，与原来比对后替换；日志里没有的版本须用
      --lose 说明可失去几个
  adopt-log [--yes] [--lose 条数]
      Kafka 的日志换了或短了：从新的日志接续
  backup --to 目录
      运行中备份，在目录里建一个新的备份
  restore --from 备份
      把备份恢复到空的系统，再接上日志

不需要引擎的：

  backup verify --from 备份
      核对备份的校验和
  table score --data 数据.csv --meta 指标表.csv --recipe 配方.json
              --out 目录
      按配方给任意一张表评分
  table stats --data 数据.csv [--meta 指标表.csv] [--scores]
              [--format table|json|csv]
      各指标的均值、离散、偏度等，各组的信度
  table correlations --data 数据.csv [--meta 指标表.csv] [--scores]
                     [--kind pearson|spearman|kendall]
                     [--format table|json|csv]
      指标两两的相关系数
  indicators [代码 [--sql]] [--format table|json|csv]
      指标目录，或一个指标的全部说明；--sql 连同算法
  indicators --html 文件
      指标目录的打印页
  scheme validate 文件
      检查方案
  scheme show [文件]
      补全默认值的方案（不写文件为默认方案）
  scheme diff 文件A 文件B
      两个方案的不同
  scheme schema
      方案文件的 JSON Schema，供编辑器提示和检查
  scheme weights ahp --matrix 判断矩阵.csv [--into 方案.yaml]
                 [--format table|json|csv]
      由两两比较拟定指标或维度的权重；--into 印出填好权重的方案，文件不动
  scheme weights entropy|critic|pca|bod --data 数据.csv
                 [--meta 指标表.csv] [--scores] [--into 方案.yaml]
                 [--format table|json|csv]
      由数据拟定权重，方向按指标目录；--scores 说明数据是得分，越大越好`;

const prefix = 'npm run -s pingan -- ';

const notes = `县写代码或名称，区域也是。不写 --month 的，是最近一个已计分的月份。
--format csv 可用 WPS、Excel 打开，json 供程序用。
表格按终端的宽度折行；输出到文件或管道时不折行，可用 COLUMNS=80 指定宽度。
等级在终端里带颜色，设 NO_COLOR=1 则不带；文件和管道里没有颜色。

退出状态：0 成功；2 参数或输入有误；3 引擎或服务不可用；1 其他错误，
import 有行被拒收或没有入库，或 reconcile、rebuild 发现不一致。`;

export const usage = `用法：${prefix}命令 [选项]
一个命令的说明和例子：${prefix}命令 --help

${commands}

${notes}`;

/** How a command is used in earnest; names and figures are those of the demo county or of docs/台账接入.md. */
const examples: Readonly<Record<string, readonly string[]>> = {
  county: ['county add --code 610999 --name 某县 --regions 区域表.csv --start 2026-01', 'county list'],
  import: ['import --county 610999 --mapping 映射.yaml 调解台账.csv'],
  score: ['score --county 宜君县 --month 2026-10'],
  rank: ['rank --county 宜君县', 'rank --county 宜君县 --month 2026-10 --format csv > 排名.csv'],
  explain: ['explain --county 宜君县 --region 彭镇'],
  'zero-report': [
    'zero-report --county 宜君县 --month 2026-10 --region 彭镇 --stream opinion --by 王主任 --reason 本月无舆情',
  ],
  quarter: ['quarter --county 宜君县 --period 2026-Q3'],
  year: ['year --county 宜君县 --period 2026 --items 年度事项.csv'],
  changes: ['changes --county 宜君县 --region 彭镇', 'changes --county 宜君县 --region 彭镇 --against year'],
  'without-case': ['without-case --county 610999 --case TJ-2026-0001'],
  scheme: [
    'scheme show > 方案.yaml',
    'scheme validate 方案.yaml',
    'scheme what-if 方案.yaml --county 宜君县',
    'scheme what-if 甲.yaml 乙.yaml --county 宜君县',
    'scheme activate 方案.yaml --county 宜君县 --from 2027-01',
  ],
  status: ['status'],
  'dead-letter': ['dead-letter list', 'dead-letter replay --reason unknown_region --dry-run'],
  reconcile: ['reconcile --county 宜君县'],
  rebuild: ['rebuild --yes'],
  'adopt-log': ['adopt-log'],
  backup: ['backup --to /备份', 'backup verify --from /备份/2026-11-01'],
  restore: ['restore --from /备份/2026-11-01'],
  table: [
    'table month --county 宜君县 --format csv > 指标表.csv',
    'table stats --data 指标表.csv',
    'table score --data 数据.csv --meta 指标表.csv --recipe 配方.json --out 结果',
  ],
  indicators: ['indicators', 'indicators S01'],
};

/** Commands with their descriptions, one text each. */
const entries = commands.split(/\n(?= {2}[a-z])/).map((text) => text.replace(/\n\n不需要引擎的：\n?$/, ''));

/** What is known of the command that these words begin; undefined for one that does not exist. */
export function helpOf(words: readonly string[]): string | undefined {
  const [name = '', verb] = words;
  const own = entries.filter((text) => text.startsWith(`  ${name} `) || text === `  ${name}`);
  if (own.length === 0) return undefined;
  const ofVerb = own.filter((text) => verb !== undefined && text.startsWith(`  ${name} ${verb}`));
  const shown = (examples[name] ?? []).filter((one) => ofVerb.length === 0 || one.startsWith(`${name} ${verb}`));
  const lines = shown.map((one) => `  ${prefix}${one}`);
  return [
    `用法：${prefix}命令 [选项]`,
    (ofVerb.length > 0 ? ofVerb : own).join('\n'),
    ...(lines.length > 0 ? [`例如：\n${lines.join('\n')}`] : []),
  ].join('\n\n');
}
