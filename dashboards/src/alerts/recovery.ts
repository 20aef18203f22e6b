/** What keeps an installation from being lost, after what to do about alerts. */
export const recovery = `## 备份 Backup

<a id="backup"></a>

    pingan backup --to /srv/backup

**每天一份，运行中即可。** 入库和计分照常进行，每次在目录里新建一个 \`pingan-backup-日期-时间\`，最后一行写明怎样恢复。全部写完才有 \`manifest.json\`；没有它的目录是中途断了的，可以删除。核对一份备份（不需要引擎）：\`pingan backup verify --from 备份\`。

备份里有：县的登记和区域表、历次方案（包括已经起用、不能再登记的）、全部案件版本、死信和重放记录、月度分量、历次计分结果和哪一次为准、对账记录、日志的位置和编号、收件目录里的映射文件、各数据流的收件记录。备份里没有：台账原件（留在来源单位）、密码和密钥（\`.env\`、\`secrets/\` 另存）、Kafka 的日志本身、Prometheus 和 Grafana 的数据。

备份含有案件记录，目录只有本人可读（0700）；请放在另一块盘，并用 rsync 等复制到另一台机器，按案件数据的密级保管。以 cron 每天 2:30 备份，保留 30 天：

    30 2 * * * cd /opt/pingan-index && npm run -s pingan -- backup --to /srv/backup >> /var/log/pingan-backup.log 2>&1
    0 4 * * * find /srv/backup -maxdepth 1 -name 'pingan-backup-*' -mtime +30 -exec rm -r {} +

或以 systemd：\`deploy/systemd/\` 里的 \`pingan-backup.service\` 和 \`pingan-backup.timer\`（写到 \`/var/backups/pingan\`，安装见 [docs/长期运行与升级.md](../docs/长期运行与升级.md)）；失败时 \`systemctl --failed\` 列出它。

容器部署：\`docker compose exec -T scorer pingan backup --to /backup\`，写到 \`.env\` 中 \`BACKUP\` 所指的目录（默认 \`./backup\`，用户 1000 须可写）。

One a day, while everything runs; each is a folder of its own, whole when it has a manifest.json. In it: registrations and region tables, all schemes, every version of every case, dead letters, components, all runs, reconciliations, the place in the log, mappings and what producers remember. Not in it: ledgers, secrets, the log itself, figures of Prometheus and Grafana. It holds case records: keep it on another disk and machine, as confidential as they are.

## 恢复 Restore

<a id="restore"></a>

    pingan restore --from /srv/backup/pingan-backup-20261130-023000

**只恢复到空的系统。** 先核对全部校验和，有一个字节不符就不动任何数据，并写明是哪个文件。已有登记的县时拒绝；第一次启动自动登记的示例县会被丢弃，换成备份里的数据。版本可以比备份新，不能更旧。中途断了，再运行一次同一条命令（刚断的，等 15 秒）。

机器全坏：装好同一或更新的版本，\`npm start\`（或 \`docker compose up -d\`），然后恢复。日志是新的：备份之后、出事之前送来的消息，请把台账再放进收件目录，接口来源请重新报送；重复的不会重复计数。

只有 ClickHouse 的数据没了，Kafka 还在：启动时和 \`pingan status\` 会写明少了多少条已入库的消息，并停止读取日志。恢复以后，备份之后的消息自动从日志重新入库，什么都不少。没有备份：重新登记各县（\`pingan county add\`，用同一份区域表和方案），再 \`pingan rebuild --yes\`；它会先写明日志里有哪些县还没有登记、各有多少条（这些会成为死信，登记后 \`pingan dead-letter replay --reason unknown_county\` 可补入）。已经起用的旧方案、历次计分结果和对账记录只有备份里有。

恢复以后：\`pingan status\` 应没有「需要处理」；\`pingan reconcile\` 核对日志、案件和分量；\`pingan rank\` 与备份时逐字节相同。

Into an empty installation only, same or newer version. Every checksum is looked at before anything is written. With a new log, what came between the backup and the loss must be delivered again; with a log that is kept it is read again by itself. Without a backup: register the counties again, then pingan rebuild --yes. A restore that was cut off is simply run again.

## 恢复演练 Fire drill

<a id="fire-drill"></a>

    pingan backup verify --from /srv/backup/pingan-backup-20261130-023000

**每季度一次，不碰正在用的系统。** 在另一台机器（或另一个 \`PINGAN_HOME\`）上：一、核对备份；二、\`PINGAN_HOME=/tmp/drill npm start\`；三、在另一个终端 \`PINGAN_HOME=/tmp/drill npm run -s pingan -- restore --from 备份\`；四、\`rank --format json\` 与正在用的系统比对上月（两边各存一个文件，用 \`cmp\`）；五、放入一份小台账，看是否入库；六、记下用了多少分钟、谁做的、备份是哪一天的；七、停止并删除 \`/tmp/drill\`。备份没有恢复过，就不算有备份。

Once a quarter, beside the system in use: verify, start an empty installation in another PINGAN_HOME, restore, compare last month's rank --format json byte by byte, deliver a small ledger, note the minutes it took, delete it.
`;
