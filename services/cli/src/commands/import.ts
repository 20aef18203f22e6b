import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { badRequest, deadLetterTopic, failed, streamOfSchema, topicOf } from '@pingan/contracts';
import { createEventProducer } from '@pingan/messaging';
import { requireCounty } from '@pingan/queries';
import { kafkaAccess } from '@pingan/runtime';
import {
  type DeliveryReport,
  deliverLedger,
  LedgerChanged,
  LedgerError,
  loadMapping,
  noteUnplaced,
  type SentVersion,
} from '@pingan/sources';
import type { DeliveryAccount, DeliveryScope, Store } from '@pingan/store';
import { requireServices } from '../brokers.js';
import { cliConfig } from '../config.js';
import type { Context } from '../context.js';
import { endPositions, requireFittingLog } from '../log/fit.js';
import { logEnd, waitUntilStored } from '../operations.js';
import { shownLine } from '../shown.js';
import { printAccount, printDelivery, shortfallOf } from './import-report.js';

export interface ImportOptions {
  county: string;
  mapping: string;
  ledgers: string[];
}

/** Kafka away for longer than this ends an import; what was sent before is stored all the same. */
const GIVE_UP_MS = 30_000;

const SHOWN_CONFLICTS = 5;

/** Versions noted together: a statement for each batch of Kafka would make a part for each. */
const NOTED_TOGETHER = 20_000;

function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]/g, '').slice(0, 15);
}

/** Keeps what was sent where the store can compare it with what it holds. */
function openNotes(store: Store, delivery: string) {
  let held: SentVersion[] = [];
  const flush = async (): Promise<void> => {
    const versions = held;
    held = [];
    await store.deliveries.noteSent(delivery, versions);
  };
  return {
    add: async (versions: readonly SentVersion[]): Promise<void> => {
      held.push(...versions);
      if (held.length >= NOTED_TOGETHER) await flush();
    },
    flush,
  };
}

/** Two ids that a person takes for one are two cases; whether they are, only the people who keep the ledger know. */
async function printTwins(context: Context, county: string, source: string): Promise<void> {
  const { total, twins } = await context.store.health.twinIds({ county, source, limit: SHOWN_CONFLICTS });
  if (total === 0) return;
  context.out(`编号只差大小写或看不见的字符，各算一件：${total} 组。例如：`);
  for (const { source: name, ids } of twins) context.out(`  ${name} ${shownLine(ids.join('、'))}`);
}

/** Versions with several contents that any delivery of this source has left. */
async function printConflicts(context: Context, county: string, source: string): Promise<void> {
  const { total, conflicts } = await context.store.health.conflicts({ county, source, limit: SHOWN_CONFLICTS });
  if (total === 0) return;
  context.out(`同一编号同一版本而内容不同:${total} 处(撤回优先,其余按固定规则取一)。例如:`);
  for (const c of conflicts) context.out(`  ${c.source} ${c.case_id} 版本 ${c.version}:${c.contents} 种内容`);
}

/**
 * `pingan import`: reads ledgers, sends, waits until everything is stored, compares what was sent with what is stored, and
 * reports. @throws Refusal (failed) unless every row is in.
 */
export async function importLedgers(context: Context, options: ImportOptions): Promise<DeliveryReport> {
  if (options.ledgers.length === 0) throw badRequest('没有给出台账文件。');
  const county = await requireCounty(context.store, options.county);
  await requireServices(context, ['ingestor', 'aggregator']);
  await requireFittingLog(context);
  const { store } = context;
  const reports = join(context.home, 'reports');
  await mkdir(reports, { recursive: true });
  const rejectedFile = join(reports, `import-${county.code}-${stamp(new Date())}-rejected.csv`);
  const delivery = randomUUID();
  const producer = await createEventProducer({
    brokers: context.endpoints.kafkaBrokers,
    access: kafkaAccess(cliConfig()),
    clientId: 'pingan-import',
    log: context.log,
    giveUpMs: GIVE_UP_MS,
  });
  const notes = openNotes(store, delivery);
  try {
    const mapping = await loadMapping(options.mapping);
    const { source } = mapping;
    const stream = streamOfSchema[mapping.schema];
    const before = await endPositions(context, topicOf(stream));
    let report: DeliveryReport;
    let changed: LedgerChanged | undefined;
    try {
      report = await deliverLedger({
        ...{ files: options.ledgers, mapping, county, producer, rejectedFile, store },
        onSent: notes.add,
      });
    } catch (error) {
      if (!(error instanceof LedgerChanged)) throw error;
      changed = error;
      report = error.report;
    }
    await noteUnplaced(store, { county: county.code, mapping, report });
    await notes.flush();
    context.note('已发送,等待入库……');
    const after = await waitUntilStored(context, report.offsets, (left) => context.note(`等待入库,还有 ${left} 条`));
    printDelivery(context.out, report, rejectedFile);
    const scope = { stream, county: county.code, source, timeZone: county.timeZone, delivery, before, after };
    const account = await accountOf(context, scope);
    if (account.cases > 0) printAccount(context.out, account, county);
    await printConflicts(context, county.code, source);
    await printTwins(context, county.code, source);
    const shortfall = [...(changed ? [changed.message] : []), ...shortfallOf(report, account, rejectedFile)];
    if (shortfall.length > 0) {
      context.out(`送出的 ${account.versions} 条已入库 ${account.versions - account.missing} 条。`);
      throw failed(`没有全部入库。\n${shortfall.join('\n')}`);
    }
    const lost = account.overtaken + account.tied;
    context.out(lost === 0 ? '已全部入库。' : `已入库，但有 ${lost} 个案件没有采用这次送出的内容，见上。`);
    return report;
  } catch (error) {
    if (error instanceof LedgerError) throw badRequest(error.message);
    throw error;
  } finally {
    await producer.close();
    await store.deliveries.forget(delivery).catch(() => undefined);
  }
}

/** What became of the delivery; letters are waited for where events are missing. */
async function accountOf(context: Context, scope: Omit<DeliveryScope, 'now'>): Promise<DeliveryAccount> {
  const asked = { ...scope, now: Date.now() };
  const account = await context.store.deliveries.account(asked);
  if (account.missing === 0) return account;
  await waitUntilStored(context, await logEnd(context, deadLetterTopic), () => undefined);
  return context.store.deliveries.account(asked);
}
