import { type ScoringWarning, scoreTable, topCode } from '@pingan/composite';
import { sheet } from '@pingan/presentation';
import type { Output } from '../context.js';
import { located, type Sources, withFaults } from '../input/locate.js';
import { renderTable } from '../table.js';
import { readInputs, type ScoreInputs, type TableScoreFiles } from '../table-score/inputs.js';
import { stepNames, stepText } from '../table-score/step-texts.js';
import { type OutputFile, outputFiles, unscored } from '../table-score/tables.js';
import { writeFolder } from '../table-score/write.js';

export interface TableScoreOptions extends TableScoreFiles {
  out: string;
}

/** `pingan table score`: scores any table by a recipe. */
export async function tableScore(output: Output, options: TableScoreOptions): Promise<void> {
  const inputs = await readInputs(options);
  const { data, meta, recipe, files, model } = inputs;
  const result = withFaults(inputs.sources, () => scoreTable(data.rows, meta.rows, recipe, files));
  const written = outputFiles(result, model);
  await writeFolder({ folder: options.out, files: written, inputs: inputs.paths });
  output.out(headline(inputs));
  output.out(
    renderTable(
      sheet(
        [
          { title: '步', value: ({ number }) => String(number), align: 'right' },
          { title: '步骤', value: ({ step }) => stepNames[step] },
          { title: '做了什么', value: (step) => stepText(inputs.steps[step.number - 1]!, step, model) },
          { title: '文件', value: ({ number, step }) => `${String(number).padStart(2, '0')}-${step}.csv` },
        ],
        result.steps,
      ),
    ),
  );
  if (result.scores === null) output.note('配方里没有 aggregate，只做了各步处理，没有得分和名次。');
  else {
    const without = unscored(result, model);
    const note = without > 0 ? `，其中 ${without} 个数据不足，没有总分` : '';
    output.out(`得分 ${result.scores.length} 个单元${note}`);
  }
  output.out(`已写入 ${options.out}：${mainFiles(written)}`);
  noteWarnings(output, result.warnings, inputs.sources);
}

function headline({ data, model }: ScoreInputs): string {
  const aggregates = model.elements.size - model.levels[0]!.length;
  const top = model.elements.get(topCode(model))!;
  const name = top.name === top.code ? top.code : `${top.code} ${top.name}`;
  return `单元 ${data.rows.length} 个，指标 ${model.levels[0]!.length} 个，汇总项 ${aggregates} 个（${model.levels.length} 层），总指数 ${name}`;
}

function mainFiles(files: readonly OutputFile[]): string {
  const own = files.map(({ name }) => name).filter((name) => !/^\d/.test(name));
  return `${own.join('、')}，各步的表 ${files.length - own.length} 个`;
}

const SHOWN = 50;

function noteWarnings(output: Output, warnings: readonly ScoringWarning[], sources: Sources): void {
  if (warnings.length === 0) return;
  output.note(`提醒 ${warnings.length} 条（全部在 warnings.csv）：`);
  for (const { place, problem, remedy } of warnings.slice(0, SHOWN)) {
    output.note(`  - ${located(place, sources)}：${problem}。${remedy}。`);
  }
  if (warnings.length > SHOWN) output.note(`  另有 ${warnings.length - SHOWN} 条，见 warnings.csv。`);
}
