import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Counts {
  passed: number;
  failed: number;
}

type Print = (text: Buffer | string) => void;

function run(script: string, args: string[], print: Print): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', print);
    child.stderr.on('data', print);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Tests that run one after the other; `print` gets what they say. */
type Step = (print: Print) => Promise<Counts>;

const titled = (title: string, print: Print) => print(`\n── ${title}\n`);

/** One check that either holds or not: counted like a test. */
const check =
  (title: string, script: string, args: string[]): Step =>
  async (print) => {
    titled(title, print);
    return (await run(script, args, print)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  };

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { name: string; startTime: number; endTime: number }[];
}

const files: { name: string; seconds: number }[] = [];
const SLOWEST = 10;

const reports = mkdtempSync(join(tmpdir(), 'pingan-tests-'));
const full = process.argv.includes('--full');
const filter = process.argv.slice(2).filter((arg) => arg !== '--full');

const vitest =
  (title: string, config: string): Step =>
  async (print) => {
    titled(title, print);
    const report = join(reports, `${config}.json`);
    const args = ['run', '--config', `test/${config}`, '--reporter=default', '--reporter=json'];
    const some = filter.length > 0 ? [...filter, '--passWithNoTests'] : [];
    const status = await run(
      'node_modules/vitest/vitest.mjs',
      [...args, `--outputFile.json=${report}`, ...some],
      print,
    );
    try {
      const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
      for (const { name, startTime, endTime } of result.testResults)
        files.push({ name: relative(root, name), seconds: (endTime - startTime) / 1000 });
      // A file that cannot even be loaded has no failed test of its own.
      const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
      return { passed: result.numPassedTests, failed };
    } catch {
      return { passed: 0, failed: 1 };
    }
  };

const totals: Counts = { passed: 0, failed: 0 };

async function inOrder(steps: readonly Step[], print: Print): Promise<void> {
  for (const step of steps) {
    const { passed, failed } = await step(print);
    totals.passed += passed;
    totals.failed += failed;
  }
}

const all = filter.length === 0;
const format = check('格式与规则', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']);
const short = ['--events', '50000', '--kills', '20', '--seed', '7'];
const chaos = check('混沌测试', 'test/dist/chaos/main.js', short);

const tell: Print = (text) => process.stdout.write(text);

/** Says what it has to say when all have ended. */
async function quietly(steps: readonly Step[]): Promise<() => void> {
  const said: Array<Buffer | string> = [];
  await inOrder(steps, (text) => said.push(text));
  return () => {
    for (const text of said) tell(text);
  };
}

try {
  // Three at a time on two cores: fault tests wait for most of theirs (for a session to end, for an engine to come back).
  const [, ...others] = await Promise.all([
    inOrder([...(all ? [format] : []), vitest('全路径测试', 'vitest.path.config.ts')], tell),
    quietly([
      vitest('单元测试', 'vitest.unit.config.ts'),
      vitest('引擎测试', 'vitest.engines.config.ts'),
      vitest('日志与库', 'vitest.upkeep.config.ts'),
      ...(all ? [chaos] : []),
    ]),
    quietly([vitest('故障测试', 'vitest.faults.config.ts')]),
  ]);
  for (const say of others) say();
  if (full) {
    await inOrder(
      [
        vitest('长测试', 'vitest.full.config.ts'),
        check('混沌测试，日志中途重建', 'test/dist/chaos/main.js', [...short, '--new-log']),
        check('破坏性验证', 'test/dist/faults/break-it.js', []),
      ],
      tell,
    );
  }
  const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  tell(
    `\n最慢的文件\n${slowest.map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} 秒 ${name}\n`).join('')}`,
  );
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;
