import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { County } from '@pingan/regions';
import type { MovedCase, PlannedMoves, PlannedRow, SourceKey, Store } from '@pingan/store';
import { LedgerError } from './ledger-error.js';
import type { LedgerRow } from './read-ledger.js';

/** Corrections move a case now and then. More than this share, and at least so many, is numbering that began again. */
const SHARE = 0.05;
const FLOOR = 5;

/** Rows noted with one statement. */
const NOTED_TOGETHER = 20_000;

/** Every version there can be. */
const anyVersion = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Whether places have to be compared at all: a first ledger of a source alone can move nothing. */
export async function mayMove({ deliveries }: Pick<Store, 'deliveries'>, key: SourceKey, files: number) {
  return files > 1 || (await deliveries.countVersions(key, anyVersion)) > 0;
}

export interface PlannedFile {
  /** From 1. */
  file: number;
  rows: AsyncIterable<readonly LedgerRow[]>;
  /** Rows up to this line will not be sent. */
  sentUpToLine: number;
}

/** Reads what a delivery would send and compares it with what is stored. Memory holds a batch; nothing is sent. */
export async function movesOf(
  { deliveries }: Pick<Store, 'deliveries'>,
  key: SourceKey & { timeZone: string },
  files: AsyncIterable<PlannedFile>,
): Promise<PlannedMoves> {
  const plan = randomUUID();
  let held: PlannedRow[] = [];
  const flush = async (): Promise<void> => {
    const planned = held;
    held = [];
    if (planned.length > 0) await deliveries.notePlanned(plan, planned);
  };
  try {
    for await (const { file, rows, sentUpToLine } of files) {
      for await (const batch of rows) {
        for (const row of batch) {
          if (row.kind !== 'event' || row.line <= sentUpToLine) continue;
          const { case_id, version, region_code: region } = row.event;
          held.push({ case_id, version, file, region, month: row.month });
        }
        if (held.length >= NOTED_TOGETHER) await flush();
      }
    }
    await flush();
    return await deliveries.plannedMoves({ ...key, plan });
  } finally {
    await deliveries.forget(plan).catch(() => undefined);
  }
}

/** What `CasesWouldMove` says, for programs and faces. */
export interface MoveFacts {
  cases: number;
  moved: number;
  /** Names of regions instead of codes, where they are known. */
  examples: MovedCase[];
}

/** A delivery that would move so many cases that its ids are probably those of other cases. Nothing of it was sent. */
export class CasesWouldMove extends LedgerError {
  constructor(
    file: string,
    readonly facts: MoveFacts,
    /** How one goes on all the same, where the reader is. */
    confirm = '请加 --yes 再导入',
  ) {
    super(file, [movesText(facts, confirm)]);
  }
}

function movesText({ cases, moved, examples }: MoveFacts, confirm: string): string {
  const lines = examples.map(
    (one) => `\n  ${one.case_id}：${one.month_before} ${one.region_before} → ${one.month} ${one.region}`,
  );
  const more = moved > lines.length ? `\n  另有 ${moved - lines.length} 个` : '';
  return (
    `一行也没有送出。${cases} 个案件中有 ${moved} 个的编号已经属于别的月份或乡镇的案件，送出会把那些案件移走：${lines.join('')}${more}\n` +
    '多半是序号每月从 1 重新开始，或几本台账的编号相同。两种办法：\n' +
    '  一、让编号不重复：台账里有全县不重复的编号列的，映射的 case_id 改用那一列；没有的，各月（各本）台账各用一份映射，' +
    'source 取不同的名称，如 justice-office-2026-11；\n' +
    `  二、这些案件确实要改月份或乡镇：${confirm}。`
  );
}

/** @throws CasesWouldMove */
export function refuseMoves(files: readonly string[], county: County, moves: PlannedMoves): void {
  const { cases, moved } = moves;
  if (moved < FLOOR || moved <= cases * SHARE) return;
  const names = new Map(county.regions.regions.map(({ code, name }) => [code, name]));
  const nameOf = (code: string) => names.get(code) ?? code;
  const examples = moves.examples.map((one) => ({
    ...one,
    region: nameOf(one.region),
    region_before: nameOf(one.region_before),
  }));
  throw new CasesWouldMove(files.map((file) => basename(file)).join('、'), { cases, moved, examples });
}
