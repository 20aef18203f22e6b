import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { runCommand } from '../run.js';
import { newFolder } from '../test-run.js';

afterEach(() => vi.unstubAllEnvs());

/** Longer than an engine takes that is at leisure. */
const LATE_MS = 2_500;

it('waits for an engine under load, and says what it could not check for want of another', async () => {
  // It answers the first question late, and has nothing to say to the others.
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    if (asked === 1) setTimeout(() => response.end('{"version":"25.8"}\n'), LATE_MS);
    else response.writeHead(500).end('Code: 243. DB::Exception: no space');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('PINGAN_HOME', newFolder());
  vi.stubEnv('CLICKHOUSE_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  // Nobody listens there.
  vi.stubEnv('KAFKA_BROKERS', '127.0.0.1:1');
  vi.stubEnv('REDIS_URL', 'redis://127.0.0.1:1');
  try {
    const lines: string[] = [];
    await runCommand(['status'], { out: (text) => lines.push(text), note: () => undefined });
    const out = lines.join('\n');
    expect(out).toMatch(/clickhouse +正常/);
    expect(out).toMatch(/kafka +不可用/);
    expect(out).toMatch(/提示：Kafka、Redis 不可用，以下各项没有检查，情况不明：日志与库是否相符、.*积压/);
    expect(out).toMatch(/严重：无法检查.*死信.*no space/);
    for (const section of ['积压（每个分区未入库的消息）', '任务队列', '数据新鲜度', '计分'])
      expect(out).toContain(`\n${section}\n未知：没有读到`);
    const cells: string[] = [];
    await runCommand(['status', '--format', 'csv'], { out: (text) => cells.push(text), note: () => undefined });
    const file = cells.join('\n');
    expect(file).toMatch(/^\ufeff结论\n有 \d+ 个问题：\n1\. 引擎 kafka 不可用/);
    expect(file).toMatch(/\n\n引擎\n名称,状态,说明\nkafka,不可用,/);
    expect(file).toMatch(/\n\n任务队列\n未知：没有读到/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
