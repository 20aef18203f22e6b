import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Steps } from './steps.js';

const clock = fileURLToPath(new URL('../clock.mjs', import.meta.url));

it.each([
  ['Asia/Shanghai', '12-01 00:30:05'],
  ['UTC', '11-30 16:30:05+00:00'],
  ['America/St_Johns', '11-30 13:00:05-03:30'],
])('shows the time of %s, with the zone where it is not China', (TZ, shown) => {
  const code = `import(process.argv[1]).then((m) => process.stdout.write(m.clockText(new Date('2026-11-30T16:30:05Z'))))`;
  const text = execFileSync(process.execPath, ['-e', code, clock], { env: { ...process.env, TZ }, encoding: 'utf8' });
  expect(text).toBe(shown);
});

it('begins each line with the time of day and tells durations apart from it', async () => {
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  steps.say('aggregator 意外退出');
  steps.say('Redis 已就绪', 1_234);
  await steps.timed('已计算', async () => undefined);
  const time = '\\[\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d([+-]\\d\\d:\\d\\d)?\\] ';
  expect(lines[0]).toMatch(new RegExp(`^${time}aggregator 意外退出$`));
  expect(lines[1]).toMatch(new RegExp(`^${time}Redis 已就绪（用时 1\\.2 秒）$`));
  expect(lines[2]).toMatch(new RegExp(`^${time}已计算（用时 \\d+\\.\\d 秒）$`));
});
