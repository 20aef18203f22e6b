import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesText, countText } from '../quantity.js';
import { verifyBackup } from './backup.js';
import { readCompressed, writeCompressed } from './files.js';
import { manifestName, writeManifest } from './manifest.js';
import { localStamp } from './stamp.js';

const newFolder = () => mkdtempSync(join(tmpdir(), 'pingan-operations-'));

const verify = (folder: string) => verifyBackup(folder, () => undefined);

async function* chunks(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

/** A backup of one table. */
async function newBackup(): Promise<{ folder: string; table: string }> {
  const folder = join(newFolder(), 'pingan-backup-20261130-023000');
  mkdirSync(join(folder, 'tables'), { recursive: true });
  const table = join(folder, 'tables', 'counties.native.gz');
  const part = await writeCompressed(table, chunks('one', 'two'));
  await writeManifest(folder, {
    product: '0.1.0',
    created_at: '2026-11-30T02:30:00+08:00',
    migrations: ['0001_cases.sql'],
    counties: [{ code: '610222', name: '宜君县' }],
    log: { watermark: { 'pingan.police': ['5'] }, topics: [{ topic: 'pingan.police', id: 'x' }], waiting: 0 },
    tables: [{ table: 'counties', file: 'tables/counties.native.gz', columns: ['code'], rows: 2, ...part }],
    files: [],
  });
  return { folder, table };
}

describe('files of a backup', () => {
  it('come back as they were written, also when there was nothing', async () => {
    const folder = newFolder();
    for (const texts of [['a', 'b'], []]) {
      const path = join(folder, `${texts.length}.gz`);
      const { bytes } = await writeCompressed(path, chunks(...texts));
      expect(readFileSync(path).length).toBe(bytes);
      let read = '';
      for await (const part of readCompressed(path)) read += String(part);
      expect(read).toBe(texts.join(''));
    }
  });
});

describe('verifyBackup', () => {
  it('gives what is in a whole backup', async () => {
    const { folder } = await newBackup();
    const { manifest, parts } = await verify(folder);
    expect(manifest).toMatchObject({ product: '0.1.0', counties: [{ code: '610222' }], tables: [{ rows: 2 }] });
    expect(parts).toHaveLength(1);
  });

  it('names files that changed or are gone', async () => {
    const { folder, table } = await newBackup();
    const bytes = readFileSync(table);
    writeFileSync(table, Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]));
    await expect(verify(folder)).rejects.toThrow(`${table}：SHA-256 不符`);
    writeFileSync(table, bytes.subarray(1));
    await expect(verify(folder)).rejects.toThrow(/大小不符，应为 \d+ 字节/);
  });

  it('refuses a list of contents that was changed, and folders without one', async () => {
    const { folder } = await newBackup();
    const list = join(folder, manifestName);
    writeFileSync(list, readFileSync(list, 'utf8').replace('"rows": 2', '"rows": 3'));
    await expect(verify(folder)).rejects.toMatchObject({ kind: 'failed', message: `${list} 已损坏，不能用来恢复。` });
    const cut = join(newFolder(), 'pingan-backup-20261130-023001');
    mkdirSync(cut);
    await expect(verify(cut)).rejects.toThrow('备份中途断了');
    await expect(verify(newFolder())).rejects.toThrow('不是备份');
  });

  it('asks which one is meant', async () => {
    const { folder } = await newBackup();
    await expect(verify(join(folder, '..'))).rejects.toMatchObject({
      kind: 'request',
      message: expect.stringContaining('pingan-backup-20261130-023000'),
    });
  });
});

describe('texts', () => {
  it('stamps carry the time of the county', () => {
    const ms = Date.parse('2026-11-30T18:30:05.700Z');
    expect(localStamp(ms, 'Asia/Shanghai')).toEqual({ name: '20261201-023005', iso: '2026-12-01T02:30:05+08:00' });
    expect(localStamp(ms, 'America/St_Johns').iso).toBe('2026-11-30T15:00:05-03:30');
  });

  it('quantities', () => {
    expect([0, 1_023, 1_536, 200 * 1024 ** 2, 3 * 1024 ** 3].map(bytesText)).toEqual([
      '0 字节',
      '1023 字节',
      '1.5 KB',
      '200 MB',
      '3.0 GB',
    ]);
    expect(countText(112_405)).toBe('112,405');
  });
});
