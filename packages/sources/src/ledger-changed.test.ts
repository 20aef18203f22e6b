import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deliverLedger, LedgerChanged, parseMapping } from './index.js';
import { memoryLog, policeHeader, policeMapping, withFolder, yijun } from './test-support.js';

const rows = (from: number, count: number) =>
  `${policeHeader}\n${Array.from({ length: count }, (_, i) => `A${from + i},彭镇,2026-10-05 10:00,刑事\n`).join('')}`;

/** Delivers a ledger into which something is written while its first batch is on its way. */
async function deliverWhile(disturb: (file: string) => Promise<void>) {
  return withFolder(async (folder) => {
    const file = join(folder, 'a.csv');
    await writeFile(file, rows(100_000, 30_000));
    const log = memoryLog();
    const { send } = log;
    log.send = async (topic, batch) => {
      if (log.batches.length === 0) await disturb(file);
      return send(topic, batch);
    };
    const mapping = parseMapping(policeMapping(), 'm.yaml');
    const outcome = await deliverLedger({ files: [file], mapping, county: yijun, producer: log }).catch(
      (error: unknown) => error,
    );
    return { outcome, sent: log.messages.length };
  });
}

it('stops when the ledger is overwritten in place, and tells how much was sent', async () => {
  const { outcome, sent } = await deliverWhile((file) => writeFile(file, rows(500_000, 30_000)));
  expect(outcome).toBeInstanceOf(LedgerChanged);
  const changed = outcome as LedgerChanged;
  expect(changed.message).toContain('a.csv：读取过程中文件被改动');
  expect(changed.message).toContain(`已送出 ${sent} 条`);
  expect(changed.report.sent).toBe(sent);
  expect(sent).toBeLessThan(30_000);
});

it('notices a content that was put in with the old size and time of change', async () => {
  const { outcome, sent } = await deliverWhile(async (file) => {
    const { atime, mtime } = await stat(file);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('A12', 'B12'));
    await utimes(file, atime, mtime);
  });
  expect(outcome).toBeInstanceOf(LedgerChanged);
  expect((outcome as LedgerChanged).report.sent).toBe(sent);
});

it('does not mind a file that is touched by nobody', async () => {
  const { outcome, sent } = await deliverWhile(async () => undefined);
  expect([(outcome as { sent: number }).sent, sent]).toEqual([30_000, 30_000]);
});
