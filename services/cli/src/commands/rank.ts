import { defaultScheme, dimensions as known, missingReasonText, parseScheme, type Scheme } from '@pingan/indicators';
import { type County, lastCompleteMonth } from '@pingan/regions';
import { type RunHead, schemeInForce } from '@pingan/store';
import type { Context } from '../context.js';
import { renderCsv } from '../csv.js';
import { badRequest } from '../failure.js';
import { requireCounty, requireMonth } from '../scope.js';
import { renderTable, score } from '../table.js';

export type RankFormat = 'table' | 'json' | 'csv';

export interface RankRow {
  region_code: string;
  name: string;
  score: number | null;
  rank: number | null;
  band: string | null;
  dimensions: Record<string, number | null>;
  missing_reason: string | null;
}

export interface Ranking {
  county: string;
  period: string;
  run_id: string;
  scheme: { name: string; hash: string };
  rows: RankRow[];
}

/** @throws CommandFailure 2 when the month has no run yet. */
export async function requireRun(context: Context, county: County, month: string): Promise<RunHead> {
  const run = await context.store.runs.current(county.code, month);
  if (run) return run;
  const periods = (await context.store.runs.currentAll(county.code)).map(({ period }) => period);
  const list = periods.length > 0 ? `已有 ${periods[0]} 至 ${periods.at(-1)}` : '还没有任何月份';
  throw badRequest(
    `${county.name} ${month} 还没有计分(${list})。请运行 pingan score --county ${county.code} --month ${month}。`,
  );
}

export async function schemeOfMonth(context: Context, county: string, month: string): Promise<Scheme> {
  const stored = schemeInForce(await context.store.schemes.list(county), month);
  return stored ? parseScheme(stored.document, { file: county }) : defaultScheme;
}

/** The ranking of a month as its current run has it; areas without a score come last and have no rank. */
export async function readRanking(context: Context, county: County, month: string): Promise<Ranking> {
  const run = await requireRun(context, county, month);
  const [units, dimensions] = await Promise.all([
    context.store.runs.units(run.run_id),
    context.store.runs.dimensions(run.run_id),
  ]);
  return {
    county: county.code,
    period: month,
    run_id: run.run_id,
    scheme: { name: run.scheme_name, hash: run.scheme_hash },
    rows: units.map((unit) => ({
      region_code: unit.region_code,
      name: unit.name,
      score: unit.score,
      rank: unit.rank,
      band: unit.band,
      dimensions: Object.fromEntries(
        dimensions.filter((d) => d.region_code === unit.region_code).map((d) => [d.dimension, d.score]),
      ),
      missing_reason: unit.missing_reason,
    })),
  };
}

export function titleOf(county: County, period: string, nowMs: number): string {
  const remarks = [
    county.demo ? '示例数据' : '',
    period > lastCompleteMonth(nowMs, county.timeZone) ? '当月未结束,数据不全' : '',
  ].filter((text) => text !== '');
  return `${county.name} ${period} 平安指数${remarks.length > 0 ? `(${remarks.join(';')})` : ''}`;
}

export function rankingTable(ranking: Ranking, scheme: Scheme): string {
  const bands = new Map(scheme.bands.map(({ id, name }) => [id, name]));
  const dimensions = scheme.dimensions.map(({ id }) => id);
  return renderTable<RankRow>(
    [
      { title: '名次', value: (row) => (row.rank === null ? '—' : String(row.rank)), align: 'right' },
      { title: '单位', value: (row) => row.name },
      { title: '总分', value: (row) => score(row.score), align: 'right' },
      ...dimensions.map((id) => ({
        title: known[id].name,
        value: (row: RankRow) => score(row.dimensions[id] ?? null),
        align: 'right' as const,
      })),
      {
        title: '等级',
        value: (row) =>
          row.band === null ? missingReasonText(row.missing_reason ?? '') : (bands.get(row.band) ?? row.band),
      },
    ],
    ranking.rows,
  );
}

function rankingCsv(ranking: Ranking, scheme: Scheme): string {
  const dimensions = scheme.dimensions.map(({ id }) => id);
  return renderCsv([
    ['rank', 'region_code', 'name', 'score', ...dimensions, 'band', 'missing_reason', 'period', 'run_id'],
    ...ranking.rows.map((row) => [
      row.rank,
      row.region_code,
      row.name,
      row.score,
      ...dimensions.map((id) => row.dimensions[id] ?? null),
      row.band,
      row.missing_reason,
      ranking.period,
      ranking.run_id,
    ]),
  ]);
}

/** `pingan rank`. */
export async function rankCommand(
  context: Context,
  options: { county: string; month: string; format: RankFormat },
): Promise<void> {
  const county = await requireCounty(context, options.county);
  const month = await requireMonth(context, county, options.month);
  const ranking = await readRanking(context, county, month);
  const scheme = await schemeOfMonth(context, county.code, month);
  if (options.format === 'json') context.out(JSON.stringify(ranking, null, 2));
  else if (options.format === 'csv') context.out(rankingCsv(ranking, scheme).trimEnd());
  else {
    context.out(titleOf(county, month, Date.now()));
    context.out(rankingTable(ranking, scheme));
    context.out(`方案 ${ranking.scheme.name} ${ranking.scheme.hash}  计分批次 ${ranking.run_id}`);
  }
}
