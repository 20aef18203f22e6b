import { afterEach, expect, it, vi } from 'vitest';
import { runCommand } from './commands.js';

afterEach(() => void vi.unstubAllEnvs());

it('runs commands under a locale that knows Chinese, whatever cron or a bare container says', async () => {
  vi.stubEnv('LC_ALL', 'C');
  vi.stubEnv('LANG', 'C');
  expect(await runCommand('sh', ['-c', 'echo "$LC_ALL"'])).toEqual({ ok: true, output: 'C.UTF-8\n' });
});
