import type { ClickHouseAccess, KafkaAccess, Logger } from '@pingan/runtime';
import type { Store } from '@pingan/store';

/** The engines of an installation, how to log in to them, and its folders. */
export interface Installation {
  home: string;
  /** Where ledgers are put; by itself `inbox` in the home. */
  inbox: string;
  endpoints: { kafkaBrokers: string[]; redisUrl: string; clickhouseUrl: string };
  kafka: KafkaAccess;
  clickhouse: ClickHouseAccess & { database: string };
  store: Store;
  /** What helps where engines or services do not run here, in Chinese. */
  howToStart: () => string;
  log: Logger;
}
