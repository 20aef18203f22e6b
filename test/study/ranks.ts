import { seededRandom } from '@pingan/composite';
import { rankIntervals, scoreMonth } from '@pingan/scoring';
import { type CountyKind, drawCounty, monthInput, type Rules } from './county.js';
import { studyShares } from './shares.js';
import { tableOf } from './table.js';
import { type Figure, Tally } from './tally.js';

/**
 * Do intervals and shrunken values keep their word? Counties with known true rates are drawn, scored from their counts
 * alone, and compared with the score the same rules give to the true rates. Same seed, same figures.
 */

const SEED = 20260601;
const DRAWS = 1000;

interface Plan {
  kind: CountyKind;
  windows: readonly number[];
  runs: number;
}

const small = { units: 8, population: 9_000, sizes: 0.35, variation: 0.3 };
const middle = { units: 15, population: 35_000, sizes: 0.35, variation: 0.3 };
const large = { units: 26, population: 43_000, sizes: 0.35, variation: 0.3 };

const plans: readonly Plan[] = [
  { kind: { ...small, name: '8x9k' }, windows: [1, 3, 12], runs: 1000 },
  { kind: { ...middle, name: '15x35k' }, windows: [1, 3, 12], runs: 400 },
  { kind: { ...large, name: '26x43k' }, windows: [1, 3, 12], runs: 400 },
  // All of one size: with equal exposures plain rates do best, and shrinkage has least to gain.
  { kind: { ...small, name: '8x9k_equal', sizes: 0 }, windows: [12], runs: 400 },
  { kind: { ...large, name: '26x43k_equal', sizes: 0 }, windows: [12], runs: 300 },
  // Townships that hardly differ, and that differ a lot: the prior is not told which.
  { kind: { ...small, name: '8x9k_cv15', variation: 0.15 }, windows: [12], runs: 400 },
  { kind: { ...small, name: '8x9k_cv60', variation: 0.6 }, windows: [12], runs: 400 },
];

interface Setting {
  suffix: string;
  rules: Omit<Rules, 'window'>;
}

const settings: readonly Setting[] = [
  { suffix: '', rules: { shrinkage: 'empirical_bayes', trend: 0 } },
  { suffix: '_trend', rules: { shrinkage: 'empirical_bayes', trend: 0.3 } },
  { suffix: '_unshrunken', rules: { shrinkage: 'none', trend: 0 } },
];

/** The plain setting carries the table; the others need fewer runs. */
const EVERY = 3;

function study({ kind, runs }: Plan, window: number): Figure[] {
  const random = seededRandom(SEED + window);
  const tallies = settings.map(({ suffix, rules }) => ({ suffix, rules, tally: new Tally() }));
  for (let run = 0; run < runs; run++) {
    const county = drawCounty(kind, random);
    for (const { suffix, rules, tally } of tallies) {
      if (suffix !== '' && run % EVERY !== 0) continue;
      const given = { ...rules, window };
      const observed = monthInput(county, county.observed, given);
      const exact = monthInput(county, county.expected, { ...given, shrinkage: 'none' });
      tally.addIntervals(rankIntervals(observed, { draws: DRAWS, seed: run }), scoreMonth(exact).units);
      if (suffix === '') tally.addValues(scoreMonth(observed).units, county);
    }
  }
  return tallies.flatMap(({ suffix, tally }) => [
    ...tally.intervalLines(`${kind.name}_${window}mo${suffix}`),
    ...(suffix === '' ? tally.valueLines(kind.name, `${window}mo`) : []),
  ]);
}

const figures = [
  ...plans.flatMap((plan) => plan.windows.flatMap((window) => study(plan, window))),
  ...studyShares({ runs: 400, draws: DRAWS, random: seededRandom(SEED) }),
];
console.log(tableOf(figures, ['score_coverage', 'rank_coverage', 'rank_width', 'told_apart', 'told_apart_right']));
console.log(`\n${tableOf(figures, ['eb_over_raw', 'spearman_raw', 'worst_is_better_than_median'])}\n`);
for (const [name, value] of figures) console.log(`STUDY ${name} ${value.toFixed(3)}`);
