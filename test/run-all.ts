import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { otherNodes } from './harness/other-nodes.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Counts {
  passed: number;
  failed: number;
}

type Print = (text: Buffer | string) => void;

interface How {
  /** Another Node than this one. */
  node?: string;
  env?: Record<string, string>;
}

function run(
  script: string,
  args: string[],
  print: Print,
  { node = process.execPath, env }: How = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(node, [join(root, script), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
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
  numPendingTests: number;
  testResults: { name: string; startTime: number; endTime: number }[];
}

const files: { name: string; seconds: number }[] = [];
const SLOWEST = 10;

const reports = mkdtempSync(join(tmpdir(), 'pingan-tests-'));
const full = process.argv.includes('--full');
const filter = process.argv.slice(2).filter((arg) => arg !== '--full');

/** In the long form engines stay away for a minute, unless it is said otherwise. */
const form = full ? { FAULT_SECONDS: process.env.FAULT_SECONDS ?? '60' } : { TEST_FORM: 'short' };

const vitest =
  (
    title: string,
    config: string,
    { only = filter, node = process.execPath }: { only?: readonly string[]; node?: string } = {},
  ): Step =>
  async (print) => {
    titled(title, print);
    const report = join(reports, `${config}.json`);
    const args = ['run', '--config', `test/${config}`, '--reporter=default', '--reporter=json'];
    const some = only.length > 0 ? [...only, '--passWithNoTests'] : [];
    const status = await run(
      'node_modules/vitest/vitest.mjs',
      [...args, `--outputFile.json=${report}`, ...some],
      print,
      { node, env: form },
    );
    try {
      const result = JSON.parse(readFileSync(report, 'utf8')) as Report;
      for (const { name, startTime, endTime } of result.testResults)
        files.push({ name: relative(root, name), seconds: (endTime - startTime) / 1000 });
      left += result.numPendingTests;
      // A file that cannot even be loaded has no failed test of its own.
      const failed = Math.max(result.numFailedTests, status === 0 ? 0 : 1);
      return { passed: result.numPassedTests, failed };
    } catch {
      return { passed: 0, failed: 1 };
    }
  };

const totals: Counts = { passed: 0, failed: 0 };
/** Tests that were not run: those of the long form, and what this machine does not allow. */
let left = 0;

async function inOrder(steps: readonly Step[], print: Print): Promise<void> {
  for (const step of steps) {
    const { passed, failed } = await step(print);
    totals.passed += passed;
    totals.failed += failed;
  }
}

const all = filter.length === 0;
const format = check('格式与规则', 'node_modules/@biomejs/biome/bin/biome', ['check', '.']);
const chaosOf = (title: string, ...args: string[]) => check(title, 'test/dist/chaos/main.js', [...args, '--seed', '7']);
const chaos = chaosOf('混沌测试', '--events', '10000', '--kills', '5');
const long = ['--events', '50000', '--kills', '20'];

const tell: Print = (text) => process.stdout.write(text);

/** Says what it has to say when all have ended. */
async function quietly(steps: readonly Step[]): Promise<() => void> {
  const said: Array<Buffer | string> = [];
  await inOrder(steps, (text) => said.push(text));
  return () => {
    for (const text of said) tell(text);
  };
}

/** The unit tests and one way through the whole path, by another Node than this one. */
async function onOtherNodes(print: Print): Promise<void> {
  for (const { major, path, missing } of otherNodes()) {
    if (path === undefined) {
      titled(`Node ${major}：跳过，${missing}`, print);
      continue;
    }
    await inOrder(
      [
        vitest(`单元测试，Node ${major}`, 'vitest.unit.config.ts', { node: path }),
        vitest(`全路径，Node ${major}`, 'vitest.path.config.ts', { node: path, only: ['test/samples.test.ts'] }),
      ],
      print,
    );
  }
}

try {
  // Four engines' worth at a time on two cores: most tests wait for an engine or a session.
  const [, say] = await Promise.all([
    inOrder([...(all ? [format] : []), vitest('引擎上的测试', 'vitest.suites.config.ts')], tell),
    quietly([
      vitest('单元测试', 'vitest.unit.config.ts'),
      vitest('引擎测试', 'vitest.engines.config.ts'),
      ...(all ? [chaos] : []),
    ]),
  ]);
  say();
  if (full) {
    await inOrder(
      [
        vitest('长测试', 'vitest.full.config.ts'),
        chaosOf('混沌测试', ...long),
        chaosOf('混沌测试，日志中途重建', ...long, '--new-log'),
        check('破坏性验证', 'test/dist/faults/break-it.js', []),
      ],
      tell,
    );
    await onOtherNodes(tell);
  }
  const slowest = files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST);
  tell(
    `\n最慢的文件\n${slowest.map(({ name, seconds }) => `${seconds.toFixed(0).padStart(6)} 秒 ${name}\n`).join('')}`,
  );
  if (left > 0) tell(`\n未运行 ${left} 项${full ? '' : '：npm run test:full 才运行'}\n`);
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;
