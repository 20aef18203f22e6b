import { readFileSync } from 'node:fs';
import { badRequest, Refusal, type RefusalKind } from '@pingan/contracts';
import { diskFullText, resolveHome } from '@pingan/local-engines';
import { refusalText } from '@pingan/presentation';
import { analysisCommands } from './areas/analysis.js';
import { backupCommands } from './areas/backup.js';
import { countyCommands } from './areas/county.js';
import { reasonCommands } from './areas/reasons.js';
import { schemeCommands } from './areas/scheme.js';
import { tableCommands } from './areas/table.js';
import { upkeepCommands } from './areas/upkeep.js';
import type { Command } from './args.js';
import { cliConfig } from './config.js';
import type { Output } from './context.js';
import { helpOf, usage } from './usage.js';

const commands: Record<string, Command> = {
  ...countyCommands,
  ...upkeepCommands,
  ...backupCommands,
  ...reasonCommands,
  ...analysisCommands,
  ...tableCommands,
  ...schemeCommands,
};

const exitStatus: Record<RefusalKind, number> = { request: 2, unavailable: 3, failed: 1 };

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const isHelp = (word: string) => ['help', '--help', '-h'].includes(word);

/** Runs one command line. Returns the exit status; every failure becomes one message on the error side. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || isHelp(name)) {
    output.out((rest.length > 0 && helpOf(rest)) || usage);
    return name === undefined ? 2 : 0;
  }
  if (name === '--version') {
    output.out(`pingan ${version}`);
    return 0;
  }
  const help = rest.some((word) => word === '--help' || word === '-h') ? helpOf(args) : undefined;
  if (help !== undefined) {
    output.out(help);
    return 0;
  }
  let debug = false;
  try {
    debug = cliConfig().LOG_LEVEL === 'debug';
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw badRequest(`没有命令 ${name}。可用：${Object.keys(commands).join('、')}；说明：pingan help`);
    await command(rest, output);
    return 0;
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    output.note(refusal ? refusalText(refusal) : `意外错误：${(error as Error).message}`);
    // What a full disk does to engines looks like anything but a full disk.
    const full = refusal?.kind === 'request' ? undefined : await diskFullText(resolveHome(process.env));
    if (full !== undefined) output.note(full);
    if (refusal) return exitStatus[refusal.kind];
    if (debug) output.note((error as Error).stack ?? '');
    return 1;
  }
}
