import { badRequest, bases, streams } from '@pingan/contracts';
import { CHINA } from '@pingan/regions';
import { type Command, oneOf, parse, required } from '../args.js';
import { allEngines, reading, within } from './within.js';

/** Commands about a county's index; they need engines. */
export const countyCommands: Record<string, Command> = {
  county: async ([verb, ...args], output) => {
    if (verb === 'list') {
      const format = oneOf(parse(args, ['format'], false).values, 'format', ['table', 'json', 'csv']);
      return within(output, reading, async (context) =>
        (await import('../commands/county-manage.js')).countyList(context, { format }),
      );
    }
    if (verb === 'reset' || verb === 'remove') {
      const { values, flags } = parse(args, ['county'], false, ['yes']);
      const options = { county: required(values, 'county'), end: verb, yes: flags.has('yes') } as const;
      return within(output, options.yes ? allEngines : reading, async (context) =>
        (await import('../commands/county-manage.js')).countyEnd(context, options),
      );
    }
    if (verb !== 'add') throw badRequest('county 后应为 add、list、reset、remove');
    const { values } = parse(args, ['code!', 'name!', 'timezone', 'regions!', 'start', 'scheme', 'only'], false);
    const options = {
      code: required(values, 'code'),
      name: required(values, 'name'),
      timezone: values.timezone ?? CHINA,
      regions: required(values, 'regions'),
      start: values.start,
      scheme: values.scheme,
      only: values.only,
    };
    await within(output, reading, async (context) =>
      (await import('../commands/county.js')).countyAdd(context, options),
    );
  },
  import: async (args, output) => {
    const { values, flags, positionals } = parse(args, ['county!', 'mapping!'], true, ['yes']);
    const options = {
      county: required(values, 'county'),
      mapping: required(values, 'mapping'),
      ledgers: positionals,
      yes: flags.has('yes'),
    };
    await within(output, allEngines, async (context) =>
      (await import('../commands/import.js')).importCommand(context, options),
    );
  },
  score: async (args, output) => {
    const { values } = parse(args, ['county!', 'month!'], false);
    const options = { county: required(values, 'county'), month: required(values, 'month') };
    await within(output, allEngines, async (context) =>
      (await import('../commands/score.js')).scoreCommand(context, options),
    );
  },
  rank: async (args, output) => {
    const { values } = parse(args, ['county!', 'month', 'basis', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      basis: oneOf(values, 'basis', bases),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).rankCommand(context, options),
    );
  },
  explain: async (args, output) => {
    const { values } = parse(args, ['county!', 'month', 'region!', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      region: required(values, 'region'),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).explainCommand(context, options),
    );
  },
  'zero-report': async (args, output) => {
    const { values, flags } = parse(args, ['county!', 'month!', 'region!', 'stream!', 'by', 'reason'], false, [
      'withdraw',
    ]);
    const options = {
      county: required(values, 'county'),
      month: required(values, 'month'),
      region: required(values, 'region'),
      stream: oneOf(values, 'stream', streams),
      by: values.by,
      reason: values.reason,
      withdraw: flags.has('withdraw'),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/zero-report.js')).zeroReportCommand(context, options),
    );
  },
  quarter: async (args, output) => {
    const { values } = parse(args, ['county!', 'period!', 'format'], false);
    const options = {
      county: required(values, 'county'),
      period: required(values, 'period'),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).quarterCommand(context, options),
    );
  },
  year: async (args, output) => {
    const { values } = parse(args, ['county!', 'period!', 'items', 'format'], false);
    const options = {
      county: required(values, 'county'),
      period: required(values, 'period'),
      items: values.items,
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).yearCommand(context, options),
    );
  },
  status: async (args, output) => {
    const { values } = parse(args, ['format'], false);
    await (await import('../commands/status.js')).statusCommand(output, {
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    });
  },
};
