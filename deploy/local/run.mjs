// `npm start`, `npm test` and the other commands of the root package.json begin here.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, prepareOtherNodes, preparePreview, root } from './bootstrap.mjs';
import { stepLine } from './clock.mjs';

const [command, ...args] = process.argv.slice(2);

const print = (text, ms) => process.stderr.write(`${stepLine(text, ms)}\n`);

/** Commands that a user types often must not wait for a compiler: they run what is built. */
const quick = new Set(['pingan']);

function run(script, scriptArgs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...scriptArgs], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: 'inherit',
    });
    // Ctrl-C reaches the child as well; this process only waits for it.
    for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
    process.on('SIGTERM', () => child.kill('SIGTERM'));
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

try {
  const built = existsSync(join(root, 'services/cli/dist/main.js')) && existsSync(join(root, 'node_modules/.pnpm'));
  if (!quick.has(command) || !built) await prepare(print);
  switch (command) {
    case 'pingan':
      process.exitCode = await run('services/cli/dist/main.js', args);
      break;
    case 'test':
      if (args.includes('--full')) await prepareOtherNodes(print);
      process.exitCode = await run('test/dist/run-all.js', args);
      break;
    case 'bench':
      process.exitCode = await run('test/dist/bench/main.js', args);
      break;
    case 'chaos':
      process.exitCode = await run('test/dist/chaos/main.js', args);
      break;
    case 'bench:scoring':
      process.exitCode = await run('test/dist/bench/scoring.js', args);
      break;
    case 'bench:dashboards':
      process.exitCode = await run('test/dist/bench/dashboards.js', args);
      break;
    case 'try-image':
      process.exitCode = await run('test/dist/image/main.js', args);
      break;
    case 'dashboards':
      await preparePreview(print);
      process.exitCode = await run('test/dist/preview/main.js', args);
      break;
    case 'study:ranks':
      process.exitCode = await run('test/dist/study/ranks.js', args);
      break;
    case 'break-it':
      process.exitCode = await run('test/dist/faults/break-it.js', args);
      break;
    default: {
      // In this process, so that Ctrl-C, SIGTERM and even kill -9 of it end everything it started.
      const { launch } = await import(pathToFileURL(join(root, 'deploy/local/dist/index.js')).href);
      process.exitCode = await launch(command, args);
    }
  }
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  // Whoever counts tests reads the last line, also when none could be run.
  if (command === 'test') process.stdout.write('\n0 passed, 1 failed\n');
  process.exitCode = 1;
}
