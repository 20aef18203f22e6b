import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateDemo } from '@pingan/demo-county';
import type { County } from '@pingan/regions';
import { createLogger } from '@pingan/runtime';
import { describe, expect, it } from 'vitest';
import { runDemoStream } from './index.js';
import { memoryLog, withFolder, yijun } from './test-support.js';

const county: County = { ...yijun, startMonth: '2026-08', demo: { seed: 7 } };
const at = (text: string) => Date.parse(`${text}+08:00`);

/** What the stream must have sent by then, worked out from the whole of a longer range. */
const due = (now: number) =>
  generateDemo({ county, from: '2026-08', to: '2026-12', seed: 7 })
    .filter((emission) => emission.stream === 'mediation' && emission.at <= now)
    .map(({ key, value }) => ({ topic: 'pingan.mediation', key, value }));

async function run(options: {
  stateFile: string;
  log: ReturnType<typeof memoryLog>;
  clock: () => number;
  until: number;
}) {
  const { stateFile, log, clock, until } = options;
  const abort = new AbortController();
  const running = runDemoStream({
    county,
    stream: 'mediation',
    producer: log,
    stateFile,
    log: createLogger('test', 'silent'),
    signal: abort.signal,
    now: clock,
  });
  const deadline = Date.now() + 20_000;
  while (log.messages.length < until && Date.now() < deadline) await sleep(20);
  await sleep(50);
  abort.abort();
  await running;
}

describe('runDemoStream', () => {
  it('sends what is due, goes on after a restart, and misses nothing when a month begins', async () => {
    await withFolder(async (folder) => {
      const log = memoryLog();
      const stateFile = join(folder, 'demo.json');
      let now = at('2026-09-30T23:59:58');
      const first = due(now);
      await run({ stateFile, log, clock: () => now, until: first.length });
      expect(log.messages).toEqual(first);

      // The clock passes the month's end while the stream runs on the range of September.
      const later = at('2026-10-20T12:00:00');
      let looks = 0;
      const clock = () => (++looks > 3 ? later : now);
      const all = due(later);
      await run({ stateFile, log, clock, until: all.length });
      expect(log.messages).toEqual(all);

      now = later;
      await run({ stateFile, log, clock: () => now, until: 0 });
      expect(log.messages).toHaveLength(all.length);
    });
  }, 60_000);

  it('begins anew with another seed and with a damaged memory', async () => {
    await withFolder(async (folder) => {
      const stateFile = join(folder, 'demo.json');
      const now = at('2026-08-10T00:00:00');
      const expected = due(now).length;
      for (const content of ['{"seed":8,"from":"2026-08","at":9e15,"same":1}', '{"seed":7,']) {
        const log = memoryLog();
        await writeFile(stateFile, content);
        await run({ stateFile, log, clock: () => now, until: expected });
        expect(log.messages).toHaveLength(expected);
        expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ seed: 7, from: '2026-08' });
      }
    });
  }, 60_000);
});
