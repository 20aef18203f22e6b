import type { KafkaAccess } from '@pingan/runtime';
import type { KafkaConfig, SASLOptions } from 'kafkajs';

/** TLS and login in the words of kafkajs, which has a type per mechanism. */
export function loginOf(access: KafkaAccess | undefined): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return { ssl: access?.ssl ?? false, ...(access?.sasl ? { sasl: access.sasl as SASLOptions } : {}) };
}
