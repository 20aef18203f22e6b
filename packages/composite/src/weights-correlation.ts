import { type Column, requireSameLength } from './columns.js';
import { type CorrelationKind, correlation } from './correlation.js';
import { type ScoringWarning, scoringError, scoringWarning } from './errors.js';
import { nelderMead } from './nelder-mead.js';

export interface CorrelationWeightsOptions {
  /** Index under a set of weights of the elements. */
  index: (weights: readonly number[]) => Column;
  /** Wanted shares of influence, any positive scale; equal by default. Not used by `infomax`. */
  targets?: readonly number[];
  /** `balance`: correlations in the wanted proportion; `infomax`: the largest sum of correlations. */
  objective?: 'balance' | 'infomax';
  kind?: CorrelationKind;
  /** Largest gap between a wanted and a reached share that is not worth a warning. */
  tolerance?: number;
}

export interface CorrelationWeights {
  /** Sum to 1 and are all above 0. */
  readonly weights: readonly number[];
  readonly correlations: readonly number[];
  /** Correlation shares reached. */
  readonly shares: readonly number[];
  readonly warnings: readonly ScoringWarning[];
}

/**
 * Weights under which the correlations between elements and index are balanced as wanted, found by Nelder-Mead on the
 * logarithms of the weights. That keeps weights positive, where an unbounded search ends at negative ones; a balance
 * that positive weights cannot reach comes with a warning and the nearest one.
 * @throws ScoringError CONSTANT_COLUMN (an element or the index does not vary), LENGTH_MISMATCH, BAD_OPTION (targets)
 */
export function correlationWeights(
  elements: readonly Column[],
  options: CorrelationWeightsOptions,
): CorrelationWeights {
  const { index, objective = 'balance', kind = 'pearson', tolerance = 0.01 } = options;
  const targets = toShares(options.targets ?? elements.map(() => 1));
  requireSameLength(elements, targets, '相关性定权');
  if (targets.some((target) => !(target > 0))) {
    throw scoringError('BAD_OPTION', '相关性定权', '目标份额不是正数', '请给每个元素正的目标');
  }
  const correlations = (weights: readonly number[]): number[] => {
    const column = index(weights);
    return elements.map((element, k) => {
      const r = correlation(element, column, { kind });
      if (r !== null) return r;
      throw scoringError('CONSTANT_COLUMN', `相关性定权第 ${k + 1} 个元素`, '与指数的相关没有定义', '请去掉不变的元素');
    });
  };
  const weightsAt = (logs: readonly number[]): number[] => toShares(logs.map((log) => Math.exp(log)));
  const found = nelderMead(
    (logs) => {
      const reached = correlations(weightsAt(logs));
      if (objective === 'infomax') return -reached.reduce((sum, r) => sum + r, 0);
      return meanSquaredGap(toShares(reached), targets);
    },
    targets.map((target) => Math.log(target)),
    { tolerance: 1e-14 },
  );
  const weights = weightsAt(found.point);
  const reached = correlations(weights);
  const shares = toShares(reached);
  const warnings: ScoringWarning[] = [];
  if (!found.converged) {
    warnings.push(
      scoringWarning('NOT_CONVERGED', '相关性定权', '搜索没有收敛，结果是目前最好的', '请核对相关性，或改用别的权重'),
    );
  }
  const gap = Math.max(...shares.map((share, k) => Math.abs(share - targets[k]!)));
  if (objective === 'balance' && gap > tolerance) {
    const shown = gap.toFixed(3);
    warnings.push(
      scoringWarning(
        'TARGET_NOT_REACHED',
        '相关性定权',
        `正的权重达不到目标，最大差 ${shown}`,
        '请放宽目标，或调整指标体系',
      ),
    );
  }
  return { weights, correlations: reached, shares, warnings };
}

function meanSquaredGap(shares: readonly number[], targets: readonly number[]): number {
  return shares.reduce((sum, share, k) => sum + (share - targets[k]!) ** 2, 0) / shares.length;
}

function toShares(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}
