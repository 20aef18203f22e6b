import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createEventProducer } from '@pingan/messaging';
import { kafkaAccess } from '@pingan/runtime';
import { type DeliveryReport, deliverLedger, LedgerError, ledgerRuleText, loadMapping } from '@pingan/sources';
import { requireServices } from '../brokers.js';
import { cliConfig } from '../config.js';
import type { Context } from '../context.js';
import { badRequest } from '../failure.js';
import { waitUntilStored } from '../operations.js';
import { requireCounty } from '../scope.js';
import { shownLine } from '../shown.js';
import { renderTable } from '../table.js';

export interface ImportOptions {
  county: string;
  mapping: string;
  ledgers: string[];
}

/** Kafka away for longer than this ends an import; what was sent before is stored all the same. */
const GIVE_UP_MS = 30_000;

const SHOWN_CONFLICTS = 5;

function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').slice(0, 15);
}

function printReport(context: Context, report: DeliveryReport, rejectedFile: string): void {
  context.out(
    renderTable(
      [
        { title: '台账', value: (f) => f.file },
        { title: '读取', value: (f) => String(f.read), align: 'right' },
        { title: '发送', value: (f) => String(f.sent), align: 'right' },
        { title: '跳过', value: (f) => String(f.skipped), align: 'right' },
        { title: '拒收', value: (f) => String(f.rejected), align: 'right' },
      ],
      report.files,
    ),
  );
  context.out(`合计:读取 ${report.read},发送 ${report.sent},跳过 ${report.skipped},拒收 ${report.rejected}`);
  for (const { notes } of report.files) for (const text of notes) context.out(text);
  if (report.rejected === 0) return;
  const reasons = new Map<string, number>();
  for (const { rejectedBy } of report.files) {
    for (const [rule, count] of Object.entries(rejectedBy)) reasons.set(rule, (reasons.get(rule) ?? 0) + count);
  }
  context.out('拒收原因:');
  context.out(
    renderTable(
      [
        { title: '规则', value: ([rule]) => rule },
        { title: '说明', value: ([rule]) => ledgerRuleText(rule) },
        { title: '行数', value: ([, count]) => String(count), align: 'right' },
      ],
      [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)),
    ),
  );
  context.out(`被拒收的行(文件、行号、字段、规则)见 ${rejectedFile}`);
}

/** Two ids that a person takes for one are two cases; whether they are, only the people who keep the ledger know. */
async function printTwins(context: Context, county: string, source: string): Promise<void> {
  const { total, twins } = await context.store.health.twinIds({ county, source, limit: SHOWN_CONFLICTS });
  if (total === 0) return;
  context.out(`编号只差大小写或看不见的字符，各算一件：${total} 组。例如：`);
  for (const { source: name, ids } of twins) context.out(`  ${name} ${shownLine(ids.join('、'))}`);
}

/** `pingan import`: reads ledgers, sends, waits until everything is stored, reports. */
export async function importLedgers(context: Context, options: ImportOptions): Promise<DeliveryReport> {
  if (options.ledgers.length === 0) throw badRequest('没有给出台账文件。');
  const county = await requireCounty(context, options.county);
  await requireServices(context, ['ingestor', 'aggregator']);
  const reports = join(context.home, 'reports');
  await mkdir(reports, { recursive: true });
  const rejectedFile = join(reports, `import-${county.code}-${stamp(new Date())}-rejected.csv`);
  const producer = await createEventProducer({
    brokers: context.endpoints.kafkaBrokers,
    access: kafkaAccess(cliConfig()),
    clientId: 'pingan-import',
    log: context.log,
    giveUpMs: GIVE_UP_MS,
  });
  let report: DeliveryReport;
  let source: string;
  try {
    const mapping = await loadMapping(options.mapping);
    source = mapping.source;
    report = await deliverLedger({ files: options.ledgers, mapping, county, producer, rejectedFile });
  } catch (error) {
    if (error instanceof LedgerError) throw badRequest(error.message);
    throw error;
  } finally {
    await producer.close();
  }
  context.note('已发送,等待入库……');
  await waitUntilStored(context, report.offsets, (left) => context.note(`等待入库,还有 ${left} 条`));
  printReport(context, report, rejectedFile);
  const { total, conflicts } = await context.store.health.conflicts({
    county: county.code,
    source,
    limit: SHOWN_CONFLICTS,
  });
  if (total > 0) {
    context.out(`同一编号同一版本而内容不同:${total} 处(撤回优先,其余按固定规则取一)。例如:`);
    for (const c of conflicts) context.out(`  ${c.source} ${c.case_id} 版本 ${c.version}:${c.contents} 种内容`);
  }
  await printTwins(context, county.code, source);
  context.out('已全部入库。');
  return report;
}
