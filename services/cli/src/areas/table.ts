import { badRequest, bases } from '@pingan/contracts';
import { tableValues } from '@pingan/queries';
import { type Command, oneOf, parse, required } from '../args.js';
import { reading, within } from './within.js';

const formats = ['table', 'json', 'csv'] as const;

const score: Command = async (args, output) => {
  const { values } = parse(args, ['data!', 'meta!', 'recipe!', 'out!'], false);
  await (await import('../commands/table-score.js')).tableScore(output, {
    data: required(values, 'data'),
    meta: required(values, 'meta'),
    recipe: required(values, 'recipe'),
    out: required(values, 'out'),
  });
};

const month: Command = async (args, output) => {
  const { values, flags } = parse(args, ['county!', 'month', 'values', 'basis', 'format'], false, ['context', 'meta']);
  const options = {
    county: required(values, 'county'),
    month: values.month,
    values: oneOf(values, 'values', tableValues),
    context: flags.has('context'),
    basis: oneOf(values, 'basis', bases),
    format: flags.has('meta') ? ('csv' as const) : oneOf(values, 'format', formats),
  };
  await within(output, reading, async (context) => {
    const { tableMonth, tableMonthMeta } = await import('../commands/questions.js');
    await (flags.has('meta') ? tableMonthMeta : tableMonth)(context, options);
  });
};

const stats: Command = async (args, output) => {
  const { values, flags } = parse(args, ['data!', 'meta', 'format'], false, ['scores']);
  await (await import('../commands/table-stats.js')).tableStats(output, {
    data: required(values, 'data'),
    meta: values.meta,
    scores: flags.has('scores'),
    format: oneOf(values, 'format', formats),
  });
};

const correlations: Command = async (args, output) => {
  const { values, flags } = parse(args, ['data!', 'meta', 'kind', 'format'], false, ['scores']);
  await (await import('../commands/table-stats.js')).tableCorrelations(output, {
    data: required(values, 'data'),
    meta: values.meta,
    scores: flags.has('scores'),
    kind: oneOf(values, 'kind', ['pearson', 'spearman', 'kendall']),
    format: oneOf(values, 'format', formats),
  });
};

const verbs: Record<string, Command> = { score, month, stats, correlations };

/** Commands about tables of units and indicators: a county's month, or any file. */
export const tableCommands: Record<string, Command> = {
  table: async ([name, ...args], output) => {
    const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) throw badRequest(`table 后应为 ${Object.keys(verbs).join('、')}`);
    await verb(args, output);
  },
};
