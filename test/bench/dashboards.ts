import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { addMonths, streams } from '@pingan/contracts';
import { dashboards } from '@pingan/dashboards';
import { endpointsToEnv, startEngines } from '@pingan/local-engines';
import { builtinCounty } from '@pingan/regions';
import { caseTable, createStore } from '@pingan/store';
import { clickhouseFetch } from '../harness/clickhouse-http.js';
import { ask, expand, sqlOf, type Values } from '../harness/grafana.js';
import { handMadeRun } from '../harness/runs.js';

/** How long every panel waits for its query, on a store of the given size; fails beyond the targets. */

const PANEL_MS = 200;
const HOME_MS = 1_000;
const REPETITIONS = 5;
const LETTERS = 20_000;

const { values } = parseArgs({
  options: { versions: { type: 'string', default: '10000000' }, months: { type: 'string', default: '60' } },
});
const versions = Number(values.versions);
const months = Number(values.months);
const last = '2025-09';
const first = addMonths(last, 1 - months);

const say = (text: string) => void process.stdout.write(`${text}\n`);
const county = builtinCounty('411081')!;
const units = county.regions.regions.filter(({ ranked }) => ranked);
const chosen: Values = {
  county: county.code,
  month: last,
  region: units[3]!.code,
  unit: '$__all',
  indicator: 'P01',
  scheme: 'b',
};
const span = { from: Date.parse(`${first}-01`) / 1000, to: Date.parse('2026-01-01') / 1000 };

const database = 'bench';
const home = mkdtempSync(join(tmpdir(), 'pingan-bench-'));
const engines = await startEngines({ home });
const url = endpointsToEnv(engines.endpoints).CLICKHOUSE_URL!;
const store = createStore({ url, database });

async function run(sql: string): Promise<void> {
  const response = await clickhouseFetch(url, { database }, { body: sql });
  if (!response.ok) throw new Error(await response.text());
  await response.text();
}

/** Three versions of a case, spread evenly over months and villages. */
async function fillCases(): Promise<void> {
  const codes = `['${county.regions.regions.map(({ code }) => code).join("','")}']`;
  const count = Math.floor(versions / streams.length);
  for (const stream of streams) {
    await run(`INSERT INTO ${caseTable(stream)} (county, source, case_id, version, digest, kafka_partition, kafka_offset,
        record_type, op, region_code, occurred_at, occurred_precision, recorded_at)
      SELECT '${county.code}', 'bench', toString(intDiv(number, 3)), number % 3, number, number % 4, number, 'bench.${stream}', 'upsert',
        ${codes}[1 + intDiv(number, 3) % length(${codes})] AS region,
        toDateTime64('${first}-02 00:00:00', 3, 'UTC') + toIntervalHour(cityHash64(intDiv(number, 3)) % (${months} * 720)) AS occurred,
        'time', occurred + toIntervalHour(cityHash64(number) % 300) FROM numbers(${count})`);
  }
}

async function fillRest(): Promise<void> {
  const names = units.map(({ name }) => name);
  for (let i = 0; i < months; i++) {
    const period = addMonths(first, i);
    const runs = ['b', 'a'].map((scheme) => {
      const made = handMadeRun({ county: county.code, period, names, scheme });
      const code = new Map(made.units.map(({ region_code }, at) => [region_code, units[at]!.code]));
      const coded = <T extends { region_code: string }>(rows: T[]) =>
        rows.map((row) => ({ ...row, region_code: code.get(row.region_code)! }));
      return {
        ...made,
        units: coded(made.units),
        dimensions: coded(made.dimensions),
        indicators: coded(made.indicators),
      };
    });
    await store.runs.write(runs);
    await store.runs.activate(runs.map(({ head }) => head));
  }
  await run(`INSERT INTO components SELECT '${county.code}', addMonths(toDate('${first}-01'), number % ${months}),
      concat(['cases:police.incident', 'P01', 'P02:theft', 'X01'][1 + intDiv(number, ${months}) % 4], ''),
      toString(intDiv(number, ${months} * 4)), 3, 4, 1 FROM numbers(${months} * 4 * 400)`);
  await run(`INSERT INTO dead_letters (id, reason, detail, topic, kafka_partition, kafka_offset, key, bytes, failed_at)
    SELECT toString(number), 'invalid_event', 'occurred_at: required', 'pingan.police', 0, number, '${county.code}/a/b',
      repeat('x', 500), now64(3) - number FROM numbers(${LETTERS})`);
}

async function timed(sql: string): Promise<number> {
  const begun = performance.now();
  await ask(url, database, sql);
  return performance.now() - begun;
}

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

try {
  await store.migrate();
  await store.counties.save(county);
  say(`${cpus().length} processors; ${versions} versions, ${months} months, ${units.length} townships: filling`);
  await fillCases();
  await fillRest();
  let slow = 0;
  for (const dashboard of dashboards) {
    const queries = sqlOf(dashboard).map(({ name, sql }) => ({ name, sql: expand(sql, chosen, span) }));
    for (const { name, sql } of queries) {
      const took: number[] = [];
      for (let i = 0; i <= REPETITIONS; i++) took.push(await timed(sql));
      const ms = median(took.slice(1));
      if (ms > PANEL_MS) slow += 1;
      say(`${ms.toFixed(0).padStart(5)} ms  ${dashboard.uid} ${name}${ms > PANEL_MS ? `  over ${PANEL_MS}` : ''}`);
    }
    const begun = performance.now();
    await Promise.all(queries.map(({ sql }) => timed(sql)));
    const all = performance.now() - begun;
    if (dashboard === dashboards[0] && all > HOME_MS) slow += 1;
    say(`${all.toFixed(0).padStart(5)} ms  ${dashboard.uid}, all at once`);
  }
  process.exitCode = slow === 0 ? 0 : 1;
} finally {
  await store.close();
  await engines.stop();
  rmSync(home, { recursive: true, force: true });
}
