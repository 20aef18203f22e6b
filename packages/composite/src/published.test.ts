import { describe, expect, it } from 'vitest';
import { cusumChart, ewmaChart, pChart } from './control-charts.js';
import { expectColumn, readText } from './test-oracle.js';
import { topsis } from './topsis.js';
import { ahpWeights } from './weights-ahp.js';
import { criticWeights, entropyWeights } from './weights-data.js';

interface Example {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: every example has inputs of its own shape.
  inputs: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  printed: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  full_precision: any;
}

const examples = new Map((JSON.parse(readText('published_examples.json')) as Example[]).map((one) => [one.id, one]));
const columnsOf = (X: number[][]): number[][] => X[0]!.map((_, k) => X.map((row) => row[k]!));

const checks: Record<string, (one: Example) => void> = {
  critic_diakoulaki_1995: ({ inputs, full_precision: full }) => {
    const columns = columnsOf(inputs.X);
    expectColumn(criticWeights(columns), full.weights);
    expectColumn(criticWeights(columns, { scale: 'none' }), full.weights_unscaled);
    expectColumn(criticWeights(columns, { kind: 'spearman' }), full.weights_spearman);
  },
  entropy_elsayed_2017: ({ inputs, full_precision: full }) => {
    const found = entropyWeights(columnsOf(inputs.X));
    expectColumn(found.entropy, full.entropy);
    expectColumn(found.weights, full.weights);
  },
  ahp_saaty_2008_drinks: ({ inputs, printed, full_precision: full }) => {
    const found = ahpWeights(inputs.matrix);
    expectColumn(found.weights, full.weights, 1e-9);
    expectColumn([found.lambda], full.lambda_max, 1e-12);
    expectColumn([found.consistencyIndex], full.CI, 1e-9);
    expectColumn([found.consistencyRatio], full.CR, 1e-9);
    expectColumn([ahpWeights(inputs.matrix, { randomIndex: 'saaty2005' }).consistencyRatio], full['CR_RI_1.35'], 1e-9);
    expectColumn(ahpWeights(inputs.matrix, { method: 'geometric_mean' }).weights, full.geometric_mean_weights);
    expect(found.weights.map((weight) => Number(weight.toFixed(3)))).toEqual(printed.weights);
  },
  ahp_3x3_consistency: ({ inputs, printed, full_precision: full }) => {
    const found = ahpWeights(inputs.matrix, { randomIndex: 'saaty2005' });
    expectColumn(found.weights, full.weights, 1e-9);
    expectColumn([found.consistencyIndex], full.CI, 1e-9);
    expectColumn([found.consistencyRatio], full.CR, 1e-9);
    expectColumn([ahpWeights(inputs.matrix).consistencyRatio], full['CR_RI_0.58'], 1e-9);
    const mean = ahpWeights(inputs.matrix, { method: 'column_mean', randomIndex: 'saaty2005' });
    expectColumn(mean.weights, full.column_mean_weights);
    expectColumn([mean.consistencyIndex], full.CI_column_mean_mean_ratio, 1e-9);
    // The printed ratio was taken with a random index of more digits than the 0.52 of the table.
    expectColumn([mean.consistencyIndex, mean.consistencyRatio], [printed.CI, printed.CR], 5e-5);
  },
  topsis_tzeng_huang_2011: ({ inputs, full_precision: full }) =>
    expectColumn(topsis(columnsOf(inputs.X), inputs.weights, { directions: inputs.types }), full.similarity),
  'nist_ewma_6.3.2.4': ({ inputs, full_precision: full }) => {
    const options = { lambda: inputs.lambda, target: inputs.ewma0, sd: inputs.s, width: inputs.k };
    const settled = ewmaChart(inputs.x, { ...options, limits: 'asymptotic' });
    expectColumn(
      settled.points.map(({ value }) => value),
      full.ewma,
    );
    expectColumn([settled.points[0]!.lower, settled.points[0]!.upper], [full.LCL, full.UCL]);
    expect(settled.points.filter(({ signal }) => signal)).toEqual([]);
    expectColumn(
      ewmaChart(inputs.x, options).points.map(({ upper }) => upper - inputs.ewma0),
      full.exact_halfwidth,
    );
  },
  'nist_cusum_6.3.2.3': ({ inputs, printed, full_precision: full }) => {
    const points = cusumChart(inputs.x, { target: inputs.target, slack: inputs.k, threshold: inputs.h });
    expectColumn(
      points.map(({ high }) => high),
      full.S_hi,
    );
    expectColumn(
      points.map(({ low }) => low),
      full.S_lo,
    );
    expect(points.findIndex(({ signal }) => signal !== null) + 1).toBe(printed.first_signal);
  },
  'nist_p_chart_6.3.3.2': ({ inputs, full_precision: full }) => {
    const chart = pChart(
      inputs.counts,
      inputs.counts.map(() => inputs.n),
    );
    expectColumn([chart.centre, chart.points[0]!.lower, chart.points[0]!.upper], [full.center, full.LCL, full.UCL]);
    expect(chart.points.flatMap(({ signal }, i) => (signal ? [i + 1] : []))).toEqual(full.out);
  },
};

describe('published worked examples', () => {
  it('are all looked at', () => {
    expect(Object.keys(checks).sort()).toEqual([...examples.keys()].sort());
  });
  it.each(Object.keys(checks))('%s', (id) => checks[id]!(examples.get(id)!));
});
