import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { badRequest, deadLetterTopic, Refusal, streamOfSchema, topicOf } from '@pingan/contracts';
import { createEventProducer, isKafkaMoving } from '@pingan/messaging';
import { requireCounty } from '@pingan/queries';
import type { County } from '@pingan/regions';
import {
  CasesWouldMove,
  type DeliveryReport,
  deliverLedger,
  LedgerChanged,
  LedgerError,
  loadMapping,
  noteUnplaced,
  type SentVersion,
} from '@pingan/sources';
import type { DeliveryAccount, DeliveryScope, Store, TwinIds, VersionConflict } from '@pingan/store';
import { KafkaMoving, requireServices } from './brokers.js';
import type { Installation } from './installation.js';
import { endPositions, requireFittingLog } from './log/fit.js';
import type { OnProgress } from './progress.js';
import { logEnd, waitUntilStored } from './waiting.js';

export interface ImportOptions {
  county: string;
  mapping: string;
  ledgers: string[];
  /** Cases may move to other months and regions, however many. */
  yes: boolean;
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

export interface Imported {
  county: County;
  report: DeliveryReport;
  /** Rows that were refused, with their reasons. */
  rejectedFile: string;
  account: DeliveryAccount;
  /** Versions with several contents that any delivery of this source has left, and some of them. */
  conflicts: { total: number; conflicts: VersionConflict[] };
  /** Ids that a person takes for one: only the people who keep the ledger know whether they are. */
  twins: { total: number; twins: TwinIds[] };
  /** Why the ledger that was read is not the one that is there now; undefined where it is. */
  changed: string | undefined;
}

/** Reads ledgers, sends, waits until everything is stored, and compares what was sent with what is stored. */
export async function importLedgers(
  installation: Installation,
  options: ImportOptions,
  onProgress: OnProgress,
): Promise<Imported> {
  if (options.ledgers.length === 0) throw badRequest('没有给出台账文件。');
  const county = await requireCounty(installation.store, options.county);
  await requireServices(installation, ['ingestor', 'aggregator']);
  await requireFittingLog(installation);
  const { store } = installation;
  const reports = join(installation.home, 'reports');
  await mkdir(reports, { recursive: true });
  const rejectedFile = join(reports, `import-${county.code}-${stamp(new Date())}-rejected.csv`);
  const delivery = randomUUID();
  const producer = await createEventProducer({
    brokers: installation.endpoints.kafkaBrokers,
    access: installation.kafka,
    clientId: 'pingan-import',
    log: installation.log,
    giveUpMs: GIVE_UP_MS,
  });
  const notes = openNotes(store, delivery);
  try {
    const mapping = await loadMapping(options.mapping);
    const { source } = mapping;
    const stream = streamOfSchema[mapping.schema];
    const before = await endPositions(installation, topicOf(stream));
    const { report, changed } = await delivered({
      ...{ files: options.ledgers, mapping, county, producer, rejectedFile, store, movesConfirmed: options.yes },
      onSent: notes.add,
    });
    await noteUnplaced(store, { county: county.code, mapping, report });
    await notes.flush();
    onProgress({ step: 'sent' });
    const after = await waitUntilStored(installation, report.offsets, (left) => onProgress({ step: 'storing', left }));
    const scope = { stream, county: county.code, source, timeZone: county.timeZone, delivery, before, after };
    const account = await accountOf(installation, scope);
    const asked = { county: county.code, source, limit: SHOWN_CONFLICTS };
    return {
      ...{ county, report, rejectedFile, account, changed },
      conflicts: await store.health.conflicts(asked),
      twins: await store.health.twinIds(asked),
    };
  } catch (error) {
    if (error instanceof CasesWouldMove) {
      throw new Refusal('request', error.message, 'cases_would_move', error.facts);
    }
    if (error instanceof LedgerError) throw badRequest(error.message);
    const isMoving = isKafkaMoving(error) || error instanceof KafkaMoving;
    throw isMoving ? new KafkaMoving('暂时不能写入。请稍候再导入一次：已经送到的行不会重复计入。') : error;
  } finally {
    await producer.close();
    await store.deliveries.forget(delivery).catch(() => undefined);
  }
}

/** A ledger that was written to meanwhile has been delivered up to there. */
async function delivered(
  delivery: Parameters<typeof deliverLedger>[0],
): Promise<{ report: DeliveryReport; changed: string | undefined }> {
  try {
    return { report: await deliverLedger(delivery), changed: undefined };
  } catch (error) {
    if (!(error instanceof LedgerChanged)) throw error;
    return { report: error.report, changed: error.message };
  }
}

/** What became of the delivery; letters are waited for where events are missing. */
async function accountOf(installation: Installation, scope: Omit<DeliveryScope, 'now'>): Promise<DeliveryAccount> {
  const asked = { ...scope, now: Date.now() };
  const account = await installation.store.deliveries.account(asked);
  if (account.missing === 0) return account;
  await waitUntilStored(installation, await logEnd(installation, deadLetterTopic), () => undefined);
  return installation.store.deliveries.account(asked);
}
