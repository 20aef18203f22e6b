import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PingAnEvent } from '@pingan/contracts';
import { builtinCounty, type County } from '@pingan/regions';
import { type LedgerRow, parseMapping, readLedger } from './index.js';

export const yijun: County = builtinCounty('610222')!;

/** Where `deliverLedger` sends to in tests: keeps what the log would hold, in order, over three partitions. */
export function memoryLog() {
  const messages: { topic: string; key: string; value: string }[] = [];
  const batches: number[] = [];
  const ends = [0n, 0n, 0n];
  return {
    messages,
    batches,
    events: () => messages.map(({ value }) => JSON.parse(value) as PingAnEvent),
    send: async (topic: string, batch: { key: string; value: string | Buffer }[]) => {
      batches.push(batch.length);
      const touched = new Set<number>();
      for (const { key, value } of batch) {
        const partition = (key.codePointAt(key.length - 1) ?? 0) % 3;
        touched.add(partition);
        ends[partition]! += 1n;
        messages.push({ topic, key, value: String(value) });
      }
      return [...touched].map((partition) => ({ partition, lastOffset: ends[partition]! - 1n }));
    },
  };
}

/** Runs with a folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pingan-sources-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A mapping of police incidents; lines given replace those with the same key. */
export function policeMapping(lines: Record<string, string> = {}): string {
  const all: Record<string, string> = {
    schema: 'police.incident/1',
    source: '110-desk',
    delivered_at: "'2026-11-01 08:00'",
    case_id: '{ column: 编号 }',
    region: '{ column: 辖区 }',
    occurred_at: '{ column: 时间 }',
    body: '{ category: { column: 类别, values: { 刑事: criminal, 治安: public_order } } }',
    ...lines,
  };
  return Object.entries(all)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
}

export const policeHeader = '编号,辖区,时间,类别';

export interface ReadOptions {
  content: string | Uint8Array;
  mapping?: string;
  county?: County;
  name?: string;
}

/** Reads a ledger from its content. */
export async function readAll(options: ReadOptions): Promise<LedgerRow[]> {
  const { content, mapping = policeMapping(), county = yijun, name = 'ledger.csv' } = options;
  return withFolder(async (folder) => {
    const file = join(folder, name);
    await writeFile(file, content);
    const rows: LedgerRow[] = [];
    for await (const row of readLedger({ file, mapping: parseMapping(mapping, 'm.yaml'), county })) rows.push(row);
    return rows;
  });
}

export function eventsOf(rows: readonly LedgerRow[]): PingAnEvent[] {
  return rows.flatMap((row) => (row.kind === 'event' ? [row.event] : []));
}

/** `line column field rule` of everything refused. */
export function refusals(rows: readonly LedgerRow[]): string[] {
  return rows.flatMap((row) =>
    row.kind === 'rejected' ? row.violations.map((v) => `${row.line} ${v.column} ${v.field} ${v.rule}`) : [],
  );
}
