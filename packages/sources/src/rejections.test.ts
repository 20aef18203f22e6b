import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { csvCell } from './csv-cell.js';
import { createRejectionWriter, deliverLedger, parseMapping, rejectionOf } from './index.js';
import { memoryLog, policeHeader, policeMapping, withFolder, yijun } from './test-support.js';

describe('the report of rejections', () => {
  it('makes no cell a formula', () => {
    const cells = ['=1+1', '+1', '-1', '@x', '\tx', '\rx', 'a,b', 'say "x"', 'plain', 3];
    expect(cells.map(csvCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@x",
      "'\tx",
      '"\'\rx"',
      '"a,b"',
      '"say ""x"""',
      'plain',
      '3',
    ]);
  });

  it('appears whole or not at all, and goes when nothing is rejected any more', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'rejected', 'x.csv');
      const violation = { column: '编号', field: 'case_id', rule: 'required', value: '' };
      const refused = { caseId: '', cells: '编号=；辖区=彭镇' };
      const first = createRejectionWriter(file);
      await first.write(rejectionOf('x.csv', 2, violation, refused));
      expect(await readdir(join(folder, 'rejected'))).not.toContain('x.csv');
      await first.close();
      expect(await readFile(file, 'utf8')).toBe(
        '\ufeff文件,行号,列名,字段,规则,说明,值,编号,该行内容\r\nx.csv,2,编号,case_id,required,必填项为空,,,编号=；辖区=彭镇\r\n',
      );
      const broken = createRejectionWriter(file);
      await broken.write(rejectionOf('x.csv', 3, violation, refused));
      await broken.discard();
      expect(await readFile(file, 'utf8')).toContain('x.csv,2');
      await createRejectionWriter(file).close();
      expect(await readdir(join(folder, 'rejected'))).toEqual([]);
    });
  });
});

describe('deliverLedger', () => {
  const row = (id: string, kind: string) => `${id},彭镇,2026-10-05 10:00,${kind}`;

  it('sends batches, counts every row once and says how far to read', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'l.csv');
      const rows = Array.from({ length: 5_000 }, (_, i) => row(`A${i}`, i % 10 === 0 ? '其他' : '刑事'));
      await writeFile(file, [policeHeader, ...rows].join('\n'));
      const log = memoryLog();
      const progress: number[] = [];
      const report = await deliverLedger({
        files: [file],
        mapping: parseMapping(policeMapping(), 'm'),
        county: yijun,
        producer: log,
        onProgress: (counts) => progress.push(counts.sent),
        rejectedFile: join(folder, 'r.csv'),
      });
      expect(report).toMatchObject({ read: 5_000, sent: 4_500, skipped: 0, rejected: 500 });
      expect(report.files[0]).toMatchObject({ rejectedBy: { not_in_mapping: 500 }, lastLine: 5_001 });
      expect(log.batches).toEqual([2_000, 2_000, 500]);
      expect(progress).toEqual([2_000, 4_000, 4_500]);
      const ends = [...report.offsets.get('pingan.police')!.values()].reduce((sum, end) => sum + end, 0n);
      expect(ends).toBe(4_500n);
      expect(log.messages[0]).toMatchObject({ topic: 'pingan.police', key: '610222/110-desk/A1' });
      expect((await readFile(join(folder, 'r.csv'), 'utf8')).split('\r\n')).toHaveLength(502);
    });
  });

  it('says of rows without a known place which case and month they are, whatever else is wrong with them', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'l.csv');
      const rows = [
        row('A1', '刑事'),
        'A2,,2026-10-05 10:00,刑事',
        'A3,不存在镇,2026-09-30 23:59,其他',
        ',,2026-10-01 00:00,刑事',
        'A5,,没有时间,刑事',
        row('A6', '其他'),
      ];
      await writeFile(file, [policeHeader, ...rows].join('\n'));
      const options = { mapping: parseMapping(policeMapping(), 'm'), county: yijun, producer: memoryLog() };
      const { files } = await deliverLedger({ files: [file], ...options });
      expect(files[0]).toMatchObject({ sent: 1, rejected: 5 });
      expect(files[0]!.unplaced).toEqual([
        { caseId: 'A2', month: '2026-10', line: 3 },
        { caseId: 'A3', month: '2026-09', line: 4 },
        { caseId: undefined, month: '2026-10', line: 5 },
      ]);
    });
  });

  it('sends nothing when one of its files cannot be read', async () => {
    await withFolder(async (folder) => {
      const good = join(folder, 'a.csv');
      const bad = join(folder, 'b.csv');
      await writeFile(good, `${policeHeader}\n${row('A1', '刑事')}\n`);
      await writeFile(bad, '编号\n1\n');
      const log = memoryLog();
      const mapping = parseMapping(policeMapping(), 'm');
      await expect(deliverLedger({ files: [good, bad], mapping, county: yijun, producer: log })).rejects.toThrow(
        'b.csv',
      );
      await expect(
        deliverLedger({ files: [good, join(folder, 'c.csv')], mapping, county: yijun, producer: log }),
      ).rejects.toThrow('c.csv：无法读取（ENOENT）');
      expect(log.messages).toEqual([]);
    });
  });

  it('fails with the error of the log and leaves no report', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'l.csv');
      await writeFile(file, [policeHeader, row('A0', '其他'), row('A1', '刑事')].join('\n'));
      const producer = {
        send: () => Promise.reject(new Error('Kafka is gone')),
      };
      await expect(
        deliverLedger({
          files: [file],
          mapping: parseMapping(policeMapping(), 'm'),
          county: yijun,
          producer,
          rejectedFile: join(folder, 'r.csv'),
        }),
      ).rejects.toThrow('Kafka is gone');
      expect(await readdir(folder)).toEqual(['l.csv']);
    });
  });

  it('gives the cases of files of one delivery time one row of versions', async () => {
    await withFolder(async (folder) => {
      const files = ['a.csv', 'b.csv'].map((name) => join(folder, name));
      await writeFile(files[0]!, `${policeHeader}\n${row('A1', '刑事')}\n`);
      await writeFile(files[1]!, `${policeHeader}\n${row('A1', '治安')}\n`);
      const log = memoryLog();
      await deliverLedger({ files, mapping: parseMapping(policeMapping(), 'm'), county: yijun, producer: log });
      const [first, second] = log.events();
      expect(second!.version - first!.version).toBe(1);
    });
  });
});
