import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Counts {
  passed: number;
  failed: number;
}

function run(script: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** One check that either holds or not: counted like a test. */
async function check(title: string, script: string, args: string[]): Promise<Counts> {
  process.stdout.write(`\n── ${title}\n`);
  return (await run(script, args)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function vitest(title: string, config: string, report: string, extra: string[]): Promise<Counts> {
  process.stdout.write(`\n── ${title}\n`);
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const status = await run('node_modules/vitest/vitest.mjs', [...args, ...extra]);
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number };
    // A file that cannot even be loaded has no failed test of its own.
    const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
    return { passed: result.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const reports = mkdtempSync(join(tmpdir(), 'pingan-tests-'));
const filter = process.argv.slice(2);
const totals: Counts = { passed: 0, failed: 0 };
const add = ({ passed, failed }: Counts) => {
  totals.passed += passed;
  totals.failed += failed;
};
try {
  if (filter.length === 0) add(await check('格式与规则', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']));
  const passWithNone = filter.length > 0 ? [...filter, '--passWithNoTests'] : [];
  const suites = [
    ['单元测试', 'test/vitest.unit.config.ts'],
    ['引擎测试', 'test/vitest.engines.config.ts'],
    ['全路径测试', 'test/vitest.config.ts'],
  ] as const;
  for (const [i, [title, config]] of suites.entries()) {
    add(await vitest(title, config, join(reports, `${i}.json`), passWithNone));
  }
  const short = ['--events', '50000', '--kills', '20', '--seed', '7'];
  if (filter.length === 0) add(await check('混沌测试', 'test/dist/chaos/main.js', short));
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;
