import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, forbiddenTargets } from '@pingan/indicators';
import { describe, expect, it } from 'vitest';
import { newFolder, run } from '../test-run.js';

describe('pingan indicators', () => {
  it('lists the catalogue with units, directions, windows, weights, goalposts and marks', async () => {
    const { status, out } = await run('indicators');
    expect(status).toBe(0);
    for (const { code, name, unit } of catalogue) {
      const line = out.split('\n').find((text) => text.startsWith(code));
      expect(line).toContain(name);
      expect(line).toContain(unit);
    }
    expect(out).toMatch(/P09 .*警情 .*↑ .*1个月 .* 6 {2}53 \/ 80 \/ 98 .*建议 .*◐/);
    expect(out).toMatch(/P03 .*↓ .*无则100，每起扣15/);
  });

  it('tells everything about one', async () => {
    const { status, out } = await run('indicators', 'p09');
    expect(status).toBe(0);
    for (const text of ['紧急警情到达及时率', '城区5分钟', '按发生时间', '◐ 公安部', '0 至 100 %']) {
      expect(out).toContain(text);
    }
    expect(out).not.toContain('addMinutes');
  });

  it('shows the expressions in short lines when asked', async () => {
    const { out } = await run('indicators', 'P09', '--sql');
    expect(out).toContain('addMinutes');
    const [, sql = ''] = out.split('算法（');
    expect(Math.max(...sql.split('\n').map((line) => line.length))).toBeLessThan(110);
    expect((await run('indicators', '--sql')).note).toBe('--sql 须与一个指标代码一起用');
  });

  it('gives programs the data itself', async () => {
    expect(JSON.parse((await run('indicators', '--format', 'json')).out)).toEqual(catalogue);
    expect(JSON.parse((await run('indicators', 'X02', '--format', 'json')).out)).toMatchObject({ code: 'X02' });
  });

  it('gives spreadsheets Chinese headings and a byte order mark', async () => {
    const { out } = await run('indicators', '--format', 'csv');
    const [header, ...rows] = out.split('\n');
    expect(header).toBe('\ufeff代码,指标,维度,单位,方向,统计期,权重,0/60/100 分值,分值依据,指标依据');
    expect(rows.map((row) => row.split(',')[0])).toEqual(catalogue.map(({ code }) => code));
    const one = (await run('indicators', 'P09', '--format', 'csv')).out;
    expect(one.startsWith('\ufeff项目,内容\n代码,P09\n名称,紧急警情到达及时率\n')).toBe(true);
  });

  it('tells context indicators, those of 平安创建 and their terms', async () => {
    const { out } = await run('indicators');
    expect(out).toMatch(/P13 .*警情 .*— .*参考 {2}不计分/);
    expect(out).toMatch(/C01 .*平安创建 .*↑ .*12个月/);
    expect(out).toMatch(/X06 .*本年累计/);
    const backlog = (await run('indicators', 'X06', '--sql')).out;
    for (const text of ['归月日期（1）', '归月日期（2）', '分母（3）']) expect(backlog).toContain(text);
    expect((await run('indicators', 'X07')).out).toContain('分母不足 30 的只显示');
    expect((await run('indicators', 'P02', '--sql')).out).toContain('分类');
    expect((await run('indicators', 'C01')).out).toContain('不在默认方案内');
  });

  it('writes the catalogue as a page for printing, the same each time', async () => {
    const folder = newFolder();
    const read = async (name: string) => {
      const { status, note } = await run('indicators', '--html', join(folder, name));
      expect([status, note]).toEqual([0, expect.stringContaining('已写入')]);
      return readFileSync(join(folder, name), 'utf8');
    };
    const page = await read('a.html');
    expect(await read('b.html')).toBe(page);
    for (const { code, name } of catalogue) expect(page).toContain(`>${code}</td><td class="name">${name}</td>`);
    expect(page.match(/<tr>/g)).toHaveLength(catalogue.length + 5 + 24 + 1 + forbiddenTargets.length + 1);
    expect(page).toContain('✘ 未核实');
    expect(page).toContain('A4 landscape');
    expect(page).toContain('破案率');
    expect(page).not.toMatch(/undefined|NaN|\[object/);
  });

  it('refuses a page of one indicator, and a place that cannot be written', async () => {
    expect(await run('indicators', 'P01', '--html', 'x.html')).toMatchObject({ status: 2 });
    const { status, note } = await run('indicators', '--html', newFolder());
    expect([status, note]).toEqual([1, expect.stringContaining('EISDIR')]);
  });

  it('refuses an unknown code with the list', async () => {
    const { status, note } = await run('indicators', 'Z99');
    expect(status).toBe(2);
    expect(note).toContain('没有指标 Z99。已有的指标：P01 ');
    for (const { code } of catalogue) expect(note).toContain(code);
  });
});
