import { describe, expect, it } from 'vitest';
import { LedgerError, parseMapping } from './index.js';
import { policeHeader, policeMapping, readAll } from './test-support.js';

function problems(yaml: string): readonly string[] {
  try {
    parseMapping(yaml, 'm.yaml');
  } catch (error) {
    if (error instanceof LedgerError) return error.problems;
    throw error;
  }
  throw new Error('accepted');
}

describe('parseMapping', () => {
  it('fills in what may be left out', () => {
    const mapping = parseMapping(policeMapping(), 'm.yaml');
    expect(mapping).toMatchObject({ encoding: 'utf-8', skip: [], occurred_at: { precision: 'time' } });
  });

  it('names path and rule of everything wrong, and what exists', () => {
    const found = problems(
      policeMapping({
        schema: 'police.incident/1',
        source: '110 Desk',
        time_zone: 'Asia/Beijing',
        regoin: '{ column: 辖区 }',
        case_id: '{ colum: 编号 }',
        region: "{ column: 辖区, pattern: '^.*$' }",
        occurred_at: '{ column: 时间, formats: [MM-dd HH:mm] }',
        skip: '[{ column: 备注 }]',
      }),
    ).join('\n');
    expect(found).toContain('未知的项 “regoin”；此处可用：county、files、schema');
    expect(found).toContain('case_id：未知的项 “colum”；此处可用：column');
    expect(found).toContain('region.pattern：正则表达式须有且只有一个括号组');
    expect(found).toContain('occurred_at.formats.0：格式须含年份');
    expect(found).toContain('time_zone：未知的时区');
    expect(found).toContain('skip.0：values 与 empty: true 须写且只写一个');
    expect(found).toMatch(/^source：/m);
  });

  it('knows the fields of the record type', () => {
    const found = problems(policeMapping({ body: '{ catgory: { value: criminal } }' }));
    expect(found).toEqual([
      expect.stringMatching(/^body\.catgory：police\.incident\/1 没有此字段；可用：category、sub_category/),
      'body.category：必填字段没有映射',
    ]);
    expect(problems(policeMapping({ body: '{ category: { column: a, value: b } }' }))[0]).toContain(
      'column 与 value 须写且只写一个',
    );
    expect(problems(policeMapping({ schema: 'police.incident/9' }))[0]).toMatch(/^schema：.*opinion\.event\/1/);
  });

  it('finds words on the right side that no event may hold, and says which there are', () => {
    const body = (category: string, more = '') => `{ category: ${category}${more} }`;
    const words = 'criminal、public_order、traffic、fire、dispute、help、report_tip、complaint、invalid';
    expect(
      problems(policeMapping({ body: body('{ column: 类别, values: { 刑事: criminal, 债务: debt, 略: null } }') })),
    ).toEqual([`body.category.values.债务：“debt”不是这一栏的词，右边只能写 ${words}`]);
    expect(problems(policeMapping({ body: body('{ value: debt }') }))[0]).toMatch(/^body\.category\.value：“debt”/);
    const flag = (word: string) =>
      problems(
        policeMapping({ body: body('{ value: criminal }', `, is_emergency: { column: 急, values: { 急: ${word} } }`) }),
      );
    expect(flag('maybe')[0]).toMatch(/^body\.is_emergency\.values\.急：“maybe”不是“是\/否”/);
    for (const word of ['true', '1', '是', "''"]) expect(() => flag(word)).toThrow('accepted');
  });

  it('says on which line the YAML is broken', () => {
    expect(problems('schema: police.incident/1\nbody: { a: [ }\n')[0]).toContain('第 2 行');
    expect(problems('')[0]).toMatch(/^映射：/);
  });

  it('says on which line an alias cannot be expanded', () => {
    expect(problems(`${policeMapping()}files: *.csv\n`)).toEqual([
      expect.stringMatching(/^第 8 行：\*\.csv 被 YAML 当作引用/),
    ]);
    const bomb = Array.from({ length: 9 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1},`.repeat(9)}]\n`);
    expect(problems(bomb.join(''))).toEqual([expect.stringContaining('YAML 引用（*别名）展开后过大')]);
    expect(problems(`${policeMapping()}skip: &a [*a]\n`)[0]).toMatch(/^skip/);
  });

  it('refuses patterns that a linear engine cannot run', () => {
    expect(problems(policeMapping({ region: "{ column: 辖区, pattern: '(?<=县)(.+)' }" }))).toEqual([
      expect.stringContaining('region.pattern：不支持前后查找'),
    ]);
  });
});

describe('a mapping and the ledger it is for', () => {
  const message = (options: Parameters<typeof readAll>[0]) => readAll(options).then(String, (error) => error.message);

  it('lists the columns there are when one is missing, before the first row', async () => {
    const text = await message({
      content: `${policeHeader}\n`,
      mapping: policeMapping({ case_id: '{ column: 案号 }' }),
    });
    expect(text).toContain('映射 case_id.column：台账中没有列“案号”');
    expect(text).toContain('台账现有的列：编号、辖区、时间、类别');
  });

  it('refuses a column that stands twice in the header only if it is used', async () => {
    expect(await message({ content: `${policeHeader},编号\n` })).toContain('在表头中出现 2 次');
    expect(await readAll({ content: `${policeHeader},备注,备注,\n` })).toEqual([]);
  });

  it('refuses a mapping of another county', async () => {
    const mapping = policeMapping({ county: '410821' });
    expect(await message({ content: `${policeHeader}\n`, mapping })).toContain('映射属于县 410821，不是 610222');
  });

  it('refuses a delivery time that is none', async () => {
    const mapping = policeMapping({ delivered_at: '上周' });
    expect(await message({ content: `${policeHeader}\n`, mapping })).toContain('交付时间“上周”不是有效的日期或时间');
    const named = policeMapping({ delivered_at: 'null', delivered_from_name: "'^(\\d{4}-\\d{2})'" }).replace(
      'delivered_at: null\n',
      '',
    );
    expect(await message({ content: `${policeHeader}\n`, mapping: named })).toContain(
      '文件名与映射 delivered_from_name',
    );
  });
});
