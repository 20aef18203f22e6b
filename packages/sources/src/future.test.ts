import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMapping, readLedger } from './index.js';
import { eventsOf, policeHeader, policeMapping, readAll, refusals, withFolder, yijun } from './test-support.js';

const row = (id: string, time: string, more = '') => `${id},彭镇,${time},刑事${more}`;
const precise = (precision: string) =>
  policeMapping({ occurred_at: `{ column: 时间, precision: ${precision} }`, delivered_at: "'2026-10-31 10:00'" });
const idsOf = async (content: string, mapping: string) => {
  const rows = await readAll({ content, mapping });
  return { ids: eventsOf(rows).map(({ case_id }) => case_id), refused: refusals(rows) };
};

describe('events after the delivery', () => {
  it('are refused beyond an hour of clock skew', async () => {
    const content = [
      policeHeader,
      row('A', '2026-10-31 10:59'),
      row('B', '2026-10-31 11:01'),
      row('C', '2062-10-05 10:00'),
    ];
    expect(await idsOf(content.join('\n'), policeMapping({ delivered_at: "'2026-10-31 10:00'" }))).toEqual({
      ids: ['A'],
      refused: ['3 时间 occurred_at occurred_after_delivery', '4 时间 occurred_at occurred_after_delivery'],
    });
  });

  it('are refused beyond a day where only the day is known', async () => {
    const content = [policeHeader, row('A', '2026-10-31'), row('B', '2026-11-01'), row('C', '2026-11-02')].join('\n');
    expect(await idsOf(content, precise('day'))).toEqual({
      ids: ['A', 'B'],
      refused: ['4 时间 occurred_at occurred_after_delivery'],
    });
  });

  it('are refused in a later month where only the month is known', async () => {
    const content = [policeHeader, row('A', '2026-10'), row('B', '2026-11')].join('\n');
    expect(await idsOf(content, precise('month'))).toEqual({
      ids: ['A'],
      refused: ['3 时间 occurred_at occurred_after_delivery'],
    });
  });

  it('are not let in by a registration that is as late', async () => {
    const mapping = policeMapping({ recorded_at: '{ column: 登记 }' });
    const content = `${policeHeader},登记\n${row('A', '2026-10-05 10:00', ',2099-01-01 00:00')}\n${row('B', '2026-10-05 10:00', ',2026-10-06')}\n`;
    expect(await idsOf(content, mapping)).toEqual({ ids: ['B'], refused: ['2 登记 recorded_at recorded_in_future'] });
  });
});

describe('a day of registration', () => {
  it('of a clock that is ahead ends within a day, as messages may say', async () => {
    const now = Date.parse('2026-11-01T23:30:00+08:00');
    const recorded = await withFolder(async (folder) => {
      const mapping = parseMapping(
        policeMapping({ recorded_at: '{ column: 登记 }', delivered_at: "'2026-11-01 23:00'" }),
        'm.yaml',
      );
      const file = join(folder, 'a.csv');
      const days = ['2026-11-01', '2026-11-02', '2026-11-03'];
      const rows = days.map((day, i) => row(`A${i}`, '2026-10-05 10:00', `,${day}`));
      await writeFile(file, `${policeHeader},登记\n${rows.join('\n')}\n`);
      const found = [];
      for await (const one of readLedger({ file, mapping, county: yijun, now })) found.push(one);
      return [...eventsOf(found).map(({ recorded_at }) => recorded_at), ...refusals(found)];
    });
    expect(recorded).toEqual([
      expect.stringMatching(/^2026-11-01T15:59:59/),
      '2026-11-02T15:30:00.000Z',
      '4 登记 recorded_at recorded_in_future',
    ]);
  });
});

describe('what a case says has happened', () => {
  const now = Date.parse('2026-11-01T10:00:00+08:00');
  const body = '{ petition_type: { value: suggestion }, channel: { value: visit }, registered_at: { column: 时间 }, ';
  const refusedOf = async (...cells: string[]) =>
    withFolder(async (folder) => {
      const columns = 'due_at: { column: 期限 }, closed_at: { column: 办结 }, extended_to: { column: 延期 }';
      const mapping = policeMapping({ schema: 'petition.case/1', body: `${body}${columns} }` });
      const file = join(folder, 'a.csv');
      const rows = cells.map((cell, i) => `A${i},彭镇,2026-10-05 10:00,,${cell}`);
      await writeFile(file, `${policeHeader},期限,办结,延期\n${rows.join('\n')}\n`);
      const found = [];
      for await (const one of readLedger({ file, mapping: parseMapping(mapping, 'm.yaml'), county: yijun, now }))
        found.push(one);
      return refusals(found);
    });

  it('is refused when it is later than now, what is due is not', async () => {
    expect(
      await refusedOf(
        '2027-05-01,,2027-06-01 08:00',
        ',2026-11-01 10:59,',
        ',2026-11-01,',
        ',2026-11-01 11:01,',
        ',2026-11-02,',
        ',2027-05-01,',
      ),
    ).toEqual(['5', '6', '7'].map((line) => `${line} 办结 body.closed_at moment_in_future`));
  });
});

describe('versions', () => {
  const versionsOf = async (...texts: string[]) => {
    const mapping = policeMapping({ version: '{ column: 版本 }' });
    const content = `${policeHeader},版本\n${texts.map((text, i) => row(`A${i}`, '2026-10-05 10:00', `,${text}`)).join('\n')}`;
    const rows = await readAll({ content, mapping });
    return { versions: eventsOf(rows).map(({ version }) => version), refused: refusals(rows) };
  };

  it('that spell a time in one number are that time, so that both spellings compare', async () => {
    const eight = Date.parse('2026-10-01T08:00:00+08:00');
    expect(
      await versionsOf('20261001080000', '2026-10-01 08:00:00', '202610010800', '20261001080000007', String(eight)),
    ).toEqual({ versions: [eight, eight, eight, eight + 7, eight], refused: [] });
  });

  it('from the future are refused, counters are not', async () => {
    expect(await versionsOf('7', '20261001', '20991231235959', '2062-10-01 10:00:00', '999999999999999')).toEqual({
      versions: [7, 20_261_001],
      refused: ['4', '5', '6'].map((line) => `${line} 版本 version version_in_future`),
    });
  });
});

describe('a delivery time', () => {
  const read = async (options: { mtime: string; name?: string; mapping: string; now: string }) =>
    withFolder(async (folder) => {
      const file = join(folder, options.name ?? 'a.csv');
      await writeFile(file, `${policeHeader}\n${row('A', '2026-10-05 10:00')}\n`);
      await utimes(file, new Date(options.mtime), new Date(options.mtime));
      const mapping = parseMapping(options.mapping, 'm.yaml');
      const versions: number[] = [];
      for await (const one of readLedger({ file, mapping, county: yijun, now: Date.parse(options.now) })) {
        if (one.kind === 'event') versions.push(one.event.version);
      }
      return new Date(versions[0]!).toISOString();
    }).catch((error: Error) => error.message);
  const byTime = policeMapping().replace(/delivered_at.*\n/, '');
  const byName = `${byTime}delivered_from_name: '(\\d{6,8})'\n`;
  const now = '2026-11-20T02:00:00Z';

  it.each([
    ['the time of change', byTime, 'a.csv', '2027-06-01T00:00:00Z'],
    ['the mapping', policeMapping({ delivered_at: "'2027-06-01 08:00'" }), 'a.csv', '2026-11-01T00:00:00Z'],
    ['the name', byName, '警情20261130.csv', '2026-11-01T00:00:00Z'],
  ])('ahead of the clock is refused with file, key and remedy: by %s', async (_, mapping, name, mtime) => {
    const text = await read({ mapping, name, mtime, now });
    expect(text).toContain(`${name}：交付时间`);
    expect(text).toContain('晚于现在（2026-11-20 10:00）');
    expect(text).toContain("delivered_at: '2026-11-20 10:00'");
  });

  it('of a day or month that is not over is the time of the file', async () => {
    const mtime = '2026-11-20T01:00:00.500Z';
    expect(await read({ mapping: byName, name: '警情202611.csv', mtime, now })).toBe(mtime);
    expect(await read({ mapping: policeMapping({ delivered_at: "'2026-11-20'" }), mtime, now })).toBe(mtime);
    expect(await read({ mapping: byName, name: '警情202610.csv', mtime, now })).toBe('2026-10-31T16:00:00.000Z');
  });
});
