import { cpus, totalmem } from 'node:os';
import { givenWeights, planAggregation, readModel, seededRandom, weightUncertainty } from '@pingan/composite';
import { type MonthInput, openMonth, rankIntervals, scoreMonth } from '@pingan/scoring';
import { allOptions, benchInput, periods } from './scoring-county.js';

/**
 * How long the calculations take that a user waits for, in a process that has done each a few times: the engine compiles
 * what runs often, and the services that score run for weeks.
 */

const WARM_UP = 12;
const REPETITIONS = 7;
const INDICATORS = 40;

interface Task {
  name: string;
  /** Milliseconds. */
  target: number;
  /** What is doubled, and how to make the run of a given factor; its argument counts the repetitions. */
  doubled: ReadonlyArray<{ what: string; factor: { units: number; draws: number } }>;
  prepare: (factor: { units: number; draws: number }) => (repetition: number) => unknown;
}

const twiceUnits = { what: 'units', factor: { units: 2, draws: 1 } };
const twiceDraws = { what: 'draws', factor: { units: 1, draws: 2 } };

/** Other weights and goalposts at every repetition, as somebody trying them out would set them. */
function otherScheme(input: MonthInput, k: number): MonthInput {
  return {
    ...input,
    dimensions: input.dimensions.map((dimension) => ({
      ...dimension,
      weight: dimension.weight + k,
      indicators: dimension.indicators.map((one, i) => ({
        ...one,
        weight: one.weight + ((i + k) % 3),
        goalposts: one.goalposts.rule === 'class_mean' ? { ...one.goalposts, g0: 2 + k / 10 } : one.goalposts,
      })),
    })),
  };
}

function prepareWhatIf({ units }: { units: number }) {
  const input = benchInput(400 * units, INDICATORS, allOptions);
  const score = openMonth(input);
  score(input);
  return (repetition: number) => score(otherScheme(input, repetition));
}

function prepareWeights({ units, draws }: { units: number; draws: number }) {
  const row = (iCode: string, Level: number, Parent: string | null, Weight: number) => {
    const Type = Level === 1 ? 'Indicator' : 'Aggregate';
    return { iCode, Type, Level, Parent, Direction: 1, Weight };
  };
  const dimensions = ['police', 'petition', 'mediation', 'opinion'];
  const model = readModel([
    ...Array.from({ length: INDICATORS }, (_, i) => row(`I${i}`, 1, dimensions[i % 4] ?? null, 1 + (i % 5))),
    ...dimensions.map((code, d) => row(code, 2, 'index', 35 - 5 * d)),
    row('index', 3, null, 1),
  ]);
  const random = seededRandom(2);
  const codes = Array.from({ length: 400 * units }, (_, u) => `u${u}`);
  // One value in fifty is missing.
  const column = () => codes.map(() => (random() < 0.02 ? null : 100 * random()));
  const frame = {
    units: codes,
    columns: new Map(Array.from({ length: INDICATORS }, (_, i): [string, Array<number | null>] => [`I${i}`, column()])),
  };
  const plan = planAggregation(frame, model);
  const options = { plan, model, weights: givenWeights(model), noise: { 1: 0.25, 2: 0.25 }, draws: 10_000 * draws };
  return (repetition: number) => weightUncertainty({ ...options, seed: repetition });
}

function prepareIntervals(indicators: number) {
  return ({ units, draws }: { units: number; draws: number }) => {
    const input = benchInput(26 * units, indicators, allOptions);
    return (repetition: number) => rankIntervals(input, { seed: repetition, draws: 2000 * draws });
  };
}

function prepareYear({ units }: { units: number }) {
  const input = benchInput(26 * units, INDICATORS, allOptions);
  return () => periods.map((period) => scoreMonth({ ...input, period }));
}

const tasks: readonly Task[] = [
  { name: 'what-if, 400 townships x 40 indicators', target: 50, doubled: [twiceUnits], prepare: prepareWhatIf },
  {
    name: '10,000 weight draws, 400 x 40',
    target: 2000,
    doubled: [twiceUnits, twiceDraws],
    prepare: prepareWeights,
  },
  {
    name: 'rank intervals, 2,000 draws, 26 x 16',
    target: 300,
    doubled: [twiceUnits, twiceDraws],
    prepare: prepareIntervals(16),
  },
  {
    name: 'rank intervals, 2,000 draws, 26 x 40',
    target: 300,
    doubled: [twiceUnits, twiceDraws],
    prepare: prepareIntervals(40),
  },
  { name: '12 months from components, 26 x 40', target: 1000, doubled: [twiceUnits], prepare: prepareYear },
];

interface Figures {
  median: number;
  worst: number;
  /** Median of the processor time, all threads: what is left to read on a machine that others use as well. */
  processor: number;
}

function measure(run: (repetition: number) => unknown): Figures {
  for (let repetition = 1; repetition <= WARM_UP; repetition++) run(REPETITIONS + repetition);
  const times: number[] = [];
  const processor: number[] = [];
  for (let repetition = 1; repetition <= REPETITIONS; repetition++) {
    const before = process.cpuUsage();
    const at = performance.now();
    run(repetition);
    times.push(performance.now() - at);
    const { user, system } = process.cpuUsage(before);
    processor.push((user + system) / 1000);
  }
  const middle = (of: number[]): number => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
  return { median: middle(times), worst: Math.max(...times), processor: middle(processor) };
}

const line = (cells: readonly string[]) =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(42) : cell.padStart(11))).join('');

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
console.log(
  `Node.js ${process.version}; shrinkage, trend, hysteresis and class ranks on; ${REPETITIONS} repetitions after ${WARM_UP}\n`,
);
console.log(line(['', 'target ms', 'median ms', 'worst ms', '', 'cpu ms', 'x units', 'x draws']));
const once = { units: 1, draws: 1 };
for (const { name, target, doubled, prepare } of tasks) {
  const { median, worst, processor } = measure(prepare(once));
  const ratioOf = (what: string): string => {
    const found = doubled.find((one) => one.what === what);
    return found === undefined ? '' : (measure(prepare(found.factor)).processor / processor).toFixed(2);
  };
  const figures = [
    target.toString(),
    median.toFixed(1),
    worst.toFixed(1),
    median <= target ? 'met' : 'missed',
    processor.toFixed(1),
  ];
  console.log(line([name, ...figures, ratioOf('units'), ratioOf('draws')]));
}
console.log(
  '\ncpu: median processor time of all threads. x units, x draws: the same with twice as many ÷ cpu; 2 is linear.',
);
