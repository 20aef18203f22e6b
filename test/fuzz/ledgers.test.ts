import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtinCounty } from '@pingan/regions';
import { deliverLedger, LedgerError, parseMapping } from '@pingan/sources';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isShort } from '../harness/full.js';
import { SEED } from './events.js';

const county = builtinCounty('610222')!;
const towns = county.regions.regions.filter(({ ranked }) => ranked).map(({ name }) => name);

const mapping = (format: string) =>
  parseMapping(
    `schema: police.incident/1
source: fuzz
format: ${format}
delivered_at: '2026-11-01 08:00'
case_id: { column: 编号 }
region: { column: 辖区 }
occurred_at: { column: 时间, precision: day }
skip: [{ column: 编号, values: [合计] }]
body:
  category: { column: 类别, values: { 刑事: criminal, 治安: public_order } }
  sub_category: { column: 案由 }
  deaths: { column: 死亡 }
`,
    'mapping.yaml',
  );

const columns = ['编号', '辖区', '时间', '类别', '案由', '死亡'] as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pingan-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Account {
  read: number;
  sent: number;
  skipped: number;
  rejected: number;
}

/** Delivers a file; undefined when it was refused as a whole, of which nothing may have been sent. */
async function deliver(format: string, content: Buffer): Promise<Account | undefined> {
  const file = join(folder, `ledger.${format}`);
  writeFileSync(file, content);
  let messages = 0;
  const producer = {
    send: async (_topic: string, batch: { key: string; value: string | Buffer }[]) => {
      for (const { value } of batch) JSON.parse(String(value));
      messages += batch.length;
      return [];
    },
  };
  try {
    const report = await deliverLedger({
      files: [file],
      mapping: mapping(format),
      county,
      producer,
      rejectedFile: join(folder, 'rejected.csv'),
    });
    expect(messages).toBe(report.sent);
    expect(report.read).toBe(report.sent + report.skipped + report.rejected);
    return report;
  } catch (error) {
    expect(error).toBeInstanceOf(LedgerError);
    expect(messages).toBe(0);
    return undefined;
  }
}

const strange = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    '\u202e',
    '\u001b[31m',
    '=1+1',
    '@x',
    "'; DROP",
    '9'.repeat(400),
    '1e999',
    '-1',
  ),
  fc.constantFrom('x'.repeat(3_000), '2026-02-30', '9999-12-31', '合计', '__proto__', '𠮷', '13912345678'),
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const cell: Record<(typeof columns)[number], fc.Arbitrary<string>> = {
  编号: fc.nat().map((n) => `F-${n}`),
  辖区: fc.constantFrom(...towns),
  时间: fc.constantFrom('2026-10-01', '2026/10/2', '2026年10月3日'),
  类别: fc.constantFrom('刑事', '治安'),
  案由: fc.constantFrom('', '盗窃', 'theft'),
  死亡: fc.constantFrom('', '0', '1'),
};
const row = fc
  .tuple(fc.record(cell), fc.option(fc.tuple(fc.constantFrom(...columns), strange), { freq: 2 }))
  .map(([sound, change]) => (change === null ? sound : { ...sound, [change[0]]: change[1] }));

const ROWS = 250;
const files = { seed: SEED, numRuns: isShort ? 8 : 40, endOnFailure: true };
const BROKEN_FILES = isShort ? 100 : 800;
/** Files of 250 rows. */
const rows = fc.array(row, { minLength: ROWS, maxLength: ROWS });

/** Adds up accounts; at the end all rows must have been read, and many have gone either way. */
function tally() {
  const total: Account = { read: 0, sent: 0, skipped: 0, rejected: 0 };
  return {
    add: (account: Account) => {
      for (const key of ['read', 'sent', 'skipped', 'rejected'] as const) total[key] += account[key];
    },
    expectMixed: () => {
      expect([total.read, total.sent > files.numRuns * 25, total.rejected > files.numRuns * 25]).toEqual([
        files.numRuns * ROWS,
        true,
        true,
      ]);
    },
  };
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('csv', () => {
  test('rows with strange cells: every row is sent, skipped or rejected', { timeout: 120_000 }, async () => {
    const { add, expectMixed } = tally();
    await fc.assert(
      fc.asyncProperty(rows, async (list) => {
        const lines = [columns.join(','), ...list.map((one) => columns.map((name) => quoted(one[name])).join(','))];
        const account = await deliver('csv', Buffer.from(lines.join('\n')));
        // Quoted cells keep their line feeds: the number of rows is known.
        expect(account?.read).toBe(list.length);
        add(account!);
      }),
      files,
    );
    expectMixed();
  });

  test('files with broken bytes: each is refused whole or every row of it has an outcome', {
    timeout: 120_000,
  }, async () => {
    const text = fc.array(fc.oneof(fc.constantFrom('"', ',', '\n', '\r\n', '\r', '""', 'F-1,', towns[0]!), strange), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(text, fc.nat(4_000), fc.nat(255), async (parts, at, byte) => {
        const content = Buffer.from(`${columns.join(',')}\n${parts.join('')}`);
        if (at < content.length) content[at] = byte;
        await deliver('csv', content);
      }),
      { ...files, numRuns: BROKEN_FILES },
    );
  });
});

describe('jsonl', () => {
  const broken = fc.constantFrom(
    '{',
    '[]',
    'null',
    '"x"',
    '{"编号":',
    '{"__proto__":{"编号":"P"}}',
    `${'['.repeat(20_000)}`,
    'x'.repeat(140_000),
  );
  test('rows, some of them no objects: every line is sent, skipped or rejected', {
    timeout: 120_000,
  }, async () => {
    const line = fc.oneof(
      { weight: 12, arbitrary: row.map((one) => JSON.stringify(one)) },
      {
        weight: 2,
        arbitrary: fc.tuple(row, fc.jsonValue()).map(([one, value]) => JSON.stringify({ ...one, 死亡: value })),
      },
      { weight: 1, arbitrary: broken },
    );
    const { add, expectMixed } = tally();
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: ROWS, maxLength: ROWS }), async (list) => {
        const account = await deliver('jsonl', Buffer.from(list.join('\n')));
        expect(account?.read).toBe(list.length);
        add(account!);
      }),
      files,
    );
    expectMixed();
  });

  test('files with broken bytes: each is refused whole or every row of it has an outcome', {
    timeout: 120_000,
  }, async () => {
    const text = fc.array(
      fc.oneof(
        fc.constantFrom('\n', '{', '}', '"编号":"F"', '\r\n'),
        row.map((one) => JSON.stringify(one)),
        strange,
      ),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(text, fc.nat(4_000), fc.nat(255), async (parts, at, byte) => {
        const content = Buffer.from(parts.join(''));
        if (at < content.length) content[at] = byte;
        await deliver('jsonl', content);
      }),
      { ...files, numRuns: BROKEN_FILES },
    );
  });
});
