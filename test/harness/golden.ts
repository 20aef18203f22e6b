import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printed, runCommand } from '@pingan/cli';
import { monthOfInstant } from '@pingan/regions';
import { expect } from 'vitest';
import type { CliResult } from './cli.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Digits of a number that a processor's own logarithms and powers cannot change. */
const DIGITS = 10;

/** Runs a command in this process: starting one for each takes longer than all they do. */
export async function runHere(args: readonly string[]): Promise<CliResult> {
  const said = { stdout: '', stderr: '' };
  const add = (side: keyof typeof said) => (text: string) => {
    said[side] += `${printed(text)}\n`;
  };
  const status = await runCommand(args, { out: add('stdout'), note: add('stderr') });
  return { status, ...said };
}

/** The month it is, as commands say up to where something can be asked. */
const upToNow = () => `至 ${monthOfInstant(Date.now(), 'Asia/Shanghai')}`;

/**
 * An output without what differs from run to run: folders, times, the last digits of a number, and what is named by the place of
 * a region table, its version and the runs on it.
 */
export function lasting(text: string, folders: readonly string[]): string {
  return folders
    .reduce((rest, folder) => rest.replaceAll(folder, '<folder>'), text)
    .replaceAll(root, '<root>/')
    .replaceAll(upToNow(), '至 <now>')
    .replace(/\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g, '<time>')
    .replace(/(?<=区域表版本 )[0-9a-f]{12}/g, '<version>')
    .replace(/(?<=-\d{4}-\d\d-)[0-9a-f]{12}\b/g, '<run>')
    .replace(/-?\d+\.\d{8,}(e[+-]\d+)?/g, (number) => String(Number(Number(number).toPrecision(DIGITS))));
}

/** Commands and what they said, as they stand in a golden file. */
export const transcript = (args: readonly string[], { status, stdout, stderr }: CliResult): string =>
  [`$ pingan ${args.join(' ')}`, stdout, ...(stderr === '' ? [] : ['[stderr]', stderr]), `[status ${status}]`]
    .map((part) => part.trimEnd())
    .join('\n');

/**
 * Compares a text with `test/golden/NAME.txt`. With `GOLDEN=write` in the environment the file is written instead: then the
 * difference is to be read before it is committed.
 */
export function expectGolden(name: string, text: string): void {
  const file = `${root}test/golden/${name}.txt`;
  if (process.env.GOLDEN === 'write') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  expect(existsSync(file), `${file} is missing; GOLDEN=write makes it`).toBe(true);
  expect(`${text}\n`).toBe(readFileSync(file, 'utf8'));
}
