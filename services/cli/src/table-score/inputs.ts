import { dirname, resolve } from 'node:path';
import { type Files, type Model, type RecipeStep, readDataset, readModel, readRecipe } from '@pingan/composite';
import { InputFaults } from '@pingan/contracts';
import { readJson } from '../input/json.js';
import { judgementRow } from '../input/judgements.js';
import { faultsOf, type Sources } from '../input/locate.js';
import { type InputTable, readTable } from '../input/table.js';
import { together } from '../together.js';

export interface TableScoreFiles {
  data: string;
  meta: string;
  recipe: string;
}

export interface ScoreInputs {
  data: InputTable;
  meta: InputTable;
  recipe: unknown;
  steps: readonly RecipeStep[];
  model: Model;
  /** Tables of the recipe by the name it uses. */
  files: Files;
  /** Every file read. */
  paths: string[];
  sources: Sources;
}

/** Reads everything a table is scored from. @throws InputFaults with all that is wrong, file by file */
export async function readInputs(options: TableScoreFiles): Promise<ScoreInputs> {
  const [data, meta, recipe] = await together(
    readTable({ file: options.data, what: '数据表', needed: ['uCode'] }),
    readTable({
      file: options.meta,
      what: '指标表',
      needed: ['Level', 'iCode', 'Parent', 'Direction', 'Weight', 'Type'],
    }),
    readJson(options.recipe, '配方'),
  );
  const sources: Sources = { data, meta, otherwise: options.recipe };
  const faults: string[] = [];
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      faults.push(...faultsOf(error, sources));
      return null;
    }
  };
  const model = attempt(() => readModel(meta.rows));
  if (model !== null) attempt(() => readDataset(data.rows, model));
  const steps = readSteps(recipe, attempt);
  const named = steps === null ? [] : await readNamed(steps, options.recipe, faults);
  if (model === null || steps === null || faults.length > 0) throw new InputFaults(faults);
  return {
    data,
    meta,
    recipe,
    steps,
    model,
    files: Object.fromEntries(named.map(({ name, table }) => [name, table.rows])),
    paths: [options.data, options.meta, options.recipe, ...named.map(({ table }) => table.file)],
    sources: {
      ...sources,
      named: new Map(named.map(({ name, table }) => [name, table])),
      weights: named.filter(({ kind }) => kind === 'weights').map(({ table }) => table),
    },
  };
}

const placeholder = { step: 'aggregate' };

/** The steps; when some are wrong, the first problem of each. */
function readSteps(recipe: unknown, attempt: <T>(work: () => T) => T | null): RecipeStep[] | null {
  const raw = (recipe as { steps?: unknown } | null)?.steps;
  if (!Array.isArray(raw) || raw.length < 2) return attempt(() => readRecipe(recipe));
  const alone = (i: number) => raw.map((step: unknown, j) => (j === i ? step : placeholder));
  const sound = raw.map((_, i) => attempt(() => readRecipe({ ...(recipe as object), steps: alone(i) })) !== null);
  return sound.every(Boolean) ? attempt(() => readRecipe(recipe)) : null;
}

type Kind = 'weights' | 'judgements' | 'goalposts';

const columns: Record<Kind, { what: string; needed: readonly string[] }> = {
  weights: { what: '权重表', needed: ['iCode', 'Weight'] },
  judgements: { what: '判断矩阵', needed: ['iCode'] },
  goalposts: { what: '上下界表', needed: ['iCode', 'goalpost_lower', 'goalpost_upper'] },
};

function fileOfStep(step: RecipeStep): { name: string; kind: Kind } | null {
  if (step.step === 'weights' && step.file !== undefined) {
    return { name: step.file, kind: step.method === 'ahp' ? 'judgements' : 'weights' };
  }
  if (step.step === 'normalise' && step.goalposts !== undefined) return { name: step.goalposts, kind: 'goalposts' };
  return null;
}

async function readNamed(steps: readonly RecipeStep[], recipe: string, faults: string[]) {
  const wanted = new Map(steps.flatMap((step) => fileOfStep(step) ?? []).map((one) => [one.name, one]));
  const read = [...wanted.values()].map(async ({ name, kind }) => {
    const file = resolve(dirname(recipe), name);
    const table = await readTable({ file, ...columns[kind] });
    const rows = kind === 'judgements' ? table.rows.map(judgementRow) : table.rows;
    return { name, kind, table: { ...table, rows } };
  });
  try {
    return await together(...read);
  } catch (error) {
    if (!(error instanceof InputFaults)) throw error;
    faults.push(...error.faults);
    return [];
  }
}
