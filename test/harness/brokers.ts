import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaLibrary } from '@pingan/local-engines';
import { Kafka, logLevel } from 'kafkajs';
import { until } from './poll.js';
import { lastingPorts } from './ports.js';

const NODES = [1, 2, 3] as const;

const run = promisify(execFile);

/** Three brokers in KRaft mode on loopback, from the jars of the local engine. `stop` removes everything. */
export async function openBrokers() {
  const home = mkdtempSync(join(tmpdir(), 'pingan-brokers-'));
  const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
  const ports = await lastingPorts(6);
  const portOf = (node: number) => ports[node - 1]!;
  const controllers = NODES.map((node) => `${node}@127.0.0.1:${ports[node + 2]}`).join(',');
  const java = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const classpath = ['-cp', join(kafkaLibrary(), '*')];
  const folderOf = (node: number) => join(home, String(node));

  const settingsOf = (node: number) => ({
    'process.roles': 'broker,controller',
    'node.id': node,
    'controller.quorum.voters': controllers,
    listeners: `PLAINTEXT://127.0.0.1:${portOf(node)},CONTROLLER://127.0.0.1:${ports[node + 2]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${portOf(node)}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 3,
    'offsets.topic.num.partitions': 3,
    'default.replication.factor': 3,
    'min.insync.replicas': 2,
    // Leaders move within seconds of a death.
    'broker.session.timeout.ms': 6_000,
    'broker.heartbeat.interval.ms': 1_000,
    'controller.quorum.election.timeout.ms': 1_000,
    'controller.quorum.fetch.timeout.ms': 3_000,
    'replica.lag.time.max.ms': 5_000,
    // A broker that comes back leads again, so that each of the three has something to lose.
    'leader.imbalance.check.interval.seconds': 2,
    'leader.imbalance.per.broker.percentage': 0,
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  });

  const children = new Map<number, ChildProcess>();
  const launch = (node: number): void => {
    const log = openSync(join(folderOf(node), 'log'), 'a');
    const child = spawn('java', [...java, ...classpath, 'kafka.Kafka', 'server.properties'], {
      cwd: folderOf(node),
      stdio: ['ignore', log, log],
    });
    children.set(node, child);
  };
  const kill = async (node: number): Promise<void> => {
    const child = children.get(node)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...children.keys()].map(kill));
    rmSync(home, { recursive: true, force: true });
  };
  // A run that is broken off must leave no broker behind.
  process.once('exit', () => {
    for (const child of children.values()) child.kill('SIGKILL');
  });

  const brokers = NODES.map((node) => `127.0.0.1:${portOf(node)}`);
  const kafka = new Kafka({
    clientId: 'pingan-test',
    brokers,
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 200, retries: 8 },
  });
  const admin = kafka.admin();

  /** All replicas of a topic are in sync, and every broker leads a partition. */
  const whole = (topic: string) =>
    until(
      'all replicas are in sync and every broker leads',
      async () => {
        const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
        const { partitions } = topics[0]!;
        const leaders = new Set(partitions.map(({ leader }) => leader));
        return partitions.every(({ isr }) => isr.length === NODES.length) && leaders.size === NODES.length;
      },
      { everyMs: 250 },
    );

  try {
    await Promise.all(
      NODES.map(async (node) => {
        mkdirSync(folderOf(node), { recursive: true });
        const text = Object.entries(settingsOf(node)).map(([key, value]) => `${key}=${value}\n`);
        writeFileSync(join(folderOf(node), 'server.properties'), text.join(''));
        const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', 'server.properties'];
        await run('java', [...java, ...classpath, ...format], { cwd: folderOf(node) });
        launch(node);
      }),
    );
    await until(
      'three brokers are there',
      async () => {
        await admin.connect();
        return (await admin.describeCluster()).brokers.length === NODES.length;
      },
      { everyMs: 500 },
    );
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    brokers,
    kafka,
    nodes: NODES,
    createTopic: async (topic: string, partitions: number): Promise<void> => {
      await admin.createTopics({
        waitForLeaders: true,
        topics: [{ topic, numPartitions: partitions, replicationFactor: NODES.length }],
      });
      await whole(topic);
    },
    kill,
    /** Starts a broker that was killed and waits until it has caught up with the topic and leads again. */
    restart: async (node: number, topic: string): Promise<void> => {
      launch(node);
      await whole(topic);
    },
    ends: (topic: string) => admin.fetchTopicOffsets(topic),
    close: async (): Promise<void> => {
      await admin.disconnect();
      await stop();
    },
  };
}
