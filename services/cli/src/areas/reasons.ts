import { type Command, oneOf, parse, required } from '../args.js';
import { reading, within } from './within.js';

/** Commands that tell what lies behind a published month; they store nothing. */
export const reasonCommands: Record<string, Command> = {
  changes: async (args, output) => {
    const { values } = parse(args, ['county!', 'month', 'region!', 'against', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      region: required(values, 'region'),
      against: oneOf(values, 'against', ['month', 'year']),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).changesCommand(context, options),
    );
  },
  'without-case': async (args, output) => {
    const { values } = parse(args, ['county!', 'month', 'case!', 'source', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      caseId: required(values, 'case'),
      source: values.source,
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).withoutCaseCommand(context, options),
    );
  },
};
