import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

const cliModule = fileURLToPath(new URL('../../services/cli/dist/main.js', import.meta.url));

const DEADLINE_MS = 100_000;

/** A line of a stack trace, as Node prints it. */
const stackLine = /^\s+at .*[:(]\S+:\d+:\d+\)?$/m;

/** Runs one command as a user would. No command may ever print a stack trace, whatever it is given. */
export function runCli(args: readonly string[], env: Record<string, string | undefined>): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cliModule, ...args], {
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
      killSignal: 'SIGKILL',
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    child.on('error', reject);
    child.on('close', (status) => {
      const result = { status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
      if (stackLine.test(`${result.stdout}\n${result.stderr}`)) {
        reject(new Error(`stack trace in the output of ${args.join(' ')}:\n${result.stdout}\n${result.stderr}`));
      } else resolve(result);
    });
  });
}
