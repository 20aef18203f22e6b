import { basename } from 'node:path';
import { eventKey, streamOfSchema, topicOf } from '@pingan/contracts';
import type { EventProducer, OutgoingMessage } from '@pingan/messaging';
import { type County, RegionIndex } from '@pingan/regions';
import type { UnplacedRow } from '@pingan/store';
import { type CaseVersions, caseVersions } from './case-versions.js';
import type { Mapping } from './mapping.js';
import { type CheckedLedger, checkLedger, readBatches } from './read-ledger.js';
import { createRejectionWriter, type Rejection, rejectionOf } from './rejections.js';
import type { RowViolation } from './row-mapper.js';

/** Messages per send: large enough that a round trip is nothing, small enough for any broker's limit. */
const BATCH_SIZE = 2_000;
/** Rejections kept for showing; all of them go to the report. */
const KEPT_REJECTIONS = 1_000;

export interface FileCounts {
  file: string;
  read: number;
  /** Events acknowledged by Kafka. */
  sent: number;
  /** Rows the mapping says are no cases. */
  skipped: number;
  /** Rows refused. */
  rejected: number;
  /** Broken rules; a row with two counts under both. */
  rejectedBy: Record<string, number>;
  /** Refused rows whose place is missing or unknown. */
  unplaced: UnplacedRow[];
  /** Last line that was read. */
  lastLine: number;
  notes: string[];
}

export interface DeliveryReport {
  files: FileCounts[];
  read: number;
  sent: number;
  skipped: number;
  rejected: number;
  /** The first thousand. */
  rejections: Rejection[];
  /** Topic → partition → offset after the last event sent: an index that has read so far contains the delivery. */
  offsets: Map<string, Map<number, bigint>>;
}

export interface DeliverOptions {
  files: readonly string[];
  mapping: Mapping;
  county: County;
  index?: RegionIndex;
  producer: Pick<EventProducer, 'send'>;
  /** Called after every batch with the counts of the file so far. */
  onProgress?: (counts: FileCounts) => void;
  /** Where the report of all rejections goes; without rejections no file is left there. */
  rejectedFile?: string;
  /** Rows up to this line are read (for their versions and the report) but were sent before. */
  sentUpToLine?: number;
  /** Stops between two batches. */
  signal?: AbortSignal;
}

interface Sender {
  add: (message: OutgoingMessage) => Promise<void>;
  flush: () => Promise<void>;
}

/** Sends one batch while the next one is being read. */
function createSender(
  topic: string,
  producer: DeliverOptions['producer'],
  offsets: Map<number, bigint>,
  onSent: (count: number) => void,
  signal: AbortSignal | undefined,
): Sender {
  let batch: OutgoingMessage[] = [];
  let pending: Promise<void> = Promise.resolve();
  const send = async (messages: OutgoingMessage[]): Promise<void> => {
    for (const { partition, lastOffset } of await producer.send(topic, messages)) {
      const next = lastOffset + 1n;
      if (next > (offsets.get(partition) ?? 0n)) offsets.set(partition, next);
    }
    onSent(messages.length);
  };
  const start = async (): Promise<void> => {
    await pending;
    signal?.throwIfAborted();
    const messages = batch;
    batch = [];
    pending = send(messages);
    // Awaited with the next batch; without this a failure in between would count as unhandled.
    pending.catch(() => undefined);
  };
  return {
    add: async (message) => {
      batch.push(message);
      if (batch.length >= BATCH_SIZE) await start();
    },
    flush: async () => {
      if (batch.length > 0) await start();
      await pending;
    },
  };
}

/**
 * Reads ledgers and sends their events to Kafka, oldest delivery first.
 * @throws LedgerError before anything is sent when a mapping, encoding or header is wrong; whatever `producer.send` throws.
 */
export async function deliverLedger(options: DeliverOptions): Promise<DeliveryReport> {
  const { mapping, county, producer, signal, sentUpToLine = 0 } = options;
  const index = options.index ?? new RegionIndex(county);
  const ledgers: CheckedLedger[] = [];
  for (const file of options.files) ledgers.push(await checkLedger({ file, mapping, county }));
  ledgers.sort((a, b) => a.delivered - b.delivered || (a.file < b.file ? -1 : 1));

  const topic = topicOf(streamOfSchema[mapping.schema]);
  const offsets = new Map<number, bigint>();
  const report: DeliveryReport = {
    files: [],
    read: 0,
    sent: 0,
    skipped: 0,
    rejected: 0,
    rejections: [],
    offsets: new Map([[topic, offsets]]),
  };
  const writer = options.rejectedFile === undefined ? undefined : createRejectionWriter(options.rejectedFile);

  const deliverFile = async (ledger: CheckedLedger, versions: CaseVersions): Promise<void> => {
    const name = basename(ledger.file);
    const counts: FileCounts = {
      file: name,
      read: 0,
      sent: 0,
      skipped: 0,
      rejected: 0,
      rejectedBy: {},
      unplaced: [],
      lastLine: 0,
      notes: ledger.notes,
    };
    report.files.push(counts);
    const sender = createSender(
      topic,
      producer,
      offsets,
      (count) => {
        counts.sent += count;
        options.onProgress?.(counts);
      },
      signal,
    );
    const refuse = async (line: number, violation: RowViolation): Promise<void> => {
      counts.rejectedBy[violation.rule] = (counts.rejectedBy[violation.rule] ?? 0) + 1;
      const rejection = rejectionOf(name, line, violation);
      if (report.rejections.length < KEPT_REJECTIONS) report.rejections.push(rejection);
      await writer?.write(rejection);
    };
    for await (const rows of readBatches({ ...ledger, mapping, county, index, versions })) {
      for (const row of rows) {
        counts.read++;
        counts.lastLine = row.line;
        if (row.kind === 'skipped') counts.skipped++;
        else if (row.kind === 'rejected') {
          counts.rejected++;
          if (row.unplaced !== undefined) counts.unplaced.push({ ...row.unplaced, line: row.line });
          for (const violation of row.violations) await refuse(row.line, violation);
        } else if (row.line > sentUpToLine) {
          await sender.add({ key: eventKey(row.event), value: JSON.stringify(row.event) });
        }
      }
    }
    await sender.flush();
    for (const key of ['read', 'sent', 'skipped', 'rejected'] as const) report[key] += counts[key];
  };

  try {
    let versions: CaseVersions | undefined;
    let delivered: number | undefined;
    for (const ledger of ledgers) {
      // Files of one delivery time share their versions, or the same case in two of them would be a conflict.
      if (versions === undefined || delivered !== ledger.delivered) versions = caseVersions(ledger.delivered);
      delivered = ledger.delivered;
      await deliverFile(ledger, versions);
    }
    await writer?.close();
    return report;
  } catch (error) {
    await writer?.discard();
    throw error;
  }
}
