import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { kafkaLibrary } from '@pingan/local-engines';
import { loginOf } from './clickhouse-http.js';
import { freePorts } from './ports.js';

/** Whoever prints one of these prints a secret. */
export const secrets = { kafka: 'kafka-Pa55@word', redis: 'redis-Pa55word', clickhouse: 'click-Pa55:word' };

/** A certificate for this machine that is its own authority: whoever does not know it must refuse it. */
function createCertificate(folder: string): { key: string; certificate: string } {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  return { key, certificate };
}

/** A broker whose only door for clients is TLS with a login, by PLAIN and by SCRAM. */
function startKafka(folder: string, port: number, controllerPort: number): ChildProcess {
  const { key, certificate } = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  const store = join(folder, 'broker.pem');
  writeFileSync(store, readFileSync(key, 'utf8') + readFileSync(certificate, 'utf8'));
  const module = 'org.apache.kafka.common.security';
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `SECURE://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `SECURE://localhost:${port}`,
    'listener.security.protocol.map': 'SECURE:SASL_SSL,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'SECURE',
    'sasl.mechanism.inter.broker.protocol': 'PLAIN',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.secure.plain.sasl.jaas.config': `${module}.plain.PlainLoginModule required username="pingan" password="${secrets.kafka}" user_pingan="${secrets.kafka}";`,
    'listener.name.secure.scram-sha-256.sasl.jaas.config': `${module}.scram.ScramLoginModule required;`,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': store,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': certificate,
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 2,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
  };
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, 'server.properties'), text.join(''));
  const java = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', join(kafkaLibrary(), '*')];
  const options = { cwd: folder, stdio: 'ignore' as const };
  const scram = `SCRAM-SHA-256=[name=pingan,password=${secrets.kafka}]`;
  const id = 'c2VjdXJlLXRlc3QtMDAwMQ';
  const format = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', 'server.properties', '--add-scram', scram];
  execFileSync('java', [...java, ...format], options);
  return spawn('java', [...java, 'kafka.Kafka', 'server.properties'], options);
}

function startRedis(folder: string, port: number): ChildProcess {
  const file = (name: string) => join(folder, name);
  return spawn(
    'redis-server',
    [
      ...['--bind', '127.0.0.1', '--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', file('certificate.pem'), '--tls-key-file', file('key.pem')],
      ...['--tls-ca-cert-file', file('certificate.pem'), '--requirepass', secrets.redis],
      ...['--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'],
    ],
    { stdio: 'ignore' },
  );
}

/** TLS and another login in front of the ClickHouse of the run. */
async function startProxy(folder: string, target: string): Promise<Server> {
  const wanted = `Basic ${Buffer.from(`pingan:${secrets.clickhouse}`).toString('base64')}`;
  const tls = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'certificate.pem')) };
  const { origin, headers: login } = loginOf(target);
  const server = createServer(tls, (incoming, answer) => {
    const { authorization, ...headers } = incoming.headers;
    if (authorization !== wanted && incoming.url !== '/ping') {
      incoming.resume();
      answer.writeHead(403).end('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)');
      return;
    }
    const { host: _, ...passed } = headers;
    const onward = request(
      new URL(incoming.url ?? '/', origin),
      { method: incoming.method, headers: { ...passed, ...login } },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Kafka, Redis and ClickHouse behind TLS and logins; `env` is how the product reaches them. */
export async function startSecureEngines(folder: string, clickhouseUrl: string) {
  mkdirSync(folder, { recursive: true });
  const { certificate } = createCertificate(folder);
  const [kafka, controller, redis] = await freePorts(3);
  const children = [startKafka(folder, kafka!, controller!), startRedis(folder, redis!)];
  const proxy = await startProxy(folder, clickhouseUrl);
  const env = {
    KAFKA_BROKERS: `localhost:${kafka}`,
    KAFKA_TLS: 'true',
    KAFKA_SASL_MECHANISM: 'scram-sha-256',
    KAFKA_USERNAME: 'pingan',
    KAFKA_PASSWORD: secrets.kafka,
    REDIS_URL: `rediss://default:${secrets.redis}@localhost:${redis}`,
    CLICKHOUSE_URL: `https://localhost:${(proxy.address() as AddressInfo).port}`,
    CLICKHOUSE_USERNAME: 'pingan',
    CLICKHOUSE_PASSWORD: secrets.clickhouse,
    NODE_EXTRA_CA_CERTS: certificate,
  };
  const stop = async (): Promise<void> => {
    proxy.closeAllConnections();
    proxy.close();
    for (const child of children) {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await gone;
    }
  };
  return { env, stop };
}
