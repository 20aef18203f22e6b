import { correlation, median } from '@pingan/composite';
import type { RankIntervals, UnitScore } from '@pingan/scoring';
import { type DrawnCounty, type RateName, rateNames } from './county.js';

export type Figure = [name: string, value: number];

/** Running sums of one setting; the methods at the end turn them into named figures. */
export class Tally {
  #units = 0;
  #scoreCovered = 0;
  #rankCovered = 0;
  #rankWidth = 0;
  #pairs = 0;
  #toldApart = 0;
  #toldRight = 0;
  /** Per county: error of the shrunken values ÷ error of the plain ones, each the root mean square over its units. */
  readonly #errorRatios = new Map<RateName, number[]>(rateNames.map((name) => [name, []]));
  readonly #spearman = new Map<RateName, number>();
  readonly #worstIsBetter = new Map<RateName, number>();
  #runs = 0;

  addIntervals({ units, pairs, level }: RankIntervals, truth: readonly UnitScore[]): void {
    const trueScore = new Map(truth.map(({ code, score }) => [code, score ?? 0]));
    const trueRank = new Map(truth.map(({ code, rank }) => [code, rank ?? 0]));
    for (const { code, score_interval, rank_interval } of units) {
      if (score_interval === null || rank_interval === null) throw new Error(`no interval for ${code}`);
      const score = trueScore.get(code) ?? 0;
      const rank = trueRank.get(code) ?? 0;
      this.#units++;
      this.#rankWidth += rank_interval.worst - rank_interval.best;
      if (score >= score_interval.lower - 1e-9 && score <= score_interval.upper + 1e-9) this.#scoreCovered++;
      if (rank >= rank_interval.best && rank <= rank_interval.worst) this.#rankCovered++;
    }
    const tail = (1 - level) / 2;
    for (const { a, b, probability } of pairs) {
      this.#pairs++;
      if (probability >= tail && probability <= 1 - tail) continue;
      const [better, worse] = probability > 0.5 ? [a, b] : [b, a];
      this.#toldApart++;
      if ((trueScore.get(better) ?? 0) >= (trueScore.get(worse) ?? 0)) this.#toldRight++;
    }
  }

  addValues(scored: readonly UnitScore[], { truth }: DrawnCounty): void {
    this.#runs++;
    rateNames.forEach((name, i) => {
      const add = (to: Map<RateName, number>, value: number) => to.set(name, (to.get(name) ?? 0) + value);
      const rows = scored.map(({ indicators }) => indicators[i]);
      const raw = rows.map((row) => row?.value ?? 0);
      const real = truth.map((unit) => unit[name]);
      const errorOf = (values: number[]) => Math.hypot(...values.map((value, u) => value - (real[u] ?? 0)));
      const plain = errorOf(raw);
      if (plain > 0) this.#errorRatios.get(name)?.push(errorOf(rows.map((row) => row?.shrunken_value ?? 0)) / plain);
      add(this.#spearman, correlation(raw, real, { kind: 'spearman' }) ?? 0);
      const worst = raw.indexOf(Math.max(...raw));
      const worseThanIt = real.filter((value) => value > (real[worst] ?? 0)).length;
      add(this.#worstIsBetter, worseThanIt >= real.length / 2 ? 1 : 0);
    });
  }

  intervalLines(setting: string): Figure[] {
    return [
      [`score_coverage_${setting}`, this.#scoreCovered / this.#units],
      [`rank_coverage_${setting}`, this.#rankCovered / this.#units],
      [`rank_width_${setting}`, this.#rankWidth / this.#units],
      [`told_apart_${setting}`, this.#toldApart / this.#pairs],
      [`told_apart_right_${setting}`, this.#toldApart === 0 ? 1 : this.#toldRight / this.#toldApart],
    ];
  }

  valueLines(county: string, window: string): Figure[] {
    return rateNames.flatMap((name): Figure[] => {
      const setting = `${county}_${name}_${window}`;
      return [
        [`eb_over_raw_${setting}`, median(this.#errorRatios.get(name) ?? []) ?? Number.NaN],
        [`spearman_raw_${setting}`, (this.#spearman.get(name) ?? 0) / this.#runs],
        [`worst_is_better_than_median_${setting}`, (this.#worstIsBetter.get(name) ?? 0) / this.#runs],
      ];
    });
  }
}
