import { badRequest } from '@pingan/contracts';
import { type Command, parse, required } from '../args.js';
import { allEngines, within } from './within.js';

/** Commands that keep a copy of an installation and bring it back. */
export const backupCommands: Record<string, Command> = {
  backup: async (args, output) => {
    const [verb, ...rest] = args;
    if (verb === 'verify') {
      const from = required(parse(rest, ['from'], false).values, 'from');
      return (await import('../commands/backup.js')).backupVerify(output, { from });
    }
    if (verb !== undefined && !verb.startsWith('-')) throw badRequest('backup 后应为 --to 目录，或 verify --from 备份');
    const to = required(parse(args, ['to'], false).values, 'to');
    await within(output, allEngines, async (context) =>
      (await import('../commands/backup.js')).backupCommand(context, { to }),
    );
  },
  restore: async (args, output) => {
    const from = required(parse(args, ['from'], false).values, 'from');
    await within(output, allEngines, async (context) =>
      (await import('../commands/restore.js')).restoreCommand(context, { from }),
    );
  },
};
