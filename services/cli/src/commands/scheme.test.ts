import { defaultScheme, parseScheme, schemeHash } from '@pingan/indicators';
import { describe, expect, it } from 'vitest';
import { newFolder, put, run } from '../test-run.js';

const small = `name: 试行
dimensions:
  - id: police
    weight: 3
    indicators: [{ code: P01, weight: 1 }, { code: P09, weight: 1 }]
  - id: mediation
    weight: 1
    indicators: [{ code: S01, weight: 1 }]
`;
const folder = newFolder();
const file = (name: string, text: string) => put(folder, name, text);

describe('pingan scheme validate', () => {
  it('prints name, hash and shares', async () => {
    const { status, out } = await run('scheme', 'validate', file('a.yaml', small));
    expect(status).toBe(0);
    expect(out).toContain(`试行  编号 ${schemeHash(parseScheme(small, { file: '' }))}`);
    expect(out).toMatch(/警情 +3 +75\.00% +2 +2 +P01 P09/);
    expect(out).toMatch(/社情 +1 +25\.00%/);
    expect(out).toContain('维度权重合计 4。');
    expect(out).toContain('请核对：\n  - 默认方案有而本方案没有：小数量修正（shrinkage）');
    expect(out).not.toContain('起用时加 --yes');
  });

  it('says what looks like a slip', async () => {
    const text = small
      .replace('weight: 3', 'weight: 0.03')
      .replace('{ code: P09, weight: 1 }', '{ code: P09, weight: 0 }');
    const { status, out } = await run('scheme', 'validate', file('slip.yaml', text));
    expect(status).toBe(0);
    expect(out).toContain('各维度：维度“警情”的权重 0.03 与其余的 1 相差悬殊，是不是 3？');
    expect(out).toContain('P09 权重为 0，不计分');
    expect(out).toContain('起用时加 --yes');
  });

  it('tells every fault', async () => {
    const text = small.replace('P09', 'P99').replace('S01', 'P01');
    const { status, note } = await run('scheme', 'validate', file('bad.yaml', text));
    expect(status).toBe(2);
    expect(note).toContain('有 2 处错误');
    expect(note).toMatch(/第 5 行，维度“警情”的第 2 个指标 P99 的 code：没有指标 P99/);
    expect(note).toMatch(/第 8 行，.*P01 属于维度“警情”/);
    expect((await run('scheme', 'validate', `${folder}/gone.yaml`)).note).toContain('读不了：不存在');
  });
});

describe('pingan scheme show', () => {
  it('gives a document that means the same', async () => {
    const { out } = await run('scheme', 'show');
    expect(out).toContain(`# 编号 ${schemeHash(defaultScheme)}`);
    expect(parseScheme(out, { file: '' })).toEqual(defaultScheme);
    const shown = (await run('scheme', 'show', file('a.yaml', small))).out;
    expect(parseScheme(shown, { file: '' })).toEqual(parseScheme(small, { file: '' }));
    expect(out).toContain('# 缺数\nmissing:\n  max_share: 0.3 # 缺的权重超过这个份额');
    expect(shown).toContain('{ code: P09, weight: 1, window: 1, goalposts: { rule: absolute, g0: 53');
  });
});

describe('pingan scheme schema', () => {
  it('prints a JSON Schema', async () => {
    const { status, out } = await run('scheme', 'schema');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['name', 'dimensions'] });
    expect((await run('scheme', 'schema', 'x.yaml')).status).toBe(2);
  });
});

describe('pingan scheme on a county', () => {
  it('checks the document before it looks for engines', async () => {
    const bad = file('bad.yaml', small.replace('P09', '破案率'));
    const activated = await run('scheme', 'activate', bad, '--county', '610222', '--from', '2030-01');
    expect(activated).toMatchObject({ status: 2 });
    expect(activated.note).toContain('“破案率”不得计分，权重只能为 0：会诱发不破不立、立案不实（依据：');
    const good = file('a.yaml', small);
    expect((await run('scheme', 'activate', good, '--county', '610222', '--from', '2030-01')).status).toBe(3);
    expect((await run('scheme', 'activate', good, '--from', '2030-01')).note).toBe('缺少 --county');
    expect((await run('scheme', 'show', good, '--county', '610222')).status).toBe(2);
    expect((await run('scheme', 'show', '--month', '2026-01')).note).toBe('--month 须与 --county 一起用');
  });
});

describe('pingan scheme diff', () => {
  const diff = (text: string) => run('scheme', 'diff', file('a.yaml', small), file('b.yaml', text));

  it('finds equal schemes equal, however they are written', async () => {
    expect((await diff(`# 说明\n${small}`)).out).toMatch(/^相同/);
    expect((await diff(small.replace('weight: 3', 'weight: 75').replace('weight: 1\n', 'weight: 25\n'))).out).toContain(
      '内容相同，只是权重的写法或先后不同',
    );
  });

  it('tells changed shares, windows, goalposts, bands and rules', async () => {
    const changed = small
      .replace('weight: 3', 'weight: 1')
      .replace(
        '{ code: P09, weight: 1 }',
        '{ code: P09, weight: 1, window: 3, goalposts: { rule: absolute, g0: 50, g60: 80, g100: 95 } }',
      )
      .replace('code: S01', 'code: S02');
    const rules = 'missing: { max_share: 0.5 }\nbands: [{ id: red, name: 全部, colour: "#000000", min: 0 }]\n';
    const { status, out } = await diff(`${changed}${rules}`);
    expect(status).toBe(0);
    for (const pattern of [
      /维度 警情 占比 +75\.00% +50\.00% +-25\.00 个百分点/,
      /P09 .*统计期 +1个月 +3个月/,
      /P09 .*分值 +53 \/ 80 \/ 98 +50 \/ 80 \/ 95/,
      /S01 .*25\.00% +—/,
      /S02 .*— +50\.00%/,
      /等次 blue .* —/,
      /规则 missing\.max_share +0\.3 +0\.5/,
    ]) {
      expect(out).toMatch(pattern);
    }
    expect(out).not.toMatch(/P0[19] .*占比/);
    expect(out).toContain('另有 2 项指标没有改，在总分中的占比随所在维度或同维度的指标按比例变动');
  });

  it('lists the one weight that was changed', async () => {
    const { out } = await diff(small.replace('{ code: P09, weight: 1 }', '{ code: P09, weight: 2 }'));
    expect(out).toMatch(/P09 .*占比 +37\.50% +50\.00%/);
    expect(out).not.toMatch(/P01 .*占比/);
    expect(out).toContain('另有 1 项指标没有改');
  });

  it('takes two files', async () => {
    expect(await run('scheme', 'diff', `${folder}/a.yaml`)).toMatchObject({
      status: 2,
      note: 'scheme diff 后应为 文件A 文件B',
    });
    expect((await run('scheme', 'guess')).note).toBe(
      'scheme 后应为 validate、show、schema、diff、weights、list、activate、cancel、what-if、sensitivity',
    );
  });
});
