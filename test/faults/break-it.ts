/**
 * Breaks the product on purpose, one mechanism at a time, in a copy of the compiled workspace, and expects that the tests
 * named here fail there, and pass in the copy as it is. A test that cannot fail proves nothing.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { upkeep } from '../vitest.shared.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Mutation {
  title: string;
  file: string;
  /** Each is found exactly once, or the mutation is out of date. */
  replace: [from: RegExp, to: string][];
  /** A file of test/faults, or else of test. */
  suite: string;
  /** Name of the test that must fail. */
  test: string;
}

const mutations: Mutation[] = [
  {
    title: 'the offset is committed before the insert',
    file: 'packages/messaging/dist/window-consumer.js',
    replace: [
      [/this\.options\s*\.store\(window\)\s*\.then\(/, 'Promise.resolve().then('],
      [/window\.release\(\);/, ''],
      [/(await this\.commit\([^;]*;)/, '$1 await this.options.store(window); window.release();'],
    ],
    suite: 'no-event-lost',
    test: 'kill -9: aggregator before the insert',
  },
  {
    title: 'the insert has no insert_deduplication_token',
    file: 'packages/store/dist/client.js',
    replace: [[/insert_deduplication_token: [\w.]+/, '']],
    suite: 'none-counts-twice',
    test: 'the aggregator is killed after the insert',
  },
  {
    title: 'cases are read without LIMIT 1 BY',
    file: 'packages/store/dist/current-cases.js',
    replace: [[/LIMIT 1 BY county, source, case_id/, '']],
    suite: 'none-counts-twice',
    test: 'every message is delivered a second time',
  },
  {
    title: 'components are read without FINAL',
    file: 'packages/store/dist/components.js',
    replace: [[/(numerator, denominator FROM components) FINAL/, '$1']],
    suite: 'index-equals-raw-events',
    test: 'an aggregator sleeps between computing and writing',
  },
  {
    title: 'dead letters are counted without FINAL',
    file: 'packages/store/dist/dead-letters.js',
    replace: [[/FROM dead_letters FINAL GROUP/, 'FROM dead_letters GROUP']],
    suite: 'bad-event-stops-nothing',
    test: 'the aggregator is killed after the dead letters are sent',
  },
  {
    title: 'a window whose wait was broken off is dropped',
    file: 'packages/messaging/dist/window-consumer.js',
    replace: [[/const state = this\.stateOf\(topic, partition\);/, '$& state.waiting = undefined;']],
    suite: 'no-event-lost',
    test: 'the connection to Kafka breaks while a full window waits for its turn',
  },
  {
    title: 'dead letters of a window are sent in one request',
    file: 'packages/intake/dist/store-window.js',
    replace: [[/bytes \+ value\.length > REQUEST_BYTES/, 'false']],
    suite: 'bad-event-stops-nothing',
    test: 'a burst of 1,000',
  },
  {
    title: 'a refresh does not notice that it was overtaken',
    file: 'packages/store/dist/refresh-components.js',
    replace: [[/await settle\(/, 'if (false) $&']],
    suite: 'index-equals-raw-events',
    test: 'an aggregator sleeps between computing and writing',
  },
  {
    title: 'delayed jobs wait for a clock that was set back',
    file: 'services/aggregator/dist/main.js',
    replace: [[/queue\.promoteJobs\(\)/, 'Promise.resolve()']],
    suite: 'index-equals-raw-events',
    test: 'the clocks of all services jump',
  },
  {
    title: 'a stop does not wait for windows that are being stored',
    file: 'packages/messaging/dist/store-windows.js',
    replace: [[/const FINISH_MS = [\d_]+/, 'const FINISH_MS = 0']],
    suite: 'stop-is-clean',
    test: 'SIGTERM of the ingestor while an insert takes its time',
  },
  {
    title: 'places in the log do not tell one log from the next',
    file: 'packages/messaging/dist/window-consumer.js',
    replace: [[/positionOf\(epoch, offset\)/, 'Number(offset)']],
    suite: 'log-identity',
    test: 'a log that was lost while the store was kept',
  },
  {
    title: 'a topic that was made again is not noticed',
    file: 'packages/intake/dist/log-check.js',
    replace: [[/known\.topic_id !== id/, 'false']],
    suite: 'log-identity',
    test: 'a log that was lost while the store was kept',
  },
  {
    title: 'a rebuild does not ask what would be gone',
    file: 'services/cli/dist/commands/rebuild.js',
    replace: [[/missing <= lose/, 'true']],
    suite: 'reconcile',
    test: 'rebuild recomputes components and scores',
  },
  {
    title: 'locks live as long as a clock that jumped says',
    file: 'packages/messaging/dist/key-times.js',
    replace: [[/cuts\.pexpire\(key, limitMs\);/, '']],
    suite: 'clocks',
    test: 'is set back two hours while an aggregator dies',
  },
  {
    title: 'the nightly pass takes old blocks for what they were',
    file: 'packages/reconcile/dist/nightly.js',
    replace: [[/before\?\.good !== false && isSame\(before, mark\)/, 'true']],
    suite: 'watching-itself',
    test: 'log and store are compared each night',
  },
  {
    title: 'messages from the future are stored',
    file: 'packages/intake/dist/judge.js',
    replace: [[/const fault = future\(.*\);/, 'const fault = undefined;']],
    suite: 'truthful-import',
    test: 'messages from the future become dead letters',
  },
  {
    title: 'an id is what its characters are, seen or not',
    file: 'packages/contracts/dist/event.js',
    replace: [[/= plainId\(value\)/, '= value']],
    suite: 'texts',
    test: 'characters nobody sees: one case',
  },
];

/** Everything that runs; what is installed is shared with the original. */
function copyWorkspace(): string {
  const copy = mkdtempSync(join(tmpdir(), 'pingan-broken-'));
  for (const name of readdirSync(root)) {
    if (name === 'node_modules') symlinkSync(join(root, name), join(copy, name));
    else if (name !== '.git')
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        verbatimSymlinks: true,
        // Other versions of Node, and what only the preview needs.
        filter: (path) => !/\/test\/(nodes|preview\/web)\/node_modules$/.test(path),
      });
  }
  return copy;
}

function breakFile(copy: string, { file, replace }: Mutation): () => void {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  let broken = whole;
  for (const [from, to] of replace) {
    if ([...broken.matchAll(new RegExp(from, 'g'))].length !== 1) {
      throw new Error(`${file} does not have ${from} exactly once`);
    }
    broken = broken.replace(from, to);
  }
  writeFileSync(path, broken);
  return () => writeFileSync(path, whole);
}

/** Whether the one test passes in the copy. */
function passes(copy: string, { suite, test }: Mutation): boolean {
  const report = join(copy, 'report.json');
  const isFault = existsSync(join(copy, `test/faults/${suite}.test.ts`));
  const file = isFault ? `test/faults/${suite}.test.ts` : `test/${suite}.test.ts`;
  const config = isFault ? 'faults' : upkeep.includes(file) ? 'upkeep' : 'path';
  const args = ['run', '--config', `test/vitest.${config}.config.ts`, file, '-t', test];
  spawnSync(
    process.execPath,
    [join(copy, 'node_modules/vitest/vitest.mjs'), ...args, '--reporter=json', `--outputFile=${report}`],
    {
      cwd: copy,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
  if (numPassedTests! + numFailedTests! !== 1)
    throw new Error(`${numPassedTests! + numFailedTests!} tests are called ${test}`);
  return numPassedTests === 1;
}

const only = process.argv[2] ?? '';
const chosen = mutations.filter(({ title }) => title.includes(only));
const copy = copyWorkspace();
let wrong = 0;
const say = (text: string) => process.stdout.write(`${text}\n`);
try {
  // The tests pass in the original, as `npm test` shows; one of them shows that the copy is sound.
  if (!chosen[0]) throw new Error(`nothing that can be broken is called ${only}`);
  if (!passes(copy, chosen[0])) throw new Error(`${chosen[0].test} fails although nothing is broken`);
  for (const mutation of chosen) {
    const mend = breakFile(copy, mutation);
    const noticed = !passes(copy, mutation);
    mend();
    if (!noticed) wrong++;
    say(`${noticed ? 'noticed' : 'NOT NOTICED'}: ${mutation.title}: ${mutation.suite} › ${mutation.test}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
say(`${chosen.length - wrong} of ${chosen.length} noticed`);
process.exitCode = wrong === 0 ? 0 : 1;
