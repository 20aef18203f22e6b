import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PingAnEvent } from '@pingan/contracts';
import { type County, parseRegionCsv } from '@pingan/regions';
import { describe, expect, it } from 'vitest';
import { deliverLedger, loadMapping } from './index.js';

const samples = fileURLToPath(new URL('../../../deploy/samples/', import.meta.url));

/** Counts a CSV without any code of this package. */
function plainRows(file: string): Record<string, string>[] {
  const records: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (const char of readFileSync(file, 'utf8')) {
    if (quoted && char !== '"') cell += char;
    else if (char === '"') quoted = !quoted;
    else if (char === ',') {
      records.at(-1)!.push(cell);
      cell = '';
    } else if (char === '\n') {
      records.at(-1)!.push(cell);
      cell = '';
      records.push([]);
    } else if (char !== '\r') cell += char;
  }
  if (cell !== '') records.at(-1)!.push(cell);
  const [head, ...rows] = records.filter((record) => record.length > 0);
  return rows.map((row) => Object.fromEntries(head!.map((name, i) => [name, row[i] ?? ''])));
}

function countyOf(folder: string, code: string, timeZone: string): County {
  const file = `${samples}${folder}/regions.csv`;
  const regions = parseRegionCsv(readFileSync(file, 'utf8'), { file: 'regions.csv', countyCode: code });
  return { code, name: code, timeZone, startMonth: null, demo: null, regions };
}

/** Keeps what would be written to the log. */
function memoryLog() {
  const events: PingAnEvent[] = [];
  const topics = new Set<string>();
  return {
    events,
    topics,
    send: async (topic: string, messages: { key: string; value: string | Buffer }[]) => {
      topics.add(topic);
      for (const { value } of messages) events.push(JSON.parse(String(value)));
      return [{ partition: 0, lastOffset: BigInt(events.length - 1) }];
    },
  };
}

function tally(values: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

describe('London', async () => {
  const files = ['01', '02', '03'].map((month) => `${samples}london/2018-${month}-metropolitan-street.csv`);
  const county = countyOf('london', 'LDN', 'Europe/London');
  const mapping = await loadMapping(`${samples}london/mapping.yaml`);
  const log = memoryLog();
  const report = await deliverLedger({ files, mapping, county, producer: log });
  const nameOf = new Map(county.regions.regions.map((region) => [region.code, region.name]));

  it('refuses rows without an area and outside London, and nothing else', () => {
    expect({ read: report.read, sent: report.sent, skipped: report.skipped, rejected: report.rejected }).toEqual({
      read: 20_632,
      sent: 20_516,
      skipped: 0,
      rejected: 116,
    });
    expect(tally(report.rejections.map((r) => `${r.column} ${r.field} ${r.rule}`))).toEqual({
      'LSOA name region_code required': 100,
      'LSOA name region_code unknown_region': 16,
    });
    expect(report.offsets).toEqual(new Map([['pingan.police', new Map([[0, 20_516n]])]]));
  });

  it('has as many cases per borough and month as the ledgers have distinct ids', () => {
    const names = new Set(nameOf.values());
    const direct = new Map<string, string>();
    for (const row of files.flatMap(plainRows)) {
      const borough = row['LSOA name']!.replace(/ [^ ]+$/, '');
      if (names.has(borough)) direct.set(row['Crime ID']!, `${borough} ${row.Month}`);
    }
    const sent = new Map(log.events.map((e) => [e.case_id, `${nameOf.get(e.region_code)} ${e.occurred_at}`]));
    expect(new Set(direct.values()).size).toBe(99);
    expect(tally(sent.values())).toEqual(tally(direct.values()));
    expect(new Set(log.events.map((e) => `${e.case_id} ${e.version}`)).size).toBe(sent.size);
  });

  it('takes over no place finer than the borough', () => {
    const fields = new Set(log.events.flatMap((event) => Object.keys(event.body)));
    expect([...fields].sort()).toEqual(['case_status', 'category', 'is_preventable', 'sub_category']);
    expect(log.topics).toEqual(new Set(['pingan.police']));
  });

  it('gives the same messages when read again', async () => {
    const again = memoryLog();
    await deliverLedger({ files: [...files].reverse(), mapping, county, producer: again });
    const digest = (events: PingAnEvent[]) => createHash('sha256').update(JSON.stringify(events)).digest('hex');
    expect(digest(again.events)).toBe(digest(log.events));
  });
});

describe('Boston', async () => {
  const file = `${samples}boston/boston_311_requests.csv`;
  const county = countyOf('boston', 'BOS', 'America/New_York');
  const mapping = await loadMapping(`${samples}boston/mapping.yaml`);
  const log = memoryLog();
  const report = await deliverLedger({ files: [file], mapping, county, producer: log });
  const nameOf = new Map(county.regions.regions.map((region) => [region.code, region.name]));
  const rows = plainRows(file);

  it('refuses the rows without a neighbourhood only', () => {
    expect({ read: report.read, sent: report.sent, rejected: report.rejected }).toEqual({
      read: 5_473,
      sent: 5_437,
      rejected: 36,
    });
    expect(tally(report.rejections.map((r) => `${r.column} ${r.field} ${r.rule}`))).toEqual({
      'neighborhood region_code required': 36,
    });
    const empty = rows.flatMap((row, i) => (row.neighborhood === '' ? [i + 2] : []));
    expect(report.rejections.map((r) => r.line)).toEqual(empty);
    expect(rows.filter((row) => row.target_close_date === '' && row.neighborhood !== '')).toHaveLength(
      log.events.filter((event) => event.op === 'upsert' && !('due_at' in event.body)).length,
    );
  });

  it('agrees with the ledger about what was overdue, per neighbourhood', () => {
    const direct = rows.filter((r) => r.neighborhood !== '' && r.target_close_date !== '' && r.close_date !== '');
    const late = direct.filter((row) => row.on_time === 'OVERDUE').map((row) => row.neighborhood!);
    const closedLate = log.events.filter((event) => {
      const { due_at, closed_at } = event.body as { due_at?: string; closed_at?: string };
      return due_at !== undefined && closed_at !== undefined && Date.parse(closed_at) > Date.parse(due_at);
    });
    expect(tally(closedLate.map((event) => nameOf.get(event.region_code)!))).toEqual(tally(late));
  });

  it('takes over no address, comment or coordinates', () => {
    const fields = new Set(log.events.flatMap((event) => Object.keys(event.body)));
    expect([...fields].sort()).toEqual(['channel', 'closed_at', 'due_at', 'registered_at']);
  });
});
