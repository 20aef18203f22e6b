import { AGGREGATIONS, type Aggregation } from './aggregate.js';
import type { ScreenRule } from './availability.js';
import { type ScoringErrorCode, scoringError } from './errors.js';
import type { TieRule } from './ranks.js';
import { TRANSFORMS, type Transform } from './treat.js';

export const IMPUTE_METHODS = [
  'mean',
  'median',
  'group_mean',
  'group_median',
  'row_mean',
  'row_mean_in_parent',
  'none',
] as const;

export const NORMALISE_METHODS = [
  'minmax',
  'zscore',
  'rank',
  'borda',
  'percentile_rank',
  'scaled',
  'goalposts',
  'distance_to_target',
  'distance_to_reference',
  'distance_to_max',
  'fraction_of_max',
] as const;

export const WEIGHT_METHODS = [
  'equal',
  'pca',
  'factor',
  'entropy',
  'critic',
  'correlation_balance',
  'correlation_infomax',
  'ahp',
] as const;

export type ImputeMethod = (typeof IMPUTE_METHODS)[number];
export type NormaliseMethod = (typeof NORMALISE_METHODS)[number];
export type WeightMethod = (typeof WEIGHT_METHODS)[number];

/** Absent keys are undefined; each step's own function holds the defaults. */
export interface DenominateStep {
  step: 'denominate';
  scaleFactor: number | undefined;
}
export interface ScreenStep {
  step: 'screen';
  dataThreshold: number | undefined;
  nonzeroThreshold: number | undefined;
  by: ScreenRule | undefined;
  force: Readonly<Record<string, boolean>> | undefined;
}
export interface ImputeStep {
  step: 'impute';
  method: ImputeMethod;
  group: string | undefined;
}
export interface TreatStep {
  step: 'treat';
  winsoriseMax: number | undefined;
  skew: number | undefined;
  kurtosis: number | undefined;
  fallback: Transform | undefined;
  lambda: number | undefined;
  combine: boolean | undefined;
}
export interface NormaliseStep {
  step: 'normalise';
  method: NormaliseMethod;
  to: readonly [number, number] | undefined;
  mean: number | undefined;
  sd: number | undefined;
  ties: TieRule | undefined;
  goalposts: string | undefined;
  scale: number | undefined;
  reference: string | undefined;
  cap: boolean | undefined;
}
export interface WeightsStep {
  step: 'weights';
  file: string | undefined;
  method: WeightMethod | undefined;
  level: number | undefined;
}
export interface AggregateStep {
  step: 'aggregate';
  methods: readonly Aggregation[] | undefined;
  power: number | undefined;
  dataThreshold: readonly number[] | undefined;
}
export type RecipeStep =
  | DenominateStep
  | ScreenStep
  | ImputeStep
  | TreatStep
  | NormaliseStep
  | WeightsStep
  | AggregateStep;

type StepName = RecipeStep['step'];

/** Keys of every step as a recipe writes them, `step` aside. */
const KEYS: Readonly<Record<StepName, readonly string[]>> = {
  denominate: ['scale_factor'],
  screen: ['data_threshold', 'nonzero_threshold', 'by', 'force'],
  impute: ['method', 'group'],
  treat: ['winsorise_max', 'skew', 'kurtosis', 'then', 'lambda', 'combine'],
  normalise: ['method', 'to', 'mean', 'sd', 'ties', 'goalposts', 'scale', 'reference', 'cap'],
  weights: ['file', 'method', 'level'],
  aggregate: ['methods', 'p', 'data_threshold'],
};

/**
 * Checks a recipe `{ steps: [...] }` as parsed from JSON.
 * @throws ScoringError UNKNOWN_STEP, UNKNOWN_METHOD, UNKNOWN_KEY (each with the list of what exists), BAD_OPTION
 */
export function readRecipe(recipe: unknown): RecipeStep[] {
  const top = readObject(recipe, '配方');
  refuseUnknown(Object.keys(top), ['steps'], 'UNKNOWN_KEY', '配方');
  if (!Array.isArray(top.steps) || top.steps.length === 0) {
    throw scoringError('BAD_OPTION', '配方，steps', '不是非空的列表', '请按顺序列出步骤');
  }
  return top.steps.map((raw: unknown, i) => readStep(raw, `配方第 ${i + 1} 步`));
}

function readStep(raw: unknown, at: string): RecipeStep {
  const fields = readObject(raw, at);
  const names = Object.keys(KEYS);
  refuseUnknown([String(fields.step ?? '')], names, 'UNKNOWN_STEP', at);
  const step = fields.step as StepName;
  const place = `${at}（${step}）`;
  refuseUnknown(
    Object.keys(fields).filter((key) => key !== 'step'),
    KEYS[step],
    'UNKNOWN_KEY',
    place,
  );
  const read = new Fields(fields, place);
  switch (step) {
    case 'denominate':
      return { step, scaleFactor: read.number('scale_factor') };
    case 'screen':
      return {
        step,
        dataThreshold: read.number('data_threshold'),
        nonzeroThreshold: read.number('nonzero_threshold'),
        by: read.choice('by', ['missing', 'zeros', 'either']),
        force: read.switches('force'),
      };
    case 'impute':
      return { step, method: read.needed('method', read.choice('method', IMPUTE_METHODS)), group: read.text('group') };
    case 'treat':
      return {
        step,
        winsoriseMax: read.number('winsorise_max'),
        skew: read.number('skew'),
        kurtosis: read.number('kurtosis'),
        fallback: read.choice('then', TRANSFORMS),
        lambda: read.number('lambda'),
        combine: read.boolean('combine'),
      };
    case 'normalise':
      return {
        step,
        method: read.needed('method', read.choice('method', NORMALISE_METHODS)),
        to: read.range('to'),
        mean: read.number('mean'),
        sd: read.number('sd'),
        ties: read.choice('ties', ['min', 'average']),
        goalposts: read.text('goalposts'),
        scale: read.number('scale'),
        reference: read.text('reference'),
        cap: read.boolean('cap'),
      };
    case 'weights':
      return {
        step,
        file: read.text('file'),
        method: read.choice('method', WEIGHT_METHODS),
        level: read.number('level'),
      };
    case 'aggregate':
      return {
        step,
        methods: read.list('methods', (value) => oneOf(value, AGGREGATIONS, `${place}，methods`)),
        power: read.number('p'),
        dataThreshold: read.list('data_threshold', (value) => finite(value, `${place}，data_threshold`)),
      };
  }
}

/** Reads optional fields of one step, refusing values of the wrong kind. */
class Fields {
  constructor(
    private readonly fields: Readonly<Record<string, unknown>>,
    private readonly place: string,
  ) {}

  number(key: string): number | undefined {
    return this.optional(key, (value, at) => finite(value, at));
  }

  text(key: string): string | undefined {
    return this.optional(key, (value, at) => {
      if (typeof value === 'string' && value !== '') return value;
      throw scoringError('BAD_OPTION', at, '不是文字', '请写在引号里');
    });
  }

  boolean(key: string): boolean | undefined {
    return this.optional(key, truth);
  }

  choice<T extends string>(key: string, options: readonly T[]): T | undefined {
    return this.optional(key, (value, at) => oneOf(value, options, at));
  }

  range(key: string): readonly [number, number] | undefined {
    return this.optional(key, (value, at) => {
      const [low, high] = Array.isArray(value) && value.length === 2 ? value.map((end) => finite(end, at)) : [];
      if (low !== undefined && high !== undefined && low < high) return [low, high];
      throw scoringError('BAD_OPTION', at, '不是从小到大的两个数', '例如 [0, 100]');
    });
  }

  /** A list, or a single value standing for a list of one. */
  list<T>(key: string, item: (value: unknown) => T): T[] | undefined {
    return this.optional(key, (value) => (Array.isArray(value) ? value.map(item) : [item(value)]));
  }

  switches(key: string): Record<string, boolean> | undefined {
    return this.optional(key, (value, at) =>
      Object.fromEntries(
        Object.entries(readObject(value, at)).map(([name, on]) => [name, truth(on, `${at}，${name}`)]),
      ),
    );
  }

  needed<T>(key: string, value: T | undefined): T {
    if (value !== undefined) return value;
    throw scoringError('BAD_OPTION', `${this.place}，${key}`, '没有写', '这一项必须写明');
  }

  private optional<T>(key: string, read: (value: unknown, at: string) => T): T | undefined {
    const value = this.fields[key];
    return value === undefined ? undefined : read(value, `${this.place}，${key}`);
  }
}

function readObject(value: unknown, place: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw scoringError('BAD_OPTION', place, '不是一个对象', '请写成 {…}');
}

function refuseUnknown(
  found: readonly string[],
  known: readonly string[],
  code: ScoringErrorCode,
  place: string,
): void {
  const stranger = found.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw scoringError(code, place, `不认识“${stranger}”`, `可以用：${known.join('、')}`);
}

function oneOf<T extends string>(value: unknown, options: readonly T[], place: string): T {
  refuseUnknown([String(value)], options, 'UNKNOWN_METHOD', place);
  return value as T;
}

function finite(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw scoringError('BAD_OPTION', place, `${String(value)} 不是数`, '请写数字');
}

function truth(value: unknown, place: string): boolean {
  if (typeof value === 'boolean') return value;
  throw scoringError('BAD_OPTION', place, `${String(value)} 不是 true 或 false`, '请写 true 或 false');
}
