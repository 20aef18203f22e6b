import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Owner } from './files.js';
import type { Environment } from './types.js';

export interface CommandResult {
  ok: boolean;
  /** Standard output and error in the order they came. */
  output: string;
}

/** A Java under a "C" locale, as in cron and bare containers, cannot open paths with Chinese characters. */
export const UTF8_LOCALE = { LC_ALL: 'C.UTF-8' };

/** Runs a command without a terminal; a command that cannot be started is not ok. */
export function runCommand(command: string, args: string[], options: { runAs?: Owner } = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...UTF8_LOCALE };
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env, ...options.runAs });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

export function findOnPath(name: string, env: Environment): string | undefined {
  const dirs = [...(env.PATH ?? '').split(delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin'];
  return dirs
    .filter((dir) => dir !== '')
    .map((dir) => join(dir, name))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
