import { appendFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger } from '@pingan/runtime';
import { describe, expect, it } from 'vitest';
import { openInboxMemory, watchFolder } from './index.js';
import { namePattern } from './pattern.js';
import { memoryLog, policeHeader, policeMapping, withFolder, yijun } from './test-support.js';

const row = (id: string, kind = '刑事') => `${id},彭镇,2026-10-05 10:00,${kind}\n`;
/** Without a stated delivery time, as a folder is used: a changed file has newer versions. */
const mapping = `${policeMapping().replace(/delivered_at.*\n/, '')}files: '*.csv'\n`;

interface Inbox {
  dir: string;
  log: ReturnType<typeof memoryLog>;
  ids: () => string[];
  /** Cases without a known place, by delivery. */
  unplaced: () => (string | undefined)[][];
  /** Watches until `done` holds, then once more round to see that nothing else happens. */
  watch: (done: () => boolean | Promise<boolean>) => Promise<void>;
}

async function withInbox(use: (inbox: Inbox) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const dir = join(folder, 'inbox', yijun.code);
    await mkdir(dir, { recursive: true });
    await mkdir(join(folder, 'all', '社情'), { recursive: true });
    const log = memoryLog();
    const unplaced: (string | undefined)[][] = [];
    await use({
      dir,
      log,
      unplaced: () => unplaced,
      ids: () => log.events().map((event) => event.case_id),
      watch: async (done) => {
        const abort = new AbortController();
        const watching = watchFolder({
          folder: join(folder, 'inbox'),
          inbox: join(folder, 'all'),
          stream: 'police',
          counties: () => [yijun],
          producer: log,
          memory: await openInboxMemory(join(folder, 'memory.json')),
          log: createLogger('test', 'silent'),
          signal: abort.signal,
          pollMs: 10,
          settleMs: 60,
          onDelivered: async ({ report }) => {
            unplaced.push(report.files.flatMap((one) => one.unplaced.map(({ caseId }) => caseId)));
          },
        });
        const deadline = Date.now() + 5_000;
        while (!(await done())) {
          if (Date.now() > deadline) throw new Error('nothing happened');
          await sleep(10);
        }
        await sleep(150);
        abort.abort();
        await watching;
      },
    });
  });
}

describe('watchFolder', () => {
  it('tells with each delivery all rows of the file without a place, also of a file that only grew', async () => {
    await withInbox(async ({ dir, ids, watch, unplaced }) => {
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      const file = join(dir, 'a.csv');
      await writeFile(file, `${policeHeader}\n${row('A1')}A2,,2026-10-05 10:00,刑事\n`);
      await watch(() => unplaced().length === 1);
      await appendFile(file, `${row('A3')}A4,,2026-10-06 10:00,刑事\n`);
      await watch(() => unplaced().length === 2);
      expect(ids()).toEqual(['A1', 'A3']);
      expect(unplaced()).toEqual([['A2'], ['A2', 'A4']]);
    });
  });

  it('delivers a ledger once, also after a restart, and again only what is new', async () => {
    await withInbox(async ({ dir, ids, watch, log }) => {
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      const file = join(dir, 'a.csv');
      await writeFile(file, `${policeHeader}\n${row('A1')}${row('A2')}${row('A3', '其他')}`);
      await watch(() => ids().length === 2);
      await watch(() => true);
      expect(ids()).toEqual(['A1', 'A2']);
      expect(await readFile(join(dir, 'rejected', 'desk', 'a.csv.csv'), 'utf8')).toContain('a.csv,4,类别');

      await utimes(file, new Date(), new Date());
      await watch(() => true);
      expect(ids()).toEqual(['A1', 'A2']);

      await appendFile(file, row('A4'));
      await watch(() => ids().length > 2);
      expect(ids()).toEqual(['A1', 'A2', 'A4']);

      await writeFile(file, `${policeHeader}\n${row('A1', '治安')}`);
      await watch(() => ids().length > 3);
      const [first, , , last] = log.events();
      expect(last!.case_id).toBe('A1');
      expect(last!.version).toBeGreaterThan(first!.version);
      expect(await readdir(join(dir, 'rejected', 'desk'))).toEqual([]);
    });
  });

  it('delivers the whole of a file whose last line was completed', async () => {
    await withInbox(async ({ dir, ids, watch }) => {
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      await writeFile(join(dir, 'a.csv'), `${policeHeader}\n${row('A1').trimEnd()}`);
      await watch(() => ids().length === 1);
      await appendFile(join(dir, 'a.csv'), `\n${row('A2')}`);
      await watch(() => ids().length > 1);
      expect(ids()).toEqual(['A1', 'A1', 'A2']);
    });
  });

  it('delivers the rest of a file that grew while it was being delivered', async () => {
    await withInbox(async ({ dir, ids, watch, log }) => {
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      const file = join(dir, 'a.csv');
      await writeFile(file, `${policeHeader}\n${row('A1')}`);
      const { send } = log;
      log.send = async (topic, batch) => {
        if (ids().length === 0) await appendFile(file, row('A2'));
        return send(topic, batch);
      };
      await watch(() => ids().length > 1);
      expect(ids()).toEqual(['A1', 'A2']);
    });
  });

  it('waits until a file stands still', async () => {
    await withInbox(async ({ dir, ids, watch }) => {
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      const file = join(dir, 'a.csv');
      const writing = (async () => {
        await writeFile(file, `${policeHeader}\n`);
        for (let i = 0; i < 20; i++) {
          await appendFile(file, row(`A${i}`));
          await sleep(15);
        }
      })();
      await watch(() => ids().length > 0);
      await writing;
      expect(ids()).toHaveLength(20);
    });
  });

  it('says beside a file what is wrong with it, goes on with the others, and takes it back when mended', async () => {
    await withInbox(async ({ dir, ids, watch }) => {
      await writeFile(join(dir, 'bad.mapping.yaml'), 'schema: petition.case/1\n');
      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      await writeFile(join(dir, 'a.csv'), Buffer.from('b1e0bac5', 'hex'));
      await writeFile(join(dir, 'b.csv'), `${policeHeader}\n${row('B1')}`);
      await watch(() => ids().length === 1);
      expect(ids()).toEqual(['B1']);
      expect(await readFile(join(dir, 'a.csv.error.txt'), 'utf8')).toContain('encoding: gb18030');
      expect(await readFile(join(dir, 'bad.mapping.yaml.error.txt'), 'utf8')).toContain('source：');

      await writeFile(join(dir, 'a.csv'), `${policeHeader}\n${row('A1')}`);
      await rm(join(dir, 'bad.mapping.yaml'));
      await watch(() => ids().length === 2);
      expect(await readdir(dir)).not.toContain('a.csv.error.txt');
    });
  });

  it('ends for no file: YAML that cannot be expanded, a costly pattern, a fault of nobody knows what', async () => {
    await withInbox(async ({ dir, ids, watch, log }) => {
      await writeFile(join(dir, 'a.mapping.yaml'), mapping.replace("files: '*.csv'", 'files: *.csv'));
      const costly = "{ column: 辖区, pattern: '^((?:[^县]+)+)镇$' }";
      const other = mapping.replace("'*.csv'", "'b*.csv'").replace('{ column: 辖区 }', () => costly);
      await writeFile(join(dir, 'b.mapping.yaml'), other);
      await writeFile(join(dir, 'c.mapping.yaml'), mapping.replace("'*.csv'", "'c*.csv'"));
      await writeFile(join(dir, 'b.csv'), `${policeHeader}\nB1,${'甲'.repeat(30)},2026-10-05 10:00,刑事\n`);
      await writeFile(join(dir, 'c1.csv'), `${policeHeader}\n${row('C1')}`);
      await writeFile(join(dir, 'c2.csv'), `${policeHeader}\n${row('C2')}`);
      const { send } = log;
      log.send = async (topic, batch) => {
        if (batch.some(({ key }) => key.endsWith('C1'))) throw new TypeError('nobody thought of this');
        return send(topic, batch);
      };
      await watch(() => ids().includes('C2'));
      expect(ids()).toEqual(['C2']);
      expect(await readFile(join(dir, 'a.mapping.yaml.error.txt'), 'utf8')).toContain('被 YAML 当作引用');
      expect(await readFile(join(dir, 'rejected', 'b', 'b.csv.csv'), 'utf8')).toContain('pattern_mismatch');
      const note = await readFile(join(dir, 'c1.csv.error.txt'), 'utf8');
      expect(note).toContain('c1.csv：处理时发生意外错误');

      log.send = send;
      await writeFile(join(dir, 'c1.csv'), `${policeHeader}\n${row('C1')}${row('C3')}`);
      await rm(join(dir, 'a.mapping.yaml'));
      await watch(() => ids().includes('C3'));
      expect((await readdir(dir)).filter((name) => name.endsWith('.error.txt'))).toEqual([]);
    });
  });

  it('refuses a mapping of another stream and reads a ledger again with a mended mapping', async () => {
    await withInbox(async ({ dir, ids, watch }) => {
      const file = join(dir, 'desk.mapping.yaml');
      const other = mapping.replace('police.incident/1', 'opinion.event/1').replace(/body:.*/, 'body: {}');
      await writeFile(file, other);
      await writeFile(join(dir, 'a.csv'), `${policeHeader}\n${row('A1')}${row('A2', '火灾')}`);
      await watch(async () => (await readdir(dir)).includes('desk.mapping.yaml.error.txt'));
      expect(ids()).toEqual([]);
      await writeFile(file, mapping);
      await watch(() => ids().length === 1);
      await writeFile(file, mapping.replace('刑事: criminal', '刑事: criminal, 火灾: fire'));
      await watch(() => ids().length > 1);
      expect(ids()).toEqual(['A1', 'A1', 'A2']);
    });
  });

  it('says beside what nobody reads why, and takes it back when it is read', async () => {
    await withInbox(async ({ dir, ids, watch }) => {
      const note = (place: string) => readFile(join(dir, `${place}.error.txt`), 'utf8').catch(() => '');
      await writeFile(join(dir, 'a.csv'), `${policeHeader}\n${row('A1')}`);
      await writeFile(join(dir, '台账.xlsx'), 'PK');
      await mkdir(join(dir, '..', '999999'));
      await writeFile(join(dir, '..', 'loose.csv'), 'x');
      await watch(async () => (await note('a.csv')) !== '' && (await note('../loose.csv')) !== '');
      expect(await note('a.csv')).toContain('没有读取：文件夹中没有映射文件');
      expect(await note('台账.xlsx')).toContain('请另存为 CSV');
      expect(await note('../999999')).toContain('不是已登记的县代码');
      expect(await note('../loose.csv')).toContain('police/县代码/');
      expect(await note('../../all/社情')).toContain('应为 mediation');

      await writeFile(join(dir, 'desk.mapping.yaml'), mapping.replace("'*.csv'", "'b*.csv'"));
      await rm(join(dir, '..', '999999'), { recursive: true });
      await watch(async () => (await note('a.csv')).includes('files'));
      expect(await note('a.csv')).toContain('没有映射的 files 与文件名相符（映射文件：desk.mapping.yaml）');
      expect(await note('../999999')).toBe('');

      await writeFile(join(dir, 'desk.mapping.yaml'), mapping);
      await watch(() => ids().length === 1);
      expect(await note('a.csv')).toBe('');
      expect(await note('台账.xlsx')).toContain('请另存为 CSV');
    });
  });

  it('matches names by the usual wildcards', () => {
    const matches = (pattern: string, name: string) => namePattern(pattern)(name);
    expect(matches('*.csv', 'a.csv')).toBe(true);
    expect(matches('*.csv', 'a.csv.bak')).toBe(false);
    expect(matches('警情(?).csv', '警情(1).csv')).toBe(true);
    expect(matches('a.csv', 'abcsv')).toBe(false);
  });
});
