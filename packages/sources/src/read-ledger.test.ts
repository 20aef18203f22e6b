import { parseRegionCsv } from '@pingan/regions';
import { describe, expect, it } from 'vitest';
import { ledgerRuleText } from './rules.js';
import { eventsOf, policeHeader, policeMapping, readAll, refusals, yijun } from './test-support.js';

const head = policeHeader;
const good = 'A1,彭镇,2026-10-05 10:00,刑事';
const DELIVERED = Date.parse('2026-11-01T08:00:00+08:00');

describe('readLedger', () => {
  it('makes the whole event of a row', async () => {
    const rows = await readAll({ content: `\ufeff${head}\r\n${good}\r\n` });
    expect(rows).toEqual([
      {
        kind: 'event',
        line: 2,
        month: '2026-10',
        event: {
          schema: 'police.incident/1',
          county: '610222',
          source: '110-desk',
          case_id: 'A1',
          version: DELIVERED,
          op: 'upsert',
          region_code: '610222101',
          occurred_at: '2026-10-05T02:00:00.000Z',
          recorded_at: '2026-11-01T00:00:00.000Z',
          body: { category: 'criminal' },
        },
      },
    ]);
  });

  it('rejects bad rows with line, column, field and rule, and goes on', async () => {
    const rows = await readAll({
      content: [
        head,
        ',彭镇,2026-10-05 10:00,刑事',
        'A2,彭镇,2026-10-05,刑事',
        'A3,无此镇,2026-10-32 10:00,火灾',
        'A4,彭镇,2026-10-05 10:00',
        'A5,"彭"镇,2026-10-05 10:00,刑事',
        good,
      ].join('\n'),
    });
    expect(refusals(rows)).toEqual([
      '2 编号 case_id required',
      '3 时间 occurred_at time_missing',
      '4 时间 occurred_at invalid_moment',
      '4 辖区 region_code unknown_region',
      '4 类别 body.category not_in_mapping',
      '5   column_count',
      '6   bad_quote',
    ]);
    expect(eventsOf(rows).map((event) => event.case_id)).toEqual(['A1']);
  });

  it('rejects what the contracts forbid, under the name of the column', async () => {
    const body =
      '{ category: { value: criminal }, reported_at: { column: 时间 }, closed_at: { column: 办结 }, injured: { column: 伤 } }';
    const rows = await readAll({
      content: `${head},办结,伤\n${good},2026-10-04 10:00,x\nA2,彭镇,2026-10-05 10:00,刑事,,"1,000"\n${good},2026-10-05,-1\n`,
      mapping: policeMapping({ body }),
    });
    expect(refusals(rows)).toEqual([
      '2 伤 body.injured invalid_number',
      '2 办结 body.closed_at before_reported_at',
      '4 伤 body.injured too_small',
    ]);
    expect(eventsOf(rows)[0]!.body).toEqual({
      category: 'criminal',
      reported_at: '2026-10-05T02:00:00.000Z',
      injured: 1000,
    });
  });

  it('shows the cell as it is written', async () => {
    const body = '{ category: { value: criminal }, reported_at: { column: 时间 }, closed_at: { column: 办结 } }';
    const rows = await readAll({
      content: `${head},办结\n${good},2026-10-04 10:00\nA2,彭镇,1900/1/2 8:00,刑事,\n`,
      mapping: policeMapping({ body }),
    });
    const shown = rows.map((row) => (row.kind === 'rejected' ? row.violations.map(({ value }) => value) : []));
    expect(shown).toEqual([['2026-10-04 10:00'], ['1900/1/2 8:00', '1900/1/2 8:00']]);
  });

  it('says of a unit that was not there in the month when it was', async () => {
    const table = `code,name,valid_from,valid_to\nT1,甲镇,,2026-08\nT2,乙街道,2026-11,\nT3,丙镇,,\n`;
    const regions = parseRegionCsv(table, { file: 'r.csv', countyCode: 'LDN' });
    const county = { ...yijun, code: 'LDN', regions };
    const content = `${head}\n${['甲镇', 'T2', '丁镇'].map((name) => good.replace('彭镇', name)).join('\n')}\n`;
    const rules = ['region_until_2026-08', 'region_from_2026-11', 'unknown_region'];
    const rows = await readAll({ content, county });
    expect(refusals(rows)).toEqual(rules.map((rule, i) => `${i + 2} 辖区 region_code ${rule}`));
    expect(rules.map(ledgerRuleText)).toEqual([
      '发生时已没有此区域：区域表中它到 2026-08 为止',
      '发生时还没有此区域：区域表中它从 2026-11 开始',
      '区域表中没有此区域',
    ]);
    expect(rows.map((row) => row.kind === 'rejected' && row.unplaced?.month)).toEqual(Array(3).fill('2026-10'));
  });

  it('rejects personal data and shows none of it', async () => {
    const body = '{ category: { value: criminal }, sub_category: { column: 类别 } }';
    const rows = await readAll({
      content: `${head}\n13812345678,彭镇,2026-10-05 10:00,入室\nA2,彭镇,2026-10-05 10:00,报警人:张三\nA3,张三13812345678,2026-10-05 10:00,入室\n`,
      mapping: policeMapping({ body }),
    });
    expect(refusals(rows)).toEqual([
      '2 编号 case_id personal_data',
      '3 类别 body.sub_category personal_data',
      '4 辖区 region_code unknown_region',
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/138|张三/);
  });

  it('keeps the precision the source has', async () => {
    const read = (precision: string, times: string[]) =>
      readAll({
        content: [head, ...times.map((time, i) => `A${i},彭镇,${time},刑事`)].join('\n'),
        mapping: policeMapping({ occurred_at: `{ column: 时间, precision: ${precision} }` }),
      });
    const days = await read('day', ['2026-10-05', '2026/10/5 23:59', '2026-10-05T20:00:00Z', '2026-10']);
    expect(eventsOf(days).map((e) => e.occurred_at)).toEqual(['2026-10-05', '2026-10-05', '2026-10-06']);
    expect(refusals(days)).toEqual(['5 时间 occurred_at invalid_day']);
    const months = await read('month', ['2026年10月', '2026-10-31T20:00:00Z']);
    expect(eventsOf(months).map((e) => [e.occurred_at, e.precision])).toEqual([
      ['2026-10', 'month'],
      ['2026-11', 'month'],
    ]);
  });

  it('tells villages of the same name apart by the township, and knows mapped names', async () => {
    const rows = await readAll({
      content: `${head},镇\nA1,偏桥村,2026-10-05 10:00,刑事,彭镇\nA2,偏桥村,2026-10-05 10:00,刑事,五里镇\nA3,城里,2026-10-05 10:00,刑事,\n`,
      mapping: policeMapping({ region: '{ column: 辖区, within: 镇, values: { 城里: 宜阳街道 } }' }),
    });
    expect(eventsOf(rows).map((e) => e.region_code)).toEqual(['610222101200', '610222001']);
    expect(refusals(rows)).toEqual(['3 辖区 region_code unknown_region']);
  });

  it('passes over rows that are no cases and retracts those marked so', async () => {
    const rows = await readAll({
      content: `${head}\n合计,,,12\n${good}\nA2,彭镇,2026-10-05 10:00,作废\n,,,\n`,
      mapping: policeMapping({
        skip: '[{ column: 编号, values: [合计] }, { column: 编号, empty: true }]',
        op: '{ column: 类别, retract: [作废] }',
      }),
    });
    expect(rows.map((row) => row.kind)).toEqual(['skipped', 'event', 'event', 'skipped']);
    expect(eventsOf(rows).map((event) => [event.op, event.body])).toEqual([
      ['upsert', { category: 'criminal' }],
      ['retract', {}],
    ]);
  });

  it('lets the last of several rows of one case count, and repeats no version for nothing', async () => {
    const other = 'A1,彭镇,2026-10-05 10:00,治安';
    const rows = await readAll({
      content: [head, good, good, other, 'A2,彭镇,2026-10-05 10:00,治安', good].join('\n'),
    });
    expect(eventsOf(rows).map((event) => [event.case_id, event.version - DELIVERED])).toEqual([
      ['A1', 0],
      ['A1', 0],
      ['A1', 1],
      ['A2', 0],
      ['A1', 2],
    ]);
  });

  it('takes the version of the ledger where it has one', async () => {
    const rows = await readAll({
      content: `${head},改\n${good},2026-10-06 00:00\n${good},17\n${good},\n${good},soon\n`,
      mapping: policeMapping({ version: '{ column: 改 }' }),
    });
    expect(eventsOf(rows).map((event) => event.version)).toEqual([Date.parse('2026-10-06T00:00:00+08:00'), 17]);
    expect(refusals(rows)).toEqual(['4 改 version required', '5 改 version invalid_version']);
  });

  it('dates a delivery by the end of the month in its name', async () => {
    const mapping = policeMapping({ delivered_from_name: "'(\\d{6})'" }).replace(/delivered_at.*\n/, '');
    const rows = await readAll({ content: `${head}\n${good}\n`, mapping, name: '警情202610.csv' });
    expect(eventsOf(rows)[0]!.version).toBe(Date.parse('2026-11-01T00:00:00+08:00'));
  });

  it('passes over rows without any content, however many cells they have', async () => {
    const rows = await readAll({ content: `${head}\n${good}\n,,,\n , ,\u3000\n"",\n,,,,,,,\n合计,1,,\n` });
    expect(rows.map(({ line, kind }) => `${line} ${kind}`)).toEqual([
      '2 event',
      ...['3 empty', '4 empty', '5 empty', '6 empty'],
      '7 rejected',
    ]);
    const lines = ['{"编号":"","辖区":null}', '{}', '{"编号":""}'].join('\n');
    expect((await readAll({ content: lines, name: 'a.jsonl' })).map(({ kind }) => kind)).toEqual(
      Array(3).fill('empty'),
    );
  });

  it('passes over rows of nothing but what nobody sees', async () => {
    const rows = await readAll({ content: `${head}\n\u200b,\u00a0,\ufeff,\n${good}\n` });
    expect(rows.map(({ kind }) => kind)).toEqual(['empty', 'event']);
    const [line] = await readAll({ content: '{"编号":"\u200b","辖区":"\u00a0"}', name: 'a.jsonl' });
    expect(line!.kind).toBe('empty');
  });

  it('takes empty cells beyond the header, and none below a header without a name, as the spreadsheet wrote them', async () => {
    const wide = await readAll({ content: `${head}\n${good},,\u00a0,\n${good},,x\n` });
    expect(refusals(wide)).toEqual(['3   column_count']);
    expect(eventsOf(wide)[0]!.body).toEqual({ category: 'criminal' });
    const narrow = await readAll({ content: `${head},,\n${good}\n${good},\nA2,彭镇,2026-10-05 10:00\n` });
    expect(refusals(narrow)).toEqual(['4   column_count']);
    expect(eventsOf(narrow)).toHaveLength(2);
  });

  it('refuses a year below 100 instead of reading it as one of the last century', async () => {
    const rows = await readAll({ content: `${head}\nA1,彭镇,0098-10-03 08:00,刑事\nA2,彭镇,0050/1/3 08:00,刑事\n` });
    expect(refusals(rows)).toEqual(['2', '3'].map((line) => `${line} 时间 occurred_at year_out_of_range`));
    expect(ledgerRuleText('year_out_of_range')).toBe('年份须在 1949 至 2100 之间');
  });

  it('never records a case before it happened', async () => {
    const mapping = policeMapping({ delivered_at: "'2026-10-05 09:30'" });
    const [event] = eventsOf(await readAll({ content: `${head}\n${good}\n`, mapping }));
    expect(event!.recorded_at).toBe(event!.occurred_at);
  });

  it('reads JSON lines with their own types', async () => {
    const body =
      '{ category: { value: criminal }, is_emergency: { column: 急 }, loss_amount: { column: 损失 }, sub_category: { column: 类别 } }';
    const rows = await readAll({
      name: 'ledger.jsonl',
      content: [
        '{"编号":17,"辖区":"610222101","时间":"2026-10-05 10:00","急":true,"损失":12.5,"类别":null}',
        'not json',
        '',
        '[1]',
        '{"编号":"18","辖区":"彭镇","时间":"2026-10-05 10:00","急":"也许"}',
        '{"编号":"19","辖区":"彭镇","急":"否"}',
      ].join('\n'),
      mapping: policeMapping({ body }),
    });
    expect(eventsOf(rows).map((event) => [event.case_id, event.body])).toEqual([
      ['17', { category: 'criminal', is_emergency: true, loss_amount: 12.5 }],
    ]);
    expect(refusals(rows)).toEqual([
      '2   not_json',
      '4   not_json',
      '5 急 body.is_emergency invalid_boolean',
      '6 时间 occurred_at required',
    ]);
  });
});

describe('the header of a ledger', () => {
  const title = '宜君县2026年10月警情台账,,,\n填报单位：公安局,,"二〇二六年\n十月",\n';

  it('is found below a title, and the mapping told where it is', async () => {
    const content = `${title}${head}\n${good}\n`;
    await expect(readAll({ content })).rejects.toThrow(/^ledger\.csv：表头在第 4 行，.*header_row: 4/);
    const rows = await readAll({ content, mapping: policeMapping({ header_row: '4' }) });
    expect(rows.map(({ kind, line }) => [kind, line])).toEqual([['event', 5]]);
    await expect(readAll({ content, mapping: policeMapping({ header_row: '9' }) })).rejects.toThrow(
      '第 9 行不是可用的表头',
    );
  });

  it('shows no personal data where a case stands in its place', async () => {
    const content = '1,彭镇,2026-10-05 10:00,13800138000\n';
    const refused = await readAll({ content }).catch((error: Error) => error.message);
    expect(refused).toContain('台账现有的列：1、彭镇、2026-10-05 10:00、');
    expect(refused).not.toContain('13800138000');
  });

  it('says of a workbook what to do with it', async () => {
    for (const name of ['台账.xlsx', '台账.XLS', '台账.et']) {
      await expect(readAll({ content: 'x', name })).rejects.toThrow('另存为 CSV UTF-8 再导入');
    }
  });
});

describe('the encoding of a ledger', () => {
  // 编号,辖区,时间,类别 / A1,彭镇,2026-10-05 10:00,刑事 in GB18030.
  const gb = Buffer.from(
    'b1e0bac52ccfbdc7f82ccab1bce42cc0e0b1f00a' + '41312cc5edd5f22c323032362d31302d30352031303a30302cd0cccac20a',
    'hex',
  );

  it('is refused when it is not the one stated', async () => {
    await expect(readAll({ content: gb })).rejects.toThrow(/不是有效的 UTF-8 文本.*encoding: gb18030/);
    await expect(readAll({ content: '' })).rejects.toThrow('文件是空的');
    await expect(readAll({ content: Buffer.from('504b030414', 'hex') })).rejects.toThrow('另存为 CSV');
    await expect(readAll({ content: Buffer.from(`\ufeff${head}`, 'utf16le') })).rejects.toThrow('UTF-16');
  });

  it('is decoded when the mapping states it', async () => {
    const rows = await readAll({
      content: gb,
      mapping: policeMapping({ encoding: 'gb18030' }),
    });
    expect(eventsOf(rows).map((event) => [event.region_code, event.body])).toEqual([
      ['610222101', { category: 'criminal' }],
    ]);
  });
});
