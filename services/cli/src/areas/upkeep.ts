import { badRequest, type DeadLetterReason, deadLetterReasonNames, deadLetterReasons } from '@pingan/contracts';
import { type Command, parse } from '../args.js';
import { allEngines, reading, within } from './within.js';

/** Commands that keep what is stored in agreement with the log. */
export const upkeepCommands: Record<string, Command> = {
  reconcile: async (args, output) => {
    const { values, flags } = parse(args, ['county'], false, ['repair']);
    const options = { county: values.county, repair: flags.has('repair') };
    await within(output, allEngines, async (context) =>
      (await import('../commands/reconcile.js')).reconcileCommand(context, options),
    );
  },
  rebuild: async (args, output) => {
    const { values, flags } = parse(args, ['lose'], false, ['yes']);
    const options = { yes: flags.has('yes'), lose: countIn('--lose', values.lose) };
    await within(output, allEngines, async (context) =>
      (await import('../commands/rebuild.js')).rebuildCommand(context, options),
    );
  },
  'adopt-log': async (args, output) => {
    const { values, flags } = parse(args, ['lose'], false, ['yes']);
    const options = { yes: flags.has('yes'), lose: countIn('--lose', values.lose) };
    await within(output, allEngines, async (context) =>
      (await import('../commands/adopt-log.js')).adoptLogCommand(context, options),
    );
  },
  'dead-letter': async ([verb, ...args], output) => {
    if (verb === 'replay') return replay(args, output);
    if (verb === 'acknowledge') return acknowledge(args, output);
    const { positionals } = parse(args, [], true);
    if (verb === 'list')
      return within(output, reading, async (context) =>
        (await import('../commands/dead-letter.js')).deadLetterList(context),
      );
    const [id] = positionals;
    if (verb !== 'show' || id === undefined)
      throw badRequest('dead-letter 后应为 list、show 编号、replay 或 acknowledge');
    return within(output, reading, async (context) =>
      (await import('../commands/dead-letter.js')).deadLetterShow(context, id),
    );
  },
};

function countIn(name: string, text: string | undefined): bigint {
  if (text === undefined) return 0n;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name} 后应为条数，得到“${text}”`);
  return BigInt(text);
}

/** Either letters are named, or one reason stands for all of its letters. */
function chosenReason(verb: string, text: string | undefined, ids: readonly string[]): DeadLetterReason | undefined {
  const reason = deadLetterReasons.find((one) => one === text);
  if (text !== undefined && reason === undefined) {
    const known = deadLetterReasons.map((one) => `${one} ${deadLetterReasonNames[one]}`).join('、');
    throw badRequest(`--reason ${text} 不对，可选：${known}`);
  }
  if ((reason === undefined) === (ids.length === 0)) {
    throw badRequest(`dead-letter ${verb} 后应为死信编号，或 --reason 原因`);
  }
  return reason;
}

const acknowledge: Command = async (args, output) => {
  const { values, positionals: ids } = parse(args, ['reason', 'note', 'by'], true);
  const reason = chosenReason('acknowledge', values.reason, ids);
  const options = { ids, reason, note: values.note ?? '', by: values.by };
  await within(output, reading, async (context) =>
    (await import('../commands/dead-letter-acknowledge.js')).deadLetterAcknowledge(context, options),
  );
};

const replay: Command = async (args, output) => {
  const { values, flags, positionals: ids } = parse(args, ['reason'], true, ['dry-run']);
  const reason = chosenReason('replay', values.reason, ids);
  const options = { ids, reason, dryRun: flags.has('dry-run') };
  await within(output, allEngines, async (context) =>
    (await import('../commands/dead-letter-replay.js')).deadLetterReplay(context, options),
  );
};
