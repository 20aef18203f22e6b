import { type ParseArgsConfig, parseArgs } from 'node:util';
import { countyAdd } from './commands/county.js';
import { deadLetterList, deadLetterShow } from './commands/dead-letter.js';
import { explainCommand } from './commands/explain.js';
import { importLedgers } from './commands/import.js';
import { rankCommand } from './commands/rank.js';
import { scoreCommand } from './commands/score.js';
import { statusCommand } from './commands/status.js';
import { type Context, closeContext, type Output, openContext } from './context.js';
import { badRequest, CommandFailure } from './failure.js';

export const usage = `用法:npm run -s pingan -- 命令 [选项]

  county add --code 代码 --name 名称 --regions 区域表.csv [--timezone Asia/Shanghai]
             [--start YYYY-MM] [--scheme 方案.yaml]      登记一个县
  import --county 县 --mapping 映射.yaml 台账...          读取台账,发送并等待入库
  score --county 县 --month YYYY-MM                       计算一个月的指数,输出批次号
  rank --county 县 --month YYYY-MM [--format table|json|csv]
                                                          排名
  explain --county 县 --month YYYY-MM --region 区域 [--format table|json]
                                                          一个单位的得分从何而来
  status [--format table|json]                            引擎、服务、积压、队列、数据新鲜度
  dead-letter list | show 编号                            无法入库的消息

退出状态:0 成功;2 参数或输入有误;3 引擎或服务不可用;1 其他错误。`;

type Values = Record<string, string | undefined>;

interface Parsed {
  values: Values;
  positionals: string[];
}

/** Options are texts; an unknown one, or one without a value, is told with what exists. */
function parse(args: string[], names: readonly string[], positionals: boolean): Parsed {
  const options: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of names) options[name] = { type: 'string' };
  try {
    const parsed = parseArgs({ args, options, allowPositionals: positionals, strict: true });
    return { values: parsed.values as Values, positionals: parsed.positionals };
  } catch (error) {
    const unknown = /'(-[^' ]*)/.exec((error as Error).message)?.[1];
    const known = names.map((name) => `--${name}`).join(' ');
    throw badRequest(`选项有误${unknown ? `:${unknown}` : ''}。可用:${known}`);
  }
}

function required(values: Values, name: string): string {
  const value = values[name];
  if (value === undefined || value === '') throw badRequest(`缺少 --${name}`);
  return value;
}

function oneOf<T extends string>(values: Values, name: string, allowed: readonly T[]): T {
  const value = values[name] ?? allowed[0]!;
  if (!(allowed as readonly string[]).includes(value)) {
    throw badRequest(`--${name} ${value} 不对,可选:${allowed.join('、')}`);
  }
  return value as T;
}

type Engines = Parameters<typeof openContext>[1];

async function within(output: Output, engines: Engines, use: (context: Context) => Promise<unknown>): Promise<void> {
  const context = await openContext(output, engines);
  try {
    await use(context);
  } finally {
    await closeContext(context);
  }
}

const all: Engines = ['kafka', 'redis', 'clickhouse'];
const reading: Engines = ['clickhouse'];

type Command = (args: string[], output: Output) => Promise<void>;

const commands: Record<string, Command> = {
  county: async ([verb, ...args], output) => {
    if (verb !== 'add') throw badRequest('county 后应为 add');
    const { values } = parse(args, ['code', 'name', 'timezone', 'regions', 'start', 'scheme'], false);
    const options = {
      code: required(values, 'code'),
      name: required(values, 'name'),
      timezone: values.timezone ?? 'Asia/Shanghai',
      regions: required(values, 'regions'),
      start: values.start,
      scheme: values.scheme,
    };
    await within(output, reading, (context) => countyAdd(context, options));
  },
  import: async (args, output) => {
    const { values, positionals } = parse(args, ['county', 'mapping'], true);
    const options = {
      county: required(values, 'county'),
      mapping: required(values, 'mapping'),
      ledgers: positionals,
    };
    await within(output, all, (context) => importLedgers(context, options));
  },
  score: async (args, output) => {
    const { values } = parse(args, ['county', 'month'], false);
    const options = { county: required(values, 'county'), month: required(values, 'month') };
    await within(output, all, (context) => scoreCommand(context, options));
  },
  rank: async (args, output) => {
    const { values } = parse(args, ['county', 'month', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: required(values, 'month'),
      format: oneOf(values, 'format', ['table', 'json', 'csv']),
    };
    await within(output, reading, (context) => rankCommand(context, options));
  },
  explain: async (args, output) => {
    const { values } = parse(args, ['county', 'month', 'region', 'format'], false);
    const options = {
      county: required(values, 'county'),
      month: required(values, 'month'),
      region: required(values, 'region'),
      format: oneOf(values, 'format', ['table', 'json']),
    };
    await within(output, reading, (context) => explainCommand(context, options));
  },
  status: async (args, output) => {
    const { values } = parse(args, ['format'], false);
    await statusCommand(output, { format: oneOf(values, 'format', ['table', 'json']) });
  },
  'dead-letter': async ([verb, ...args], output) => {
    const { positionals } = parse(args, [], true);
    if (verb === 'list') return within(output, reading, deadLetterList);
    const [id] = positionals;
    if (verb !== 'show' || id === undefined) throw badRequest('dead-letter 后应为 list 或 show 编号');
    return within(output, reading, (context) => deadLetterShow(context, id));
  },
};

/** Runs one command line. Returns the exit status; every failure becomes one message on the error side. */
export async function runCommand(args: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help') {
    output.out(usage);
    return name === undefined ? 2 : 0;
  }
  try {
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw badRequest(`没有命令 ${name}。可用:${Object.keys(commands).join('、')};说明:pingan help`);
    await command(rest, output);
    return 0;
  } catch (error) {
    if (error instanceof CommandFailure) {
      output.note(error.message);
      return error.status;
    }
    output.note(`意外错误:${(error as Error).message}`);
    if (process.env.LOG_LEVEL === 'debug') output.note((error as Error).stack ?? '');
    return 1;
  }
}
