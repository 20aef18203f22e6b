import { requireWeights } from './aggregate.js';
import { numberCell, textCell } from './cells.js';
import type { Row } from './columns.js';
import { scoringError } from './errors.js';
import type { Model } from './model.js';
import type { Weights } from './plan.js';
import type { Random } from './random.js';

/** The weights of the indicator table. */
export function givenWeights(model: Model): Weights {
  return new Map([...model.elements].map(([code, { weight }]) => [code, weight]));
}

/** Every element weighs 1. */
export function equalWeights(model: Model): Weights {
  return new Map([...model.elements.keys()].map((code) => [code, 1]));
}

/**
 * A weight set from a table (iCode, Weight); codes the table leaves out keep the weights of `base`.
 * @throws ScoringError UNKNOWN_CODE, DUPLICATE_CODE, NON_NUMERIC, NON_FINITE, NEGATIVE_WEIGHT, ALL_ZERO_WEIGHTS
 */
export function readWeights(rows: readonly Row[], model: Model, base: Weights): Weights {
  const weights = new Map(base);
  const seen = new Set<string>();
  rows.forEach((row, i) => {
    const code = textCell(row, 'iCode') ?? '';
    const place = `权重表第 ${i + 1} 行，代码 ${code}`;
    if (!model.elements.has(code)) {
      throw scoringError(
        'UNKNOWN_CODE',
        place,
        '指标表里没有这个代码',
        `已有的代码：${[...model.elements.keys()].join('、')}`,
      );
    }
    if (seen.has(code)) throw scoringError('DUPLICATE_CODE', place, '代码重复', '每个代码只写一行');
    seen.add(code);
    const weight = numberCell(row, 'Weight', place);
    if (weight === null) throw scoringError('NON_NUMERIC', place, '没有权重（Weight）', '请填写不小于 0 的数');
    requireWeights([weight], place);
    weights.set(code, weight);
  });
  requirePositiveSums(weights, model);
  return weights;
}

/** Refuses a weight set under which the children of some aggregate weigh nothing. */
export function requirePositiveSums(weights: Weights, model: Model): void {
  for (const [parent, children] of model.children) {
    if (children.some((child) => weights.get(child) !== 0)) continue;
    throw scoringError('ALL_ZERO_WEIGHTS', `汇总项 ${parent}`, '下级的权重全是 0', '请至少给一个下级正的权重');
  }
}

/**
 * Share of every element in the index: share inside its parent times the effective weight of the parent.
 * Sums to 1 at every level.
 */
export function effectiveWeights(model: Model, weights: Weights): Map<string, number> {
  const effective = new Map<string, number>();
  for (const code of model.levels.at(-1)!) effective.set(code, 1);
  for (const level of model.levels.slice(1).reverse()) {
    for (const parent of level) {
      const children = model.children.get(parent)!;
      const total = children.reduce((sum, child) => sum + weights.get(child)!, 0);
      if (total === 0) {
        throw scoringError('ALL_ZERO_WEIGHTS', `汇总项 ${parent}`, '下级的权重合计为 0', '请检查权重');
      }
      for (const child of children) effective.set(child, (weights.get(child)! / total) * effective.get(parent)!);
    }
  }
  return new Map([...model.elements.keys()].map((code) => [code, effective.get(code)!]));
}

export interface WeightNoise {
  /** Half-width by level, in [0, 1]. */
  noise: Readonly<Record<number, number>>;
  random: Random;
}

/**
 * Half-width of the noise of every element, in the order of the model.
 * @throws ScoringError BAD_OPTION
 */
export function noiseFactors(model: Model, noise: WeightNoise['noise']): Float64Array {
  for (const [level, factor] of Object.entries(noise)) {
    if (factor >= 0 && factor <= 1) continue;
    throw scoringError(
      'BAD_OPTION',
      `扰动权重，第 ${level} 层`,
      `幅度 ${factor} 不在 0 到 1 之间`,
      '例如 ±25% 写 0.25',
    );
  }
  return Float64Array.from(model.elements.values(), ({ level }) => noise[level] ?? 0);
}

/** Every weight times 1 + U(-f, f), written to `into`; an element without noise takes no random number. */
export function drawWeights(weights: Float64Array, factors: Float64Array, random: Random, into: Float64Array): void {
  for (let i = 0; i < weights.length; i++) {
    const factor = factors[i]!;
    into[i] = factor === 0 ? weights[i]! : weights[i]! * (1 + factor * (2 * random() - 1));
  }
}

/**
 * Every weight of the levels named in `noise` times 1 + U(-f, f), f its level's factor.
 * @throws ScoringError BAD_OPTION
 */
export function perturbWeights(model: Model, weights: Weights, { noise, random }: WeightNoise): Weights {
  const codes = [...model.elements.keys()];
  const base = Float64Array.from(codes, (code) => weights.get(code)!);
  drawWeights(base, noiseFactors(model, noise), random, base);
  return new Map(codes.map((code, i) => [code, base[i]!]));
}
