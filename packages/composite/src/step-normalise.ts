import { numberCell, textCell } from './cells.js';
import { type Cell, type Column, frameRows, mapFrame, mapPresent } from './columns.js';
import { scoringError } from './errors.js';
import type { Element } from './model-checks.js';
import {
  borda,
  distanceToMax,
  distanceToReference,
  distanceToTarget,
  fractionOfMax,
  type Goalposts,
  goalposts,
  minMax,
  type NormaliseBase,
  percentileRank,
  rankScore,
  scaled,
  zScore,
} from './normalise.js';
import type { NormaliseMethod, NormaliseStep } from './recipe.js';
import { type Files, fileOf, given, type Outcome, refuseUnused, type ScoringState, withFrame } from './step-state.js';

/** The keys of a recipe each method looks at. */
const USED: Readonly<Record<NormaliseMethod, readonly string[]>> = {
  minmax: ['to'],
  zscore: ['mean', 'sd'],
  rank: ['ties'],
  borda: ['ties'],
  percentile_rank: ['ties', 'scale'],
  scaled: ['goalposts', 'scale'],
  goalposts: ['goalposts', 'scale', 'cap'],
  distance_to_target: ['cap', 'scale'],
  distance_to_reference: ['reference', 'cap', 'scale'],
  distance_to_max: ['scale'],
  fraction_of_max: ['scale'],
};

interface Post extends Goalposts {
  readonly scale: Cell;
  readonly cap: boolean | null;
}

export function normaliseStep(step: NormaliseStep, state: ScoringState, files: Files, place: string): Outcome {
  const every = new Set(Object.values(USED).flat());
  const idle = [...every].filter((key) => !USED[step.method].includes(key));
  refuseUnused(step, idle, place, step.method);
  const posts = step.goalposts === undefined ? null : readGoalposts(files, step.goalposts, place);
  const reference = referenceIndex(step, state, place);
  const frame = mapFrame(state.frame, (column, code) => {
    const element = state.model.elements.get(code)!;
    const base = { direction: state.directed ? (1 as const) : element.direction, place: `${place}，指标 ${code}` };
    return normaliseColumn(column, { step, base, element, reference, post: posts?.get(code) });
  });
  return {
    state: { ...withFrame(state, frame), directed: true },
    tables: { values: frameRows(frame) },
    warnings: [],
  };
}

interface ColumnContext {
  step: NormaliseStep;
  base: Required<NormaliseBase>;
  element: Element;
  reference: number;
  post: Post | undefined;
}

function normaliseColumn(column: Column, { step, base, element, reference, post }: ColumnContext): Cell[] {
  const options = { ...given(step), ...base };
  const stretch = (values: Cell[]): Cell[] => mapPresent(values, (value) => value * (step.scale ?? 1));
  switch (step.method) {
    case 'minmax':
      return minMax(column, options);
    case 'zscore':
      return zScore(column, options);
    case 'rank':
      return rankScore(column, options);
    case 'borda':
      return borda(column, options);
    case 'percentile_rank':
      return stretch(percentileRank(column, options));
    case 'scaled': {
      if (step.goalposts === undefined) return scaled(column, { ...base, scale: step.scale ?? 100 });
      const posts = neededPost(post, base.place);
      return scaled(column, { ...base, posts, scale: step.scale ?? posts.scale ?? 100 });
    }
    case 'goalposts': {
      const posts = neededPost(post, base.place);
      const scale = step.scale ?? posts.scale ?? 100;
      return goalposts(column, { ...base, posts, scale, cap: step.cap ?? posts.cap ?? true });
    }
    case 'distance_to_target': {
      if (element.target === null) {
        throw scoringError('BAD_OPTION', base.place, '指标表里没有目标（Target）', '请填写目标');
      }
      return stretch(distanceToTarget(column, { ...base, target: element.target, cap: step.cap ?? false }));
    }
    case 'distance_to_reference':
      return stretch(distanceToReference(column, { ...base, reference, cap: step.cap ?? false }));
    case 'distance_to_max':
      return stretch(distanceToMax(column, base));
    case 'fraction_of_max':
      return stretch(fractionOfMax(column, base));
  }
}

/** Goalposts by indicator from a table iCode, goalpost_lower, goalpost_upper; optional goalpost_scale, goalpost_trunc2posts. */
function readGoalposts(files: Files, name: string, place: string): Map<string, Post> {
  const posts = new Map<string, Post>();
  fileOf(files, name, place).forEach((row, i) => {
    const at = `文件 ${name} 第 ${i + 1} 行`;
    const code = textCell(row, 'iCode');
    const lower = numberCell(row, 'goalpost_lower', `${at}，下界（goalpost_lower）`);
    const upper = numberCell(row, 'goalpost_upper', `${at}，上界（goalpost_upper）`);
    if (code === null || lower === null || upper === null) {
      throw scoringError('MISSING_COLUMN', at, '缺代码或上下界', '每行要写 iCode、goalpost_lower、goalpost_upper');
    }
    if (posts.has(code)) throw scoringError('DUPLICATE_CODE', at, `代码 ${code} 重复`, '每个代码只写一行');
    const scale = numberCell(row, 'goalpost_scale', `${at}，倍数（goalpost_scale）`);
    const trunc = textCell(row, 'goalpost_trunc2posts')?.toLowerCase() ?? null;
    posts.set(code, { lower, upper, scale, cap: trunc === null ? null : trunc === 'true' });
  });
  return posts;
}

function neededPost(post: Post | undefined, place: string): Post {
  if (post !== undefined) return post;
  throw scoringError('MISSING_FILE', place, '没有给出上下界', '请在配方写 goalposts 文件，并在文件里写出这个指标');
}

function referenceIndex({ method, reference }: NormaliseStep, state: ScoringState, place: string): number {
  if (method !== 'distance_to_reference') return -1;
  const at = reference === undefined ? -1 : state.frame.units.indexOf(reference);
  if (at >= 0) return at;
  const problem = reference === undefined ? '没有写参照单元（reference）' : `没有参照单元 ${reference}`;
  throw scoringError('UNKNOWN_UNIT', place, problem, '请写一个留在表里的单元代码');
}
