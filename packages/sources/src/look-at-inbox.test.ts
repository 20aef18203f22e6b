import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { lookAtInbox } from './index.js';
import { withFolder } from './test-support.js';

it('names what was refused and what nobody has delivered, relative to the inbox', async () => {
  await withFolder(async (folder) => {
    const put = async (name: string, text = 'x') => {
      const file = join(folder, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    };
    const look = (now: number) =>
      lookAtInbox({
        inbox: join(folder, 'inbox'),
        memories: join(folder, 'sources'),
        counties: new Set(['610222', '410821']),
        now,
      }).then((found) => found.map(({ file, kind, reason }) => [file, kind, reason]).sort());
    expect(await look(Date.now())).toEqual([]);

    await put('inbox/police/610222/a.mapping.yaml');
    await put('inbox/police/610222/a.csv');
    await put('inbox/police/610222/a.csv.error.txt', 'a.csv:\n  第一处\n  第二处\n');
    await put('inbox/police/610222/gone.csv.error.txt', 'gone.csv:不见了\n');
    await put('inbox/police/610222/b.csv');
    await put('inbox/police/999999/c.csv');
    await put('inbox/opinion/410821/d.csv');
    await put('inbox/opinion/410821/e.xlsx');
    await put('inbox/opinion/loose.csv');
    await put('inbox/社情/410821/f.csv');
    await put('inbox/g.csv');
    await put('inbox/g.csv.error.txt', '没有读取：放错了\n');
    expect(await look(Date.now())).toEqual([['police/610222/a.csv', 'failed', 'a.csv: 第一处 第二处']]);
    expect(await look(Date.now() + 120_000)).toEqual([
      ['g.csv', 'unread', expect.stringContaining('数据流/县代码/')],
      ['opinion/410821/d.csv', 'unread', expect.stringContaining('没有映射文件')],
      ['opinion/410821/e.xlsx', 'unread', expect.stringContaining('请另存为 CSV')],
      ['opinion/loose.csv', 'unread', expect.stringContaining('opinion/县代码/')],
      ['police/610222/a.csv', 'failed', 'a.csv: 第一处 第二处'],
      ['police/610222/b.csv', 'unread', expect.stringContaining('没有映射的 files 与文件名相符')],
      ['police/999999/c.csv', 'unread', expect.stringContaining('不是已登记的县代码')],
      ['社情', 'unread', expect.stringContaining('应为 mediation')],
    ]);
  });
});
