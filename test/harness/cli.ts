import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Ask } from './command-host.js';

export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

type Environment = Record<string, string | undefined>;

const cliModule = fileURLToPath(new URL('../../services/cli/dist/main.js', import.meta.url));
const hostModule = fileURLToPath(new URL('../dist/harness/command-host.js', import.meta.url));

const DEADLINE_MS = 100_000;

/** A line of a stack trace, as Node prints it. */
const stackLine = /^\s+at .*[:(]\S+:\d+:\d+\)?$/m;

/** @throws when there is a stack trace: no command may ever print one, whatever it is given. */
function withoutStack(args: readonly string[], result: CliResult): CliResult {
  const { stdout, stderr } = result;
  if (!stackLine.test(`${stdout}\n${stderr}`)) return result;
  throw new Error(`stack trace in the output of ${args.join(' ')}:\n${stdout}\n${stderr}`);
}

/** Runs one command as a user would. */
export async function runCli(args: readonly string[], env: Environment): Promise<CliResult> {
  const result = await new Promise<CliResult>((resolve, reject) => {
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
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
  return withoutStack(args, result);
}

export interface Commands {
  run: (args: readonly string[]) => Promise<CliResult>;
  close: () => void;
}

/** Whether it is the first of its kind of all files that share a folder. */
function isFirst(folder: string, kind: string): boolean {
  return mkdirSync(join(folder, 'commands', kind.replace(/[^a-z-]/g, '_')), { recursive: true }) !== undefined;
}

/**
 * Many commands under one environment. Each kind of command is a process of its own the first time, as for a user; the
 * next times, also in other files of the same engines, one process does them that has everything loaded, since loading is
 * most of a short command.
 */
export function openCommands(env: Environment, marks: string): Commands {
  const waiting = new Map<number, (end: Answer | Error) => void>();
  let host: ChildProcess | undefined;
  let asked = 0;

  const started = (): ChildProcess => {
    if (host !== undefined) return host;
    host = fork(hostModule, { env: env as NodeJS.ProcessEnv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    host.on('message', (answer: Answer) => waiting.get(answer.id)?.(answer));
    host.on('exit', (code, signal) => {
      host = undefined;
      for (const end of waiting.values()) end(new Error(`the process of the commands ended: ${code ?? signal}`));
    });
    return host;
  };

  const ask = (args: readonly string[]): Promise<CliResult> => {
    const question: Ask = { id: ++asked, args };
    const answer = new Promise<CliResult>((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.get(question.id)?.(new Error(`pingan ${args.join(' ')}: no end after ${DEADLINE_MS} ms`));
      }, DEADLINE_MS);
      waiting.set(question.id, (end) => {
        clearTimeout(late);
        waiting.delete(question.id);
        if (end instanceof Error) reject(end);
        else resolve(end);
      });
    });
    started().send(question);
    return answer;
  };

  return {
    run: async (args) => {
      const kind = args
        .slice(0, 2)
        .filter((arg) => !arg.startsWith('-'))
        .join(' ');
      return isFirst(marks, kind) ? runCli(args, env) : withoutStack(args, await ask(args));
    },
    close: () => void host?.kill('SIGKILL'),
  };
}
