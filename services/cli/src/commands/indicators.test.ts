import { catalogue } from '@pingan/indicators';
import { describe, expect, it } from 'vitest';
import { markText } from '../goalpost-text.js';
import { run } from '../test-run.js';

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
    expect(out).toMatch(/P03 .*↓ .*无则100,每起扣15/);
  });

  it('tells everything about one', async () => {
    const { status, out } = await run('indicators', 'p09');
    expect(status).toBe(0);
    for (const text of ['紧急警情到达及时率', '城区5分钟', 'addMinutes', '按发生时间', '◐ 公安部', '0 至 100 %']) {
      expect(out).toContain(text);
    }
  });

  it('gives programs the data itself', async () => {
    expect(JSON.parse((await run('indicators', '--format', 'json')).out)).toEqual(catalogue);
    expect(JSON.parse((await run('indicators', 'X02', '--format', 'json')).out)).toMatchObject({ code: 'X02' });
  });

  it('refuses an unknown code with the list', async () => {
    const { status, note } = await run('indicators', 'Z99');
    expect(status).toBe(2);
    expect(note).toContain('没有指标 Z99。已有的指标:P01 ');
    for (const { code } of catalogue) expect(note).toContain(code);
  });

  it('says of an unverified figure that it is one', () => {
    expect(markText({ text: '', mark: '✘' })).toBe('✘ 未核实');
  });
});
