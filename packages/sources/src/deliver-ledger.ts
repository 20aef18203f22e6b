import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { eventKey, type PingAnEvent, streamOfSchema, topicOf } from '@pingan/contracts';
import type { EventProducer, OutgoingMessage } from '@pingan/messaging';
import { type County, RegionIndex } from '@pingan/regions';
import type { Store, UnplacedRow } from '@pingan/store';
import { type CaseVersions, caseVersions } from './case-versions.js';
import { type EarlierVersions, earlierVersions } from './earlier-versions.js';
import { isUntouched } from './file-state.js';
import { LedgerError } from './ledger-error.js';
import type { Mapping } from './mapping.js';
import { mayMove, movesOf, type PlannedFile, refuseMoves } from './planned-moves.js';
import { type CheckedLedger, checkLedger, type LedgerRow, readBatches } from './read-ledger.js';
import { createRejectionWriter, type Rejection, rejectionOf } from './rejections.js';

/** Messages per send: large enough that a round trip is nothing, small enough for any broker's limit. */
const BATCH_SIZE = 2_000;
/** Rejections kept for showing; all of them go to the report. */
const KEPT_REJECTIONS = 1_000;

const totals = ['read', 'sent', 'skipped', 'rejected', 'empty'] as const;

export interface FileCounts {
  file: string;
  read: number;
  /** Events acknowledged by Kafka. */
  sent: number;
  /** Rows the mapping says are no cases. */
  skipped: number;
  /** Rows refused. */
  rejected: number;
  /** Rows of cells without any content; not counted as read. */
  empty: number;
  /** Rows by the rule they break; a row that breaks two counts under both, one that breaks it twice once. */
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
  empty: number;
  /** The first thousand. */
  rejections: Rejection[];
  /** Topic → partition → offset after the last event sent: an index that has read so far contains the delivery. */
  offsets: Map<string, Map<number, bigint>>;
}

/** A version as it was sent. */
export interface SentVersion {
  case_id: string;
  version: number;
}

/** A ledger was written to while it was being read: what was sent may be of two contents, and nothing more is. */
export class LedgerChanged extends LedgerError {
  constructor(
    file: string,
    readonly report: DeliveryReport,
  ) {
    const { sent = 0, lastLine = 0 } = report.files.at(-1) ?? {};
    super(file, [
      `读取过程中文件被改动，已停止。已送出 ${sent} 条（读到第 ${lastLine} 行），其中可能有改动前的内容，不会自动撤回。` +
        '请等文件写完后再导入一次；改动前有而改动后没有的编号，须用映射的 op 一项撤回',
    ]);
  }
}

export interface DeliverOptions {
  files: readonly string[];
  mapping: Mapping;
  county: County;
  index?: RegionIndex;
  producer: Pick<EventProducer, 'send'>;
  /**
   * Where versions of earlier deliveries of the same time are looked up, and the places of cases; without it such deliveries
   * may be conflicts, and cases may move to other months unnoticed.
   */
  store?: Pick<Store, 'deliveries'> | undefined;
  /** Somebody has said that cases may move to other months and regions, however many. */
  movesConfirmed?: boolean;
  /** The clock; see `LedgerSource`. */
  now?: number;
  /** Called with every batch that Kafka has acknowledged. */
  onSent?: (versions: readonly SentVersion[]) => Promise<void>;
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
  add: (event: PingAnEvent) => Promise<void>;
  flush: () => Promise<void>;
  /** Resolves when what was handed to Kafka is acknowledged. */
  settle: () => Promise<void>;
}

/** Sends one batch while the next one is being read. */
function createSender(
  topic: string,
  producer: DeliverOptions['producer'],
  offsets: Map<number, bigint>,
  beforeSend: () => Promise<void>,
  onSent: (versions: readonly SentVersion[]) => Promise<void>,
): Sender {
  let batch: OutgoingMessage[] = [];
  let versions: SentVersion[] = [];
  let pending: Promise<void> = Promise.resolve();
  const send = async (messages: OutgoingMessage[], sent: readonly SentVersion[]): Promise<void> => {
    for (const { partition, lastOffset } of await producer.send(topic, messages)) {
      const next = lastOffset + 1n;
      if (next > (offsets.get(partition) ?? 0n)) offsets.set(partition, next);
    }
    await onSent(sent);
  };
  const start = async (): Promise<void> => {
    await pending;
    await beforeSend();
    pending = send(batch, versions);
    batch = [];
    versions = [];
    // Awaited with the next batch; without this a failure in between would count as unhandled.
    pending.catch(() => undefined);
  };
  return {
    add: async (event) => {
      batch.push({ key: eventKey(event), value: JSON.stringify(event) });
      versions.push({ case_id: event.case_id, version: event.version });
      if (batch.length >= BATCH_SIZE) await start();
    },
    flush: async () => {
      if (batch.length > 0) await start();
      await pending;
    },
    settle: () => pending,
  };
}

/**
 * Reads ledgers and sends their events to Kafka, oldest delivery first.
 * @throws LedgerError before anything is sent when a mapping, encoding, header or delivery time is wrong, or as
 * CasesWouldMove when ids seem to be those of other cases; LedgerChanged when a file changes while it is read; whatever `producer.send` throws.
 */
export async function deliverLedger(options: DeliverOptions): Promise<DeliveryReport> {
  const { mapping, county, producer, signal, sentUpToLine = 0 } = options;
  const index = options.index ?? new RegionIndex(county);
  const ledgers: CheckedLedger[] = [];
  for (const file of options.files) ledgers.push(await checkLedger({ file, mapping, county, now: options.now }));
  ledgers.sort((a, b) => a.delivered - b.delivered || (a.file < b.file ? -1 : 1));

  const stream = streamOfSchema[mapping.schema];
  const topic = topicOf(stream);
  const { store } = options;
  const key = { stream, county: county.code, source: mapping.source, timeZone: county.timeZone };
  const offsets = new Map<number, bigint>();
  const report: DeliveryReport = {
    files: [],
    read: 0,
    sent: 0,
    skipped: 0,
    rejected: 0,
    empty: 0,
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
      empty: 0,
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
      async () => {
        signal?.throwIfAborted();
        if (!(await isUntouched(ledger.file, ledger.state))) throw new LedgerChanged(name, report);
      },
      async (sent) => {
        counts.sent += sent.length;
        await options.onSent?.(sent);
        options.onProgress?.(counts);
      },
    );
    const refuse = async ({ line, row, violations }: Extract<LedgerRow, { kind: 'rejected' }>): Promise<void> => {
      for (const rule of new Set(violations.map((violation) => violation.rule))) {
        counts.rejectedBy[rule] = (counts.rejectedBy[rule] ?? 0) + 1;
      }
      for (const violation of violations) {
        const rejection = rejectionOf(name, line, violation, row);
        if (report.rejections.length < KEPT_REJECTIONS) report.rejections.push(rejection);
        await writer?.write(rejection);
      }
    };
    const seen = createHash('sha256');
    const read = async (): Promise<void> => {
      for await (const rows of readBatches({ ...ledger, mapping, county, index, versions, seen })) {
        for (const row of rows) {
          counts.lastLine = row.line;
          if (row.kind === 'empty') {
            counts.empty++;
            continue;
          }
          counts.read++;
          if (row.kind === 'skipped') counts.skipped++;
          else if (row.kind === 'rejected') {
            counts.rejected++;
            if (row.unplaced !== undefined) counts.unplaced.push({ ...row.unplaced, line: row.line });
            await refuse(row);
          } else if (row.line > sentUpToLine) await sender.add(row.event);
        }
      }
      await sender.flush();
    };
    try {
      await read();
      // A copy that keeps the times of change shows only in what was read.
      if (seen.digest('hex') !== ledger.sha256) throw new LedgerChanged(name, report);
    } catch (error) {
      // Half of a character, a record cut in two: what was read between two contents may be no text at all.
      if (error instanceof LedgerError && !(await isUntouched(ledger.file, ledger.state))) {
        await sender.settle();
        throw new LedgerChanged(name, report);
      }
      throw error;
    } finally {
      for (const key of totals) report[key] += counts[key];
    }
  };

  const earlierOf = async (delivered: number): Promise<EarlierVersions | undefined> => {
    if (mapping.version !== undefined || store === undefined) return undefined;
    return earlierVersions(store, key, delivered);
  };

  /** Files with the versions of their rows; those of one delivery time share them, or a case in two would be a conflict. */
  async function* inOrder(): AsyncGenerator<{ ledger: CheckedLedger; versions: CaseVersions }> {
    let versions: CaseVersions | undefined;
    let delivered: number | undefined;
    for (const ledger of ledgers) {
      if (versions === undefined || delivered !== ledger.delivered) {
        versions = caseVersions(ledger.delivered, await earlierOf(ledger.delivered));
      }
      delivered = ledger.delivered;
      yield { ledger, versions };
    }
  }

  async function* planned(): AsyncGenerator<PlannedFile> {
    let file = 0;
    for await (const { ledger, versions } of inOrder()) {
      signal?.throwIfAborted();
      file += 1;
      yield { file, rows: readBatches({ ...ledger, mapping, county, index, versions }), sentUpToLine };
    }
  }

  if (store !== undefined && !options.movesConfirmed && (await mayMove(store, key, ledgers.length))) {
    refuseMoves(options.files, county, await movesOf(store, key, planned()));
  }

  try {
    for await (const { ledger, versions } of inOrder()) await deliverFile(ledger, versions);
    await writer?.close();
    return report;
  } catch (error) {
    await writer?.discard();
    throw error;
  }
}
