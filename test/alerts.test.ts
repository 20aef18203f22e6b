import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorAlerts } from '@pingan/dashboards';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { laneEngines } from './harness/lane.js';
import { deployed, promtool } from './harness/monitoring.js';

/** Rules of Prometheus, judged by promtool over series of one point a minute, in its own notation. */
interface Case {
  series: Record<string, string>;
  /** Minutes after the first point. */
  at: number;
  /** Labels of what must fire, besides the severity; none: silence. */
  fires?: Record<string, string>[];
  why: string;
}

const GB = 1e9;
const silence = 'pingan_stream_silence_seconds{county="610222",stream="police",service="scorer"}';
const usual = 'pingan_stream_usual_silence_seconds{county="610222",stream="police",service="scorer"}';
const lagOf = (partition: number) =>
  `pingan_kafka_lag_messages{topic="pingan.police",partition="${partition}",service="ingestor"}`;
const age = (instance: string) =>
  `pingan_oldest_unprocessed_event_age_seconds{service="ingestor",instance="${instance}"}`;
const unreadable = (labels: string) => `pingan_unreadable_batches{topic="pingan.police"${labels},service="ingestor"}`;
const unknown = Array.from({ length: 20 }, () => 'NaN').join(' ');
const dead = 'pingan_dead_letters_total{reason="unknown_region",service="aggregator"}';
const unscored = 'pingan_month_unscored_working_days{county="610222",service="scorer"}';
const found = 'pingan_reconcile_differences{county="",service="scorer"}';
const skew = 'pingan_clock_skew_seconds{engine="redis",service="aggregator"}';
const [free, size] = ['free', 'size'].map(
  (what) => `pingan_clickhouse_disk_${what}_bytes{disk="default",service="scorer"}`,
);
const machine = 'device="/dev/vda1",fstype="ext4",instance="a",mountpoint="/"';
const tmpfs = 'device="tmpfs",fstype="tmpfs",instance="a",mountpoint="/run"';

const disk = (freeNow: string, sizeNow: string, labels: Record<string, string>): Case[] => {
  const of = (values: string) => ({ [freeNow]: values, [sizeNow]: `${100 * GB}x600` });
  return [
    { why: 'a tenth left', series: of(`${10 * GB}x600`), at: 60, fires: [labels] },
    { why: 'nearly half left and 100 MB a minute', series: of(`${65 * GB}-${0.1 * GB}x600`), at: 200, fires: [labels] },
    { why: 'much is written and much is left', series: of(`${95 * GB}-${0.1 * GB}x600`), at: 220 },
    { why: 'half full for long', series: of(`${40 * GB}x600`), at: 220 },
    { why: 'a dip soon after the start tells no pace', series: of(`${45 * GB}-${0.1 * GB}x60`), at: 40 },
    { why: 'not known', series: { [sizeNow]: `${100 * GB}x600` }, at: 60 },
  ];
};

const cases: Record<string, Case[]> = {
  PinganServiceDown: [
    {
      why: 'scrapes fail for two minutes',
      series: {
        'up{job="pingan",instance="scorer:9464"}': '1 1 0x20',
        'up{job="pingan",instance="ingestor:9464"}': '1x20',
      },
      at: 5,
      fires: [{ job: 'pingan', instance: 'scorer:9464' }],
    },
    { why: 'a restart', series: { 'up{job="pingan",instance="scorer:9464"}': '1 1 0 0 1x20' }, at: 4 },
    { why: 'another job', series: { 'up{job="node",instance="a"}': '0x20' }, at: 10 },
    { why: 'not known', series: {}, at: 10 },
  ],
  PinganEngineDown: [
    {
      why: 'one of two services does not reach it',
      series: {
        'pingan_engine_up{engine="kafka",instance="a"}': '1x20',
        'pingan_engine_up{engine="kafka",instance="b"}': '1 0x20',
        'pingan_engine_up{engine="redis",instance="a"}': '1x20',
      },
      at: 5,
      fires: [{ engine: 'kafka' }],
    },
    { why: 'one scrape', series: { 'pingan_engine_up{engine="kafka",instance="a"}': '1 0 1x20' }, at: 2 },
    { why: 'not known', series: { 'pingan_engine_up{engine="kafka",instance="a"}': '1 _x20' }, at: 15 },
  ],
  PinganStreamSilent: [
    {
      why: 'silent for longer than one and a half times its usual and an hour',
      series: { [silence]: '5000+60x120', [usual]: '3600x120' },
      at: 80,
      fires: [{ county: '610222', stream: 'police' }],
    },
    {
      why: 'a monthly ledger in its fourth week',
      series: { [silence]: `${27 * 86_400}x60`, [usual]: `${31 * 86_400}x60` },
      at: 30,
    },
    { why: 'no rhythm known yet', series: { [silence]: `${90 * 86_400}x60` }, at: 30 },
    { why: 'not known', series: { [usual]: '3600x60' }, at: 30 },
  ],
  PinganLogUnfit: [
    {
      why: 'a topic was made again',
      series: { 'pingan_log_problems{kind="replaced"}': '0x5 4x20', 'pingan_log_problems{kind="shorter"}': '0x25' },
      at: 10,
      fires: [{ kind: 'replaced' }],
    },
    { why: 'all fits', series: { 'pingan_log_problems{kind="replaced"}': '0x25' }, at: 10 },
    { why: 'not known', series: {}, at: 10 },
  ],
  PinganPartitionsAdded: [
    {
      why: 'a topic has more',
      series: { 'pingan_partitions_added_total{service="ingestor"}': '0x5 1x60' },
      at: 20,
      fires: [{}],
    },
    { why: 'two hours ago', series: { 'pingan_partitions_added_total{service="ingestor"}': '0x5 1x180' }, at: 150 },
    { why: 'none', series: { 'pingan_partitions_added_total{service="ingestor"}': '0x60' }, at: 20 },
    { why: 'not known', series: {}, at: 20 },
  ],
  PinganLagGrowing: [
    {
      why: 'two partitions grow for half an hour',
      series: { [lagOf(0)]: '50+10x60', [lagOf(1)]: '60+5x60' },
      at: 40,
      fires: [{ topic: 'pingan.police' }],
    },
    { why: 'much, and falling', series: { [lagOf(0)]: '100000-1000x60' }, at: 40 },
    {
      why: 'it is emptied now and then',
      series: { [lagOf(0)]: '0+200x4 0+200x4 0+200x4 0+200x4 0+200x4 0+200x4 0+200x4' },
      at: 33,
    },
    { why: 'not known any more', series: { [lagOf(0)]: '50+10x20 _x30' }, at: 40 },
  ],
  PinganUnreadableBatch: [
    {
      why: 'one partition waits',
      series: { [unreadable('')]: '0x3 _x20', [unreadable(',partition="3",compression="zstd"')]: '_ _ _ 1x20' },
      at: 8,
      fires: [{ topic: 'pingan.police', partition: '3', compression: 'zstd' }],
    },
    { why: 'none', series: { [unreadable('')]: '0x20' }, at: 8 },
    { why: 'not known', series: {}, at: 8 },
  ],
  PinganWindowOld: [
    {
      why: 'a window is tried again and again',
      series: { [age('a')]: '0 30 60+60x20', [age('b')]: unknown },
      at: 8,
      fires: [{}],
    },
    { why: 'half a minute', series: { [age('a')]: '30x20' }, at: 8 },
    { why: 'not known', series: { [age('a')]: unknown }, at: 8 },
  ],
  PinganDeadLetters: [
    { why: 'one more', series: { [dead]: '0x5 1x60' }, at: 20, fires: [{ reason: 'unknown_region' }] },
    { why: 'one two hours ago', series: { [dead]: '0x5 1x180' }, at: 150 },
    { why: 'a restart of the service', series: { [dead]: '7x5 0x60' }, at: 20 },
    { why: 'not known', series: {}, at: 20 },
  ],
  PinganMonthNotScored: [
    { why: 'the third working day', series: { [unscored]: '2x10 3x20' }, at: 20, fires: [{ county: '610222' }] },
    { why: 'the second', series: { [unscored]: '2x40' }, at: 20 },
    { why: 'scored', series: { [unscored]: '3x5 0x40' }, at: 20 },
    { why: 'nothing computed yet', series: {}, at: 20 },
  ],
  PinganDiskFilling: disk(free!, size!, { disk: 'default', service: 'scorer' }),
  PinganMachineDiskFilling: [
    ...disk(`node_filesystem_avail_bytes{${machine}}`, `node_filesystem_size_bytes{${machine}}`, {
      device: '/dev/vda1',
      fstype: 'ext4',
      instance: 'a',
      mountpoint: '/',
    }),
    {
      why: 'memory, not a disk',
      series: { [`node_filesystem_avail_bytes{${tmpfs}}`]: '1x60', [`node_filesystem_size_bytes{${tmpfs}}`]: '100x60' },
      at: 30,
    },
  ],
  PinganReconcileDifference: [
    { why: 'two left', series: { [found]: '0 2x20' }, at: 5, fires: [{}] },
    { why: 'mended', series: { [found]: '2x4 0x20' }, at: 10 },
    { why: 'never compared', series: {}, at: 10 },
  ],
  PinganReconcileLate: [
    {
      why: 'four days ago',
      series: { 'pingan_reconcile_age_seconds{a="b"}': `${4 * 86_400}x30` },
      at: 20,
      fires: [{}],
    },
    {
      why: 'one of two scorers has seen it',
      series: {
        'pingan_reconcile_age_seconds{a="b"}': `${4 * 86_400}x30`,
        'pingan_reconcile_age_seconds{a="c"}': '60x30',
      },
      at: 20,
    },
    { why: 'last night', series: { 'pingan_reconcile_age_seconds{a="b"}': '50000x30' }, at: 20 },
    { why: 'not known', series: { 'pingan_reconcile_age_seconds{a="b"}': unknown }, at: 20 },
  ],
  PinganDetachedParts: [
    { why: 'two parts', series: { pingan_clickhouse_detached_parts: '0x5 2x20' }, at: 15, fires: [{}] },
    { why: 'gone again', series: { pingan_clickhouse_detached_parts: '2x5 0x20' }, at: 15 },
    { why: 'not known', series: { pingan_clickhouse_detached_parts: unknown }, at: 15 },
  ],
  PinganVersionConflicts: [
    { why: 'more than a day ago', series: { pingan_version_conflicts: '3x1500 4x30' }, at: 1_525, fires: [{}] },
    { why: 'as many as ever', series: { pingan_version_conflicts: '3x1600' }, at: 1_525 },
    { why: 'not known a day ago', series: { pingan_version_conflicts: '_x1500 4x30' }, at: 1_525 },
  ],
  PinganClockSkew: [
    { why: 'an hour behind', series: { [skew]: '-3600x30' }, at: 10, fires: [{ engine: 'redis' }] },
    { why: 'a slow answer', series: { [skew]: '0.2x3 9 0.2x30' }, at: 10 },
    { why: 'not known', series: { [skew]: '9x2 _x30' }, at: 20 },
  ],
};

test('each alert has a case in which it fires, one in which it does not, and one in which nothing is known', () => {
  expect(Object.keys(cases).sort()).toEqual(operatorAlerts.map(({ name }) => name).sort());
  for (const [name, own] of Object.entries(cases)) {
    expect(
      own.some(({ fires }) => fires !== undefined),
      name,
    ).toBe(true);
    expect(
      own.some(({ fires, why }) => fires === undefined && /not known|never|yet/.test(why)),
      name,
    ).toBe(true);
  }
});

test('rules and configuration are such as Prometheus takes', async () => {
  await promtool('check', 'rules', deployed('prometheus/rules/pingan.yaml'));
  await promtool('check', 'config', deployed('prometheus/prometheus.yaml'));
});

test.each(operatorAlerts)('$name fires when it should, and is silent otherwise', async ({ name, severity }) => {
  const tests = cases[name]!.map(({ why, series, at, fires = [] }) => ({
    name: why,
    interval: '1m',
    input_series: Object.entries(series).map(([key, values]) => ({ series: key, values })),
    promql_expr_test: [
      {
        expr: `count by (alertname) (ALERTS{alertname="${name}",alertstate="firing"}) or vector(0)`,
        eval_time: `${at}m`,
        exp_samples: [
          ...(fires.length > 0 ? [{ labels: `{alertname="${name}"}`, value: fires.length }] : []),
          { labels: '{}', value: 0 },
        ],
      },
      ...fires.map((labels) => {
        const all = { alertname: name, alertstate: 'firing', severity, ...labels };
        const text = Object.entries(all).map(([label, value]) => `${label}="${value}"`);
        return {
          expr: `ALERTS{alertname="${name}"}`,
          eval_time: `${at}m`,
          exp_samples: [{ labels: `ALERTS{${text.join(',')}}`, value: 1 }],
        };
      }),
    ],
  }));
  const folder = mkdtempSync(join(laneEngines().home, 'rules-'));
  const file = join(folder, 'tests.yaml');
  writeFileSync(
    file,
    stringify({
      rule_files: [deployed('prometheus/rules/pingan.yaml')],
      // Disks fill over hours, conflicts are compared with the day before.
      evaluation_interval: /Disk|Conflicts/.test(name) ? '5m' : '1m',
      tests,
    }),
  );
  await promtool('test', 'rules', file);
});
