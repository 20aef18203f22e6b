import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorAlerts } from '@pingan/dashboards';
import { listServices } from '@pingan/messaging';
import { builtinCounty } from '@pingan/regions';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { laneEngines } from './harness/lane.js';
import { answers, deployed, monitoringTools, promql, type Sample, startProgram } from './harness/monitoring.js';
import { openPipeline, type Pipeline, startEngine, stopEngine } from './harness/pipeline.js';
import { until } from './harness/poll.js';
import { freePorts } from './harness/ports.js';
import { messageOf } from './harness/synthetic.js';

interface Config {
  global: Record<string, string>;
  rule_files: string[];
  alerting?: unknown;
  scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
}

const county = builtinCounty('610222')!;
const programs: { stop: () => Promise<void> }[] = [];
let pipeline: Pipeline;
let url: string;

const ask = (name: string) => promql(url, operatorAlerts.find((alert) => alert.name === name)!.expr);
const labelsOf = (samples: readonly Sample[], label: string) => samples.map(({ labels }) => labels[label]);

/** Waits until the expression of an alert gives just these values of a label. */
const untilTold = (name: string, label: string, values: readonly string[]) =>
  until(`${name} tells ${values}`, async () => {
    const told = labelsOf(await ask(name), label).sort();
    if (told.join() !== [...values].sort().join()) throw new Error(`told ${told}`);
    return true;
  });

const fire = (region: string) =>
  messageOf({
    schema: 'police.incident/1',
    county: county.code,
    source: 's',
    case_id: `F-${region}`,
    version: 1,
    op: 'upsert',
    region_code: region,
    occurred_at: '2025-01-10T08:00:00+08:00',
    recorded_at: '2025-01-10T09:00:00+08:00',
    body: { category: 'fire' },
  });

/** The configuration that is deployed, with the targets of this machine and a faster pulse. */
async function startPrometheus(): Promise<void> {
  const tools = await monitoringTools('prometheus', 'prometheus-node-exporter');
  const [own, node] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`) as [string, string];
  programs.push(
    await startProgram(
      tools['prometheus-node-exporter'],
      [`--web.listen-address=${node}`],
      answers(`http://${node}/metrics`),
    ),
  );
  const services = await until('three services', async () => {
    const beats = await listServices(pipeline.redis);
    return beats.length === 3 ? beats.map(({ health }) => new URL(health).host) : undefined;
  });
  const targets: Record<string, string[]> = { pingan: services, node: [node], prometheus: [own] };
  const { alerting: _, ...config } = parse(readFileSync(deployed('prometheus/prometheus.yaml'), 'utf8')) as Config;
  config.global = { scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: '1s' };
  config.rule_files = [deployed('prometheus/rules/pingan.yaml')];
  for (const job of config.scrape_configs) job.static_configs = [{ targets: targets[job.job_name]! }];
  const folder = mkdtempSync(join(laneEngines().home, 'prometheus-'));
  writeFileSync(join(folder, 'prometheus.yaml'), stringify(config));
  url = `http://${own}`;
  const args = [
    `--config.file=${folder}/prometheus.yaml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${own}`,
  ];
  programs.push(await startProgram(tools.prometheus, args, answers(`${url}/-/ready`)));
}

beforeAll(async () => {
  pipeline = await openPipeline({ env: { SWEEP_MS: '1000' } });
  await pipeline.store.counties.save(county);
  await pipeline.kafka.send([fire('610222101')]);
  await pipeline.command(
    `INSERT INTO arrivals SELECT '${county.code}', 'opinion', toStartOfHour(now()) - INTERVAL 10 + number HOUR FROM numbers(20)`,
  );
  await pipeline.store.reconciles.record({ county: '', watermark: {}, messages: 1, differences: 0 });
  await startPrometheus();
  // Prometheus may have to be installed first.
}, 240_000);

afterAll(async () => {
  await Promise.all(programs.map(({ stop }) => stop()));
  await pipeline?.close();
});

describe('a Prometheus that scrapes the running services', () => {
  test('has every figure that an alert asks for', async () => {
    const names = new Set(operatorAlerts.flatMap(({ expr }) => expr.match(/\b(?:pingan|node)_\w+|\bup\b/g) ?? []));
    expect(names.size).toBeGreaterThan(10);
    for (const name of names) {
      await until(`${name} is there`, async () => (await promql(url, `{__name__="${name}"}`)).length > 0);
    }
    await until('all five are scraped', async () => (await promql(url, 'up == 1')).length === 5);
  });

  test('evaluates every rule without an error', async () => {
    await until('every rule was evaluated', async () => {
      const response = await fetch(`${url}/api/v1/rules`);
      const { data } = (await response.json()) as {
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      };
      const rules = data.groups.flatMap((group) => group.rules);
      expect(rules).toHaveLength(operatorAlerts.length + 1);
      return rules.every(({ health }) => health === 'ok');
    });
  });

  test('finds nothing wrong but the stream that is silent, and what the disks of this machine have', async () => {
    await untilTold('PinganStreamSilent', 'stream', ['opinion']);
    const known = ['PinganStreamSilent', 'PinganDiskFilling', 'PinganMachineDiskFilling'];
    for (const { name } of operatorAlerts.filter((alert) => !known.includes(alert.name)))
      await until(`${name} finds nothing`, async () => (await ask(name)).length === 0);
  });

  test('finds a dead letter, and a difference left by a reconciliation', async () => {
    await pipeline.kafka.send([fire('999999999')]);
    await untilTold('PinganDeadLetters', 'reason', ['unknown_region']);
    await pipeline.store.reconciles.record({ county: county.code, watermark: {}, messages: 1, differences: 2 });
    await untilTold('PinganReconcileDifference', 'county', [county.code]);
  });

  test('finds an engine that is away, and keeps silent about what it cannot know then', async () => {
    await stopEngine('clickhouse');
    await untilTold('PinganEngineDown', 'engine', ['clickhouse']);
    for (const name of ['PinganStreamSilent', 'PinganReconcileDifference', 'PinganMonthNotScored', 'PinganDiskFilling'])
      await until(`${name} is silent`, async () => (await ask(name)).length === 0);
    const clocks = await until('one clock is known', async () => {
      const found = await promql(url, 'pingan_clock_skew_seconds');
      return found.length === 1 ? found : undefined;
    });
    expect(labelsOf(clocks, 'engine')).toEqual(['redis']);
    expect(Math.abs(clocks[0]!.value)).toBeLessThan(1);
    await startEngine('clickhouse');
    await untilTold('PinganEngineDown', 'engine', []);
    await untilTold('PinganReconcileDifference', 'county', [county.code]);
  });

  test('finds a service that has ended', async () => {
    await pipeline.services.scorer.stop();
    await until('it is gone', async () => (await ask('PinganServiceDown')).length === 1);
  });
});
