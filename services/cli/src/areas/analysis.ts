import { type Command, oneOf, parse, required } from '../args.js';
import { indicatorsCommand, indicatorsPage } from '../commands/indicators.js';
import { schemeShow, schemeValidate } from '../commands/scheme.js';
import { schemeDiff } from '../commands/scheme-diff.js';
import { schemeWeights } from '../commands/scheme-weights.js';
import { tableScore } from '../commands/table-score.js';
import type { Output } from '../context.js';
import { badRequest } from '../failure.js';
import { dataMethods } from '../weights/propose.js';

/** Exactly as many files as the command takes. */
function files(args: string[], verb: string, names: readonly string[]): string[] {
  const { positionals } = parse(args, [], true);
  if (positionals.length !== names.length) throw badRequest(`scheme ${verb} 后应为 ${names.join(' ')}`);
  return positionals;
}

async function weights([method, ...args]: string[], output: Output): Promise<void> {
  const formats = ['table', 'json', 'csv'] as const;
  if (method === 'ahp') {
    const { values } = parse(args, ['matrix', 'format'], false);
    return schemeWeights(output, {
      method,
      matrix: required(values, 'matrix'),
      format: oneOf(values, 'format', formats),
    });
  }
  const known = dataMethods.find((one) => one === method);
  if (known === undefined) throw badRequest(`scheme weights 后应为 ahp、${dataMethods.join('、')}`);
  const { values } = parse(args, ['data', 'meta', 'format'], false);
  return schemeWeights(output, {
    method: known,
    data: required(values, 'data'),
    meta: values.meta,
    format: oneOf(values, 'format', formats),
  });
}

/** Commands of analysts; they read and write files and need no engine. */
export const analysisCommands: Record<string, Command> = {
  table: async ([verb, ...args], output) => {
    if (verb !== 'score') throw badRequest('table 后应为 score');
    const { values } = parse(args, ['data', 'meta', 'recipe', 'out'], false);
    await tableScore(output, {
      data: required(values, 'data'),
      meta: required(values, 'meta'),
      recipe: required(values, 'recipe'),
      out: required(values, 'out'),
    });
  },
  indicators: async (args, output) => {
    const { values, positionals } = parse(args, ['format', 'html'], true);
    if (positionals.length > 1) throw badRequest('indicators 后至多一个指标代码');
    if (values.html !== undefined) {
      if (positionals.length > 0 || values.format !== undefined)
        throw badRequest('--html 输出整个目录,不与其他选项同用');
      return indicatorsPage(output, required(values, 'html'));
    }
    indicatorsCommand(output, { code: positionals[0], format: oneOf(values, 'format', ['table', 'json']) });
  },
  scheme: async ([verb, ...args], output) => {
    switch (verb) {
      case 'validate': {
        const [file] = files(args, verb, ['文件']);
        return schemeValidate(output, file!);
      }
      case 'show': {
        const [file] = args.length === 0 ? [] : files(args, verb, ['[文件]']);
        return schemeShow(output, file);
      }
      case 'diff': {
        const [before, after] = files(args, verb, ['文件A', '文件B']);
        return schemeDiff(output, before!, after!);
      }
      case 'weights':
        return weights(args, output);
      default:
        throw badRequest('scheme 后应为 validate、show、diff、weights');
    }
  },
};
