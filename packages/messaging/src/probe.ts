/** Questions to ask while engines start, and to see whether they answer: each is tried once, over a connection of its own. */
import type { KafkaAccess } from '@pingan/runtime';
import { Kafka, logLevel } from 'kafkajs';
import { loginOf } from './kafka-login.js';

export interface KafkaProbe {
  brokers: string[];
  access: KafkaAccess | undefined;
  /** How long a connection or an answer may take. */
  ms: number;
}

const clientOf = ({ brokers, access, ms }: KafkaProbe): Kafka =>
  new Kafka({
    brokers,
    ...loginOf(access),
    clientId: 'pingan-probe',
    logLevel: logLevel.NOTHING,
    connectionTimeout: ms,
    requestTimeout: ms,
    retry: { retries: 0 },
  });

async function ask<T>(probe: KafkaProbe, question: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
  const admin = clientOf(probe).admin({ retry: { retries: 0 } });
  try {
    await admin.connect();
    return await question(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Id and size of the cluster. @throws when it does not answer. */
export function describeCluster(probe: KafkaProbe): Promise<{ clusterId: string; brokers: number }> {
  return ask(probe, async (admin) => {
    const { clusterId, brokers } = await admin.describeCluster();
    return { clusterId, brokers: brokers.length };
  });
}

/** @throws unless groups have a coordinator and producers get an id: a broker answers some moments before both. */
export async function requireCoordinators(probe: KafkaProbe): Promise<void> {
  await ask(probe, async (admin) => {
    // Without metadata kafkajs knows no broker that could be asked for the coordinator.
    await admin.describeCluster();
    await admin.describeGroups(['pingan-ready']);
  });
  // Connecting an idempotent producer fetches a producer id; it insists on being allowed to retry.
  const producer = clientOf(probe).producer({ idempotent: true, retry: { retries: 1 } });
  try {
    await producer.connect();
  } finally {
    await producer.disconnect();
  }
}
