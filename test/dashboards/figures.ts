import { addMonths, monthRange, streamNames, streams } from '@pingan/contracts';
import type { Ranking } from '@pingan/queries';
import { beforeAll, expect, test } from 'vitest';
import type { Values } from '../harness/grafana.js';
import type { Pipeline } from '../harness/pipeline.js';

type Row = Record<string, unknown>;

export interface Shown {
  pipeline: Pipeline;
  /** Rows of a panel; of the month and township of `good` unless told otherwise. */
  panel: (dashboard: string, title: string, values?: Values) => Promise<Row[]>;
  month: string;
  good: Values;
}

type RankRow = Ranking['rows'][number];

interface Indicator {
  code: string;
  name: string;
  numerator: number | null;
  denominator: number | null;
  value: number | null;
  shrunken_value: number | null;
  score: number | null;
  weight: number;
  contribution: number;
}

interface Explained {
  score: number;
  rank: number;
  paragraph: string;
  change: { score: number; points: number; parts: { code: string | null; points: number }[] };
  indicators: Indicator[];
  context: Indicator[];
  deductions: { applied: number }[];
}

const near = (a: unknown, b: number | null) => (b === null ? expect(a).toBeNull() : expect(a).toBeCloseTo(b, 9));
const present = (values: readonly (number | null)[]) => values.filter((value) => value !== null);
const mean = (values: readonly (number | null)[]): number | null => {
  const found = present(values);
  return found.length === 0 ? null : found.reduce((sum, value) => sum + value, 0) / found.length;
};
/** Pearson's, written out. */
function correlationOf(a: readonly number[], b: readonly number[]): number {
  const [ma, mb] = [mean(a)!, mean(b)!];
  const products = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return products(a, ma, b, mb) / Math.sqrt(products(a, ma, a, ma) * products(b, mb, b, mb));
}
const span = (low: number, high: number) => (low === high ? `${low}` : `${low}–${high}`);
/** A change as panels write it: the direction as an arrow, two decimals. */
const arrow = (change: number) => {
  const size = Math.abs(change).toFixed(2);
  if (size === '0.00') return '持平';
  return `${change > 0 ? '↑' : '↓'} ${size}`;
};
/** Counts and rates in one column: text with no more decimals than it needs. */
const brief = (text: unknown, value: number | null, decimals: number) => {
  if (value === null) return expect(text).toBe('');
  expect(String(text)).not.toMatch(/\.\d*0$|\.$/);
  expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals);
};

/** Bars of what moved a score: the largest parts, the rest in one, and the change as a whole, which they add up to. */
function expectSteps(rows: readonly Row[], parts: readonly number[], [before, after]: readonly [number, number]): void {
  const SHOWN = 12;
  const bars = rows.map(({ 指标, 拉升, 拉低, 合计 }) => ({
    label: String(指标),
    points: Number(拉升) + Number(拉低),
    whole: Number(合计),
  }));
  const last = bars.at(-1)!;
  expect(last.whole).toBeCloseTo(after - before, 9);
  expect(last.label).toContain(` ${before.toFixed(2)}→${after.toFixed(2)} `);
  const rest = bars.filter(({ label }) => label.startsWith('其余各项 '));
  expect(rest).toHaveLength(parts.filter((points) => points !== 0).length > SHOWN ? 1 : 0);
  const largest = [...parts].sort((a, b) => Math.abs(b) - Math.abs(a)).slice(0, SHOWN);
  const shown = bars.slice(0, -1 - rest.length).map(({ points }) => points);
  expect(shown).toEqual(largest.sort((a, b) => b - a).map((points) => expect.closeTo(points, 9)));
  expect(bars.reduce((sum, { points }) => sum + points, 0)).toBeCloseTo(after - before, 9);
}

/** The panels beside `pingan rank` and `pingan explain` of the county of `good`, scored in three months at least. */
export function describeFigures(shown: () => Shown): void {
  const region = '610222102';
  let panel: Shown['panel'];
  let pipeline: Pipeline;
  let month: string;
  let good: Values;
  /**
   * This month, the one before and that of the year before; then the others of this year. Some of these are scored or not,
   * depending on how far the services had come when they were stopped.
   */
  let months: string[];
  let thisYear: string[];
  let rankings: Map<string, RankRow[]>;
  let explained: Map<string, Explained>;

  const read = async <T>(command: string, ...args: string[]) =>
    JSON.parse(await pipeline.ok(command, '--county', '610222', '--format', 'json', ...args)) as T;
  const ranked = (of: string): RankRow[] => rankings.get(of)!;
  const meanOf = (of: string) => mean(ranked(of).map(({ score }) => score));
  const scoreOf = (of: string, code: string) => ranked(of).find(({ region_code }) => region_code === code)!.score;
  const at = (rows: readonly Row[], of: string): Row => {
    const found = rows.find(({ time }) => String(time).startsWith(of));
    expect(found, `no row of ${of}`).toBeDefined();
    return found!;
  };

  beforeAll(async () => {
    ({ pipeline, panel, month, good } = shown());
    months = [month, addMonths(month, -1), addMonths(month, -12)];
    thisYear = monthRange(`${month.slice(0, 4)}-01`, month);
    rankings = new Map();
    for (const of of new Set([...months, ...thisYear, addMonths(month, -13)]))
      rankings.set(of, (await read<{ rows: RankRow[] }>('rank', '--month', of)).rows);
    explained = new Map();
    for (const { region_code } of ranked(month)) {
      explained.set(region_code, await read<Explained>('explain', '--month', month, '--region', region_code));
    }
  });

  test('ranking', async () => {
    const rows = ranked(month);
    const found = await panel('pingan-ranking', '排名');
    expect(found.map((row) => row.单位)).toEqual(rows.map(({ name }) => name));
    for (const [i, row] of rows.entries()) {
      const own = found[i]!;
      expect([own.名次, own.代码]).toEqual([row.rank, row.region_code]);
      near(own.总分, row.score);
      for (const dimension of streams) near(own[streamNames[dimension]], row.dimensions[dimension]!);
      near(own.扣分, row.deducted === 0 ? null : row.deducted);
      const before = scoreOf(months[1]!, row.region_code);
      expect(own.比上月).toBe(arrow(row.score! - before!));
      const { low, high } = row.interval!.rank;
      expect(own.名次区间).toBe(span(low, high));
    }
    const text = await pipeline.ok('rank', '--county', '610222', '--month', month);
    for (const { 单位, 不可区分, 等级, 总分 } of found as Record<string, string>[]) {
      const line = text.split('\n').find((one) => one.includes(` ${单位} `))!;
      expect(line).toContain(` ${不可区分 === '' ? '—' : 不可区分} `);
      expect(line).toContain(等级);
      expect(line).toContain(Number(总分).toFixed(2));
    }
    const counts = await panel('pingan-ranking', '各等级单位数');
    for (const { 等级, 单位数 } of counts) expect(found.filter((row) => row.等级 === 等级).length).toBe(Number(单位数));
    expect(counts.reduce((sum, row) => sum + Number(row.单位数), 0)).toBe(rows.length);
  });

  test('the county against other months', async () => {
    const [now, before, yearBefore] = months.map(meanOf) as [number, number, number];
    const [standing] = await panel('pingan-ranking', '全县得分');
    near(standing!.平均分, now);
    expect([standing!.比上月, standing!.比去年同月]).toEqual([arrow(now - before), arrow(now - yearBefore)]);
    const [verdict] = await panel('pingan-ranking', '本月结论');
    const words = String(verdict!.结论).replace(/\s/g, '');
    expect(words).toMatch(/^2025年9月，/);
    expect(words).toContain(
      `全县平均${now.toFixed(2)}分，比上月${now > before ? '升' : '降'}${Math.abs(now - before).toFixed(2)}分`,
    );
    expect(await panel('pingan-county', '本月结论')).toEqual([verdict]);
    const trend = await panel('pingan-county', '全县平均分走势');
    const trends = await panel('pingan-county', '四情走势');
    const streamRows = await panel('pingan-ranking', '四情得分');
    for (const of of months) {
      const scores = present(ranked(of).map(({ score }) => score));
      const row = at(trend, of);
      near(row.全县平均分, meanOf(of));
      near(row.最低, Math.min(...scores));
      near(row.最高, Math.max(...scores));
      for (const dimension of streams) {
        const expected = mean(ranked(of).map((unit) => unit.dimensions[dimension]!));
        near(at(trends, of)[streamNames[dimension]], expected);
      }
    }
    for (const dimension of streams) {
      const row = streamRows.find(({ 数据 }) => 数据 === streamNames[dimension])!;
      const [own, last, year] = months.map((of) => mean(ranked(of).map((unit) => unit.dimensions[dimension]!)));
      near(row.全县平均, own!);
      // A stream without a score in the other month has no change.
      const changes = [last, year].map((then) => (then === null || then === undefined ? '' : arrow(own! - then)));
      expect([row.比上月, row.比去年同月]).toEqual(changes);
      const scores = ranked(month).map((unit) => [unit.name, unit.dimensions[dimension]!] as const);
      const lowest = Math.min(...present(scores.map(([, score]) => score)));
      expect(scores.filter(([, score]) => score === lowest).map(([name]) => `${name} ${lowest.toFixed(2)}`)).toContain(
        row.最低单位,
      );
    }
    const years = await panel('pingan-county', '今年与去年同期');
    const [last, same] = [months[1]!, month].map(
      (of) => years.find(({ 月份 }) => 月份 === `${Number(of.slice(5))}月`)!,
    );
    expect([last!.去年, same!.今年].map(Number)).toEqual([expect.any(Number), expect.closeTo(now, 9)]);
    near(last!.今年, before);
    near(same!.去年, yearBefore);
    near(last!.去年, meanOf(addMonths(month, -13)));
  });

  test('who moved, and why the county did', async () => {
    const moved = ranked(month)
      .map(({ region_code, score, rank }) => {
        const change = score! - scoreOf(months[1]!, region_code)!;
        return { region_code, change, rank };
      })
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    const movers = await panel('pingan-ranking', '升降较大的单位');
    expect(movers.map(({ 代码 }) => 代码)).toEqual(moved.map(({ region_code }) => region_code));
    for (const [i, { region_code, change, rank }] of moved.entries()) {
      expect(movers[i]!.比上月).toBe(arrow(change));
      expect(movers[i]!.名次).toBe(rank);
      expect(movers[i]!.上月名次).toBe(ranked(months[1]!).find((one) => one.region_code === region_code)!.rank);
      const { parts } = explained.get(region_code)!.change;
      const largest = parts
        .map(({ points }) => points)
        .reduce((best, one) => (one * change > best * change ? one : best));
      expect(movers[i]!.该项升降).toBe(arrow(largest));
    }
    const totals = new Map<string | null, number>();
    for (const { change } of explained.values()) {
      for (const { code, points } of change.parts) totals.set(code, (totals.get(code) ?? 0) + points);
    }
    expectSteps(
      await panel('pingan-ranking', '全县平均分为何变动'),
      [...totals.values()].map((sum) => sum / explained.size),
      [meanOf(months[1]!)!, meanOf(month)!],
    );

    const list = await panel('pingan-ranking', '排名');
    const toWatch = ranked(month).filter(({ region_code, score, rank, band, deducted, interval }) => {
      const change = score! - scoreOf(months[1]!, region_code)!;
      const isApart = rank === list.length && list.find(({ 代码 }) => 代码 === region_code)!.不可区分 === '';
      const hasFallen = change < interval!.score.low - interval!.score.high;
      return band === 'red' || band === 'orange' || isApart || deducted > 0 || hasFallen;
    });
    const watched = await panel('pingan-ranking', '需要关注的单位');
    if (toWatch.length === 0) expect(watched.map(({ 事由 }) => 事由)).toEqual(['本月没有需要特别关注的单位']);
    else expect(watched.map(({ 单位 }) => 单位).sort()).toEqual(toWatch.map(({ name }) => name).sort());
    for (const row of watched.filter(({ 代码 }) => 代码 !== '')) {
      const losses = explained.get(String(row.代码))!.indicators.map((one) => one.weight * 100 - one.contribution);
      expect(Number(/ ([\d.]+) 分/.exec(String(row.主要失分))![1])).toBeCloseTo(Math.max(...losses), 2);
      expect([row.先做什么, row.条线]).not.toContain('');
    }
  });

  test('the county in one month', async () => {
    const heat = await panel('pingan-county', '各单位四情得分');
    const map = await panel('pingan-county', '各单位位置与等级（示意，无底图）');
    const list = await panel('pingan-ranking', '排名');
    for (const { region_code, name, score, dimensions: own } of ranked(month)) {
      const row = heat.find(({ 代码 }) => 代码 === region_code)!;
      for (const dimension of streams) near(row[streamNames[dimension]], own[dimension]!);
      const point = map.find(({ 单位 }) => 单位 === name)!;
      near(point.总分, score);
      const { 等级 } = list.find(({ 单位 }) => 单位 === name)!;
      expect([row.等级, point.等级]).toEqual([等级, 等级]);
    }
    const notes = await panel('pingan-county', '数据说明');
    expect(notes.map(({ 事项 }) => 事项)).not.toContain('不在图上');
    const averages = await panel('pingan-county', '本季至今与本年至今');
    for (const { region_code, name } of ranked(month)) {
      const own = averages.find(({ 单位 }) => 单位 === name)!;
      const scores = thisYear.map((of) => scoreOf(of, region_code));
      const averageOf = (list: typeof scores) => (list.includes(null) ? null : mean(list));
      near(own.本季至今, averageOf(scores.slice(-3)));
      near(own.本年至今, averageOf(scores));
    }
    const [{ cases }] = (await pipeline.sql<{ cases: string }>(
      `SELECT toString(toUInt64(sum(numerator))) AS cases FROM components FINAL
      WHERE county = '610222' AND month = '${month}-01' AND indicator = 'cases:police.incident'`,
    )) as [{ cases: string }];
    const kinds = await panel('pingan-county', '各类记录和案件的件数');
    expect(kinds.find((row) => row.类别 === '警情')!.本月).toBe(Number(cases));
  });

  test('a township', async () => {
    const told = explained.get(region)!;
    const [standing] = await panel('pingan-township', '本月得分与名次');
    expect(standing!.名次).toBe(told.rank);
    near(standing!.总分, told.score);
    expect(standing!.比上月).toBe(arrow(told.change.points));
    expect(standing!.比去年同月).toBe(arrow(told.score - scoreOf(months[2]!, region)!));
    const [story] = await panel('pingan-township', '本月概况');
    const words = String(story!.概况).replace(/\s/g, '');
    expect(words.startsWith(told.paragraph.replace(/\s/g, ''))).toBe(true);
    const lists = [
      [await panel('pingan-township', '各项指标'), told.indicators],
      [await panel('pingan-township', '参考指标（不计分）'), told.context],
    ] as const;
    for (const [found, all] of lists) {
      expect(found.map((row) => row.代码).sort()).toEqual(all.map(({ code }) => code).sort());
      for (const { code, ...one } of all) {
        const own = found.find((row) => row.代码 === code)!;
        brief(own.分子, one.numerator, 2);
        brief(own.分母, one.denominator, 2);
        brief(own.指标值, one.value, 3);
        if (all === told.context) continue;
        brief(own.修正值, one.shrunken_value, 3);
        near(own.得分, one.score);
        near(own.贡献, one.contribution);
      }
    }
    const losses = await panel('pingan-township', '失分最多的指标');
    const lost = told.indicators
      .filter(({ score }) => score !== null)
      .map((one) => one.weight * 100 - one.contribution);
    expect(losses.map(({ 失分 }) => Number(失分).toFixed(6))).toEqual(
      lost
        .filter((points) => points > 0)
        .sort((a, b) => b - a)
        .slice(0, 10)
        .map((points) => points.toFixed(6)),
    );
    const [scores, places] = [await panel('pingan-township', '总分走势'), await panel('pingan-township', '名次走势')];
    const bands = await panel('pingan-township', '等级变化');
    const [card] = await panel('pingan-township', '本月等级');
    for (const of of months) {
      const { score, rank, interval } = ranked(of).find(({ region_code }) => region_code === region)!;
      const row = at(scores, of);
      near(row.总分, score);
      near(row.区间下限, interval!.score.low);
      near(row.区间上限, interval!.score.high);
      const place = at(places, of);
      expect([place.名次, place.最好名次, place.最差名次].map((one) => -Number(one))).toEqual([
        rank,
        interval!.rank.low,
        interval!.rank.high,
      ]);
    }
    const list = await panel('pingan-ranking', '排名');
    const { 等级 } = list.find(({ 代码 }) => 代码 === region)!;
    expect([at(bands, month).等级, card!.等级]).toEqual([等级, 等级]);
    const beside = await panel('pingan-township', '四情与全县平均');
    for (const [i, dimension] of streams.entries()) {
      near(beside[i]!.本单位, ranked(month).find(({ region_code }) => region_code === region)!.dimensions[dimension]!);
      near(beside[i]!.全县平均, mean(ranked(month).map((unit) => unit.dimensions[dimension]!)));
    }
    for (const [code, { deductions }] of explained) {
      const rows = await panel('pingan-township', '红线扣分', { ...good, region: code });
      expect(rows.map((row) => Number(row.扣分)).sort()).toEqual(deductions.map(({ applied }) => applied).sort());
    }
  });

  test('the steps of a township from month to month', async () => {
    const told = explained.get(region)!;
    expectSteps(
      await panel('pingan-township', '本月升降分解'),
      told.change.parts.map(({ points }) => points),
      [told.change.score, told.score],
    );
  });

  test('an indicator', async () => {
    const of = (code: string) => explained.get(code)!.indicators.find((one) => one.code === 'P01')!;
    const all = [...explained.keys()].map(of);
    const names = new Map(ranked(month).map(({ name, region_code }) => [name, region_code]));
    const funnel = await panel('pingan-indicator', '各单位与控制限');
    expect(funnel).toHaveLength(all.length);
    for (const row of funnel) {
      const own = of(String(row.代码));
      brief(row.分子, own.numerator, 2);
      near(row.原始值, own.value);
      near(row.修正值, own.shrunken_value);
      near(row.得分, own.score);
    }
    for (const row of await panel('pingan-indicator', '原始值与修正值')) {
      near(row.原始值, of(names.get(String(row.单位名称))!).value);
      near(row.修正值, of(names.get(String(row.单位名称))!).shrunken_value);
    }
    const [saturation] = await panel('pingan-indicator', '饱和程度');
    expect([saturation!['得 0 分'], saturation!.得满分, saturation!.单位数].map(Number)).toEqual([
      all.filter(({ score }) => score === 0).length,
      all.filter(({ score }) => score === 100).length,
      all.length,
    ]);
    const distribution = await panel('pingan-indicator', '得分分布');
    expect(distribution.map(({ 单位数 }) => Number(单位数))).toEqual(
      Array.from(
        { length: 10 },
        (_, i) => all.filter(({ score }) => Math.min(Math.floor(score! / 10), 9) === i).length,
      ),
    );
    const sum = (key: 'numerator' | 'denominator') => all.reduce((total, one) => total + one[key]!, 0);
    const control = await panel('pingan-indicator', '全县控制图（所选月份及以前二十四个月）');
    near(at(control, month).全县值, (10_000 * sum('numerator')) / sum('denominator'));
    const shares = await panel('pingan-indicator', '各指标对排名的影响');
    expect(shares.reduce((total, row) => total + Number(row['影响份额%']), 0)).toBeCloseTo(100, 6);
  });

  test('two schemes', async () => {
    const values = { ...good, county: '100004', scheme: 'b' };
    const runs = await pipeline.sql<{ region_code: string; scheme: string; rank: number; score: number; band: string }>(
      `SELECT region_code, splitByChar('-', run_id)[-1] AS scheme, rank, score, band FROM run_units FINAL
      WHERE run_id IN ('100004-${month}-a', '100004-${month}-b') ORDER BY region_code`,
    );
    const [current, other] = ['a', 'b'].map((scheme) => runs.filter((run) => run.scheme === scheme)) as [
      typeof runs,
      typeof runs,
    ];
    const changed = (key: 'rank' | 'band') => current.filter((run, i) => run[key] !== other[i]![key]).length;
    const correlation = correlationOf(
      current.map(({ rank }) => rank),
      other.map(({ rank }) => rank),
    );
    const [summary] = await panel('pingan-schemes', '本月差别', values);
    near(summary!.名次相关, correlation);
    expect([summary!.名次变动, summary!.等级变动].map(Number)).toEqual([changed('rank'), changed('band')]);
    near(summary!.得分平均相差, mean(current.map(({ score }, i) => Math.abs(score - other[i]!.score))));
    near(at(await panel('pingan-schemes', '逐月名次相关', values), month).名次相关, correlation);
    expect(Number(at(await panel('pingan-schemes', '逐月等级变动的单位数', values), month).等级变动)).toBe(
      changed('band'),
    );
    for (const row of await panel('pingan-schemes', '谁升谁降', values)) {
      const i = current.findIndex(({ region_code }) => region_code === row.代码);
      expect([row.名次, row.对比名次]).toEqual([current[i]!.rank, other[i]!.rank]);
    }
  });

  test('what came in', async () => {
    const [counted] = await pipeline.sql<{ cases: number; versions: number }>(
      `SELECT sum(n) AS cases, sum(v) AS versions FROM (
        SELECT uniqExact(source, case_id) AS n, uniqExact(source, case_id, version) AS v FROM police_cases
        WHERE toStartOfMonth(toDate(occurred_at, 'Asia/Shanghai')) = '${month}-01' GROUP BY substring(region_code, 1, 9))`,
    );
    const [bars] = await panel('pingan-quality', '案件、更正与重复');
    expect([bars!.数据, bars!.案件, bars!.更正]).toEqual(['警情', counted!.cases, counted!.versions - counted!.cases]);
    expect(bars!.重复).toBeGreaterThan(0);
  });

  test('days since the last case are days of the calendar in Beijing', async () => {
    const dayInBeijing = (ms: number) => Math.floor((ms + 8 * 3_600_000) / 86_400_000);
    for (const { region_code } of ranked(month)) {
      const before = dayInBeijing(Date.now());
      const fresh = await panel('pingan-quality', '各类数据最近报送', { ...good, unit: region_code });
      const after = dayInBeijing(Date.now());
      for (const { 最近发生: occurred, 距今天数: days } of fresh) {
        const last = dayInBeijing(Date.parse(`${String(occurred).replace(' ', 'T')}:00+08:00`));
        expect([before - last, after - last], `${region_code} ${occurred}`).toContain(days);
      }
    }
  });
}
