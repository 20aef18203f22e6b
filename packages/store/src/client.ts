import { Readable } from 'node:stream';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';

export interface StoreOptions {
  /** A login inside the URL is used where the fields below are absent. */
  url: string;
  database: string;
  username?: string;
  password?: string;
  /**
   * After this long without an answer a request fails, its fate unknown; a minute when absent. ClickHouse ends a statement
   * then as well: it would go on for nobody otherwise, and whoever tries again would find it slower each time.
   */
  timeoutMs?: number;
}

/** Decimal and 64-bit values arrive as texts so that no digit is lost; dates as `YYYY-MM-DD`. */
const settings = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  date_time_input_format: 'best_effort',
  date_time_output_format: 'iso',
  async_insert: 0,
  wait_end_of_query: 1,
  // Results up to here are not written to disk before they are sent: small questions are answered with a full disk, too.
  http_response_buffer_size: '1048576',
  // Making machine code of a small statement takes longer than carrying it out, and the code for max() takes a moment before 1970
  // for the latest of all.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
} as const;

export function createClickHouse(options: StoreOptions): ClickHouseClient {
  const timeoutMs = options.timeoutMs ?? 60_000;
  return createClient({
    ...options,
    application: 'pingan',
    // Callers report what went wrong once, in their own words.
    log: { level: ClickHouseLogLevel.OFF },
    request_timeout: timeoutMs,
    max_open_connections: 10,
    // Below the server's keep-alive, so that no request is written to a socket the server has just closed.
    keep_alive: { enabled: true, idle_socket_ttl: 900 },
    clickhouse_settings: { ...settings, max_execution_time: Math.ceil(timeoutMs / 1000) },
  });
}

/** ClickHouse answered, and did not want to: no space, no memory, too many parts, still starting. */
export function refusedByClickHouse(error: unknown): boolean {
  return error instanceof ClickHouseError;
}

const ANSWER_MS = 3_000;

/** Asks over a connection of its own, so that the answer says nothing about those in use. @throws when there is none. */
export async function clickHouseAnswers(options: StoreOptions): Promise<void> {
  // The server answers this before any login.
  const client = createClient({ url: options.url, request_timeout: ANSWER_MS, log: { level: ClickHouseLogLevel.OFF } });
  try {
    const result = await client.ping();
    if (!result.success) throw result.error;
  } finally {
    await client.close();
  }
}

/** UTC in the plain form ClickHouse reads fastest, for any year a DateTime64 can hold. */
export function utcText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}

/** Parameters of a query; the placeholders in the SQL carry their types. */
export type Params = Record<string, unknown>;

/** Connection errors name a host and a port; whoever reads the log must see which engine that is. */
async function named<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw error;
    throw new Error(`ClickHouse 不可用：${message || code}`, { cause: error });
  }
}

/** What statements need of the client. */
export type Statements = Pick<ClickHouseClient, 'query' | 'command' | 'exec'>;

/** The client, calling back after every answer: a computation of many statements shows that it moves. */
export function tellingOf(client: Statements, onAnswer: () => void): Statements {
  const answered = async <T>(request: Promise<T>): Promise<T> => {
    const answer = await request;
    onAnswer();
    return answer;
  };
  return {
    query: (params) => answered(client.query(params)),
    command: (params) => answered(client.command(params)),
    exec: (params) => answered(client.exec(params)),
  };
}

/** Reads all rows of a bounded query. They come by columns: one text to parse instead of one for each row. */
export function rows<T>(client: Statements, query: string, params: Params = {}): Promise<T[]> {
  return named(async () => {
    const result = await client.query({ query, query_params: params, format: 'JSONColumnsWithMetadata' });
    const text = await result.text();
    // With a full disk the server says 200 and sends nothing.
    if (text === '') throw new Error('ClickHouse 没有给出结果，它的磁盘可能已满');
    const { data } = JSON.parse(text) as { data: Record<string, unknown[]> };
    const columns = Object.entries(data);
    return Array.from(columns[0]?.[1] ?? [], (_, i) => {
      const row: Record<string, unknown> = {};
      for (const [name, values] of columns) row[name] = values[i];
      return row as T;
    });
  });
}

/** Carries out a statement that gives no rows. */
export function execute(client: Statements, query: string, params: Params): Promise<unknown> {
  return named(() => client.command({ query, query_params: params }));
}

export interface InsertBlock {
  table: string;
  columns: readonly string[];
  format: 'JSONCompactEachRow' | 'RowBinary';
  /** Rows in that format, their values in the order of the columns. */
  bytes: Buffer;
  /** A retry with the same token adds nothing. */
  token?: string;
}

/** One insert block from bytes that are already in the wire format. */
export async function insertBlock(client: Statements, insert: InsertBlock): Promise<void> {
  const { stream } = await named(() =>
    client.exec({
      query: `INSERT INTO ${insert.table} (${insert.columns.join(', ')}) FORMAT ${insert.format}`,
      values: Readable.from([insert.bytes], { objectMode: false }),
      // A block is written whole or not at all, however long that takes.
      clickhouse_settings: {
        ...settings,
        max_execution_time: 0,
        ...(insert.token && { insert_deduplication_token: insert.token }),
      },
    }),
  );
  for await (const _ of stream) {
    // The response is empty; a stream left unread keeps its socket.
  }
}

/** One insert block from rows given as arrays in column order. */
export async function insertRows(
  client: Statements,
  insert: Pick<InsertBlock, 'table' | 'columns' | 'token'> & { values: readonly unknown[][] },
): Promise<void> {
  const { values, ...block } = insert;
  if (values.length === 0) return;
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  await insertBlock(client, { ...block, format: 'JSONCompactEachRow', bytes: Buffer.from(text) });
}
