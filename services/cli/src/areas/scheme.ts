import { badRequest } from '@pingan/contracts';
import { type Command, numberIn, oneOf, parse, required, wholeNumberIn } from '../args.js';
import type { Output } from '../context.js';
import { readScheme } from '../input/scheme.js';
import { together } from '../together.js';
import { dataMethods } from '../weights/propose.js';
import { reading, within } from './within.js';

/** Schemes beside the one in force; more columns nobody reads. */
const SIDE_BY_SIDE = 6;

/** Exactly as many files as the command takes. */
function files(args: string[], verb: string, names: readonly string[]): string[] {
  const { positionals } = parse(args, [], true);
  if (positionals.length !== names.length) throw badRequest(`scheme ${verb} 后应为 ${names.join(' ')}`);
  return positionals;
}

async function weights([method, ...args]: string[], output: Output): Promise<void> {
  const formats = ['table', 'json', 'csv'] as const;
  if (method === 'ahp') {
    const { values } = parse(args, ['matrix!', 'into', 'format'], false);
    return (await import('../commands/scheme-weights.js')).schemeWeights(output, {
      method,
      matrix: required(values, 'matrix'),
      into: values.into,
      format: oneOf(values, 'format', formats),
    });
  }
  const known = dataMethods.find((one) => one === method);
  if (known === undefined) throw badRequest(`scheme weights 后应为 ahp、${dataMethods.join('、')}`);
  const { values, flags } = parse(args, ['data!', 'meta', 'into', 'format'], false, ['scores']);
  return (await import('../commands/scheme-weights.js')).schemeWeights(output, {
    method: known,
    data: required(values, 'data'),
    meta: values.meta,
    scores: flags.has('scores'),
    into: values.into,
    format: oneOf(values, 'format', formats),
  });
}

type Verb = (args: string[], output: Output) => Promise<void>;

/** The one file a verb takes beside its options. */
function fileOf(positionals: readonly string[], verb: string): string {
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw badRequest(`scheme ${verb} 后应为一个方案文件`);
  return file;
}

const verbs: Record<string, Verb> = {
  validate: async (args, output) => {
    const [file] = files(args, 'validate', ['文件']);
    await (await import('../commands/scheme.js')).schemeValidate(output, file!);
  },
  show: async (args, output) => {
    const { values, positionals } = parse(args, ['county', 'month'], true);
    if (values.county === undefined) {
      if (values.month !== undefined) throw badRequest('--month 须与 --county 一起用');
      await (await import('../commands/scheme.js')).schemeShow(
        output,
        positionals.length === 0 ? undefined : fileOf(positionals, 'show'),
      );
      return;
    }
    if (positionals.length > 0) throw badRequest('scheme show 后写方案文件或 --county，不能同时写');
    const options = { county: values.county, month: values.month };
    await within(output, reading, async (context) =>
      (await import('../commands/scheme.js')).schemeShowInForce(context, options),
    );
  },
  schema: async (args, output) => {
    files(args, 'schema', []);
    (await import('../commands/scheme.js')).schemeSchema(output);
  },
  diff: async (args, output) => {
    const [before, after] = files(args, 'diff', ['文件A', '文件B']);
    await (await import('../commands/scheme.js')).schemeDiff(output, before!, after!);
  },
  weights,
  list: async (args, output) => {
    const { values } = parse(args, ['county!', 'format'], false);
    const options = { county: required(values, 'county'), format: oneOf(values, 'format', ['table', 'json', 'csv']) };
    await within(output, reading, async (context) =>
      (await import('../commands/scheme-activate.js')).schemeList(context, options),
    );
  },
  activate: async (args, output) => {
    const { values, flags, positionals } = parse(args, ['county!', 'from!', 'only', 'note'], true, ['yes']);
    const { only } = values;
    if (only !== undefined && positionals.length > 0) throw badRequest('方案文件和 --only 只写一个。');
    const file = only === undefined ? fileOf(positionals, 'activate') : '';
    const [county, from] = [required(values, 'county'), required(values, 'from')];
    const scheme = only === undefined ? await readScheme(file) : (await import('@pingan/queries')).partialScheme(only);
    const how = { note: values.note, confirmed: flags.has('yes'), isPartial: only !== undefined };
    await within(output, reading, async (context) =>
      (await import('../commands/scheme-activate.js')).schemeActivate(context, { scheme, county, from, ...how }),
    );
  },
  cancel: async (args, output) => {
    const { values } = parse(args, ['county!', 'from!', 'note'], false);
    const options = { county: required(values, 'county'), from: required(values, 'from'), note: values.note };
    await within(output, reading, async (context) =>
      (await import('../commands/scheme-activate.js')).schemeCancel(context, options),
    );
  },
  'what-if': async (args, output) => {
    const { values, positionals: files } = parse(args, ['county!', 'month', 'months', 'format'], true);
    if (files.length === 0 || files.length > SIDE_BY_SIDE)
      throw badRequest(`scheme what-if 后应为一至 ${SIDE_BY_SIDE} 个方案文件`);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      months: wholeNumberIn(values, 'months', { otherwise: 1, min: 1, max: 36 }),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    const schemes = await together(...files.map((file) => readScheme(file)));
    await within(output, reading, async (context) => {
      const { schemeWhatIf, schemeSideBySide } = await import('../commands/questions.js');
      const [scheme, ...others] = schemes;
      if (others.length > 0) await schemeSideBySide(context, { schemes, ...options });
      else await schemeWhatIf(context, { scheme: scheme!, ...options });
    });
  },
  sensitivity: async (args, output) => {
    const { values } = parse(args, ['county!', 'month', 'draws', 'spread', 'seed', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: values.month,
      draws: wholeNumberIn(values, 'draws', { otherwise: 10_000, min: 10, max: 1_000_000 }),
      spread: numberIn(values, 'spread', { otherwise: 0.25, min: 0, max: 1 }),
      seed: wholeNumberIn(values, 'seed', { otherwise: 1, min: 0, max: 2_147_483_647 }),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, async (context) =>
      (await import('../commands/questions.js')).schemeSensitivity(context, options),
    );
  },
};

/** Commands about schemes: documents as files, and the ones a county is scored by. */
export const schemeCommands: Record<string, Command> = {
  scheme: async ([name, ...args], output) => {
    const verb = name !== undefined && Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (verb === undefined) throw badRequest(`scheme 后应为 ${Object.keys(verbs).join('、')}`);
    await verb(args, output);
  },
};
