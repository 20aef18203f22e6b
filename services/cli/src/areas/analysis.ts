import { badRequest } from '@pingan/contracts';
import { type Command, oneOf, parse, required } from '../args.js';

/** Commands about files and the catalogue; they need no engine. */
export const analysisCommands: Record<string, Command> = {
  indicators: async (args, output) => {
    const { values, flags, positionals } = parse(args, ['format', 'html'], true, ['sql']);
    if (flags.has('sql') && positionals.length === 0) throw badRequest('--sql 须与一个指标代码一起用');
    if (positionals.length > 1) throw badRequest('indicators 后至多一个指标代码');
    if (values.html !== undefined) {
      if (positionals.length > 0 || values.format !== undefined)
        throw badRequest('--html 输出整个目录，不与其他选项同用');
      return (await import('../commands/indicators.js')).indicatorsPage(output, required(values, 'html'));
    }
    (await import('../commands/indicators.js')).indicatorsCommand(output, {
      code: positionals[0],
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
      sql: flags.has('sql'),
    });
  },
};
