import type { AggregateStep, Model, RecipeStep, Row, StepResult } from '@pingan/composite';

export const stepNames: Record<RecipeStep['step'], string> = {
  denominate: '除以分母',
  screen: '筛选单元',
  impute: '补数',
  treat: '处理异常值',
  normalise: '归一化',
  weights: '定权',
  aggregate: '汇总',
};

const SHOWN = 10;

function listed(codes: readonly unknown[]): string {
  return codes.length === 0 ? '' : `:${codes.slice(0, SHOWN).join('、')}${codes.length > SHOWN ? '…' : ''}`;
}

function screened(rows: readonly Row[]): string {
  const out = rows.filter(({ Included }) => Included === false).map(({ uCode }) => uCode);
  return `留下 ${rows.length - out.length} 个单元，筛去 ${out.length} 个${listed(out)}`;
}

function imputed(rows: readonly Row[]): string {
  const filled = rows.filter((row) => Number(row.filled) > 0);
  const count = filled.reduce((sum, row) => sum + Number(row.filled), 0);
  return `补 ${count} 个值，涉及 ${filled.length} 个指标`;
}

function treated(rows: readonly Row[]): string {
  const moved = rows.filter(({ winsorised, transform }) => winsorised !== null && transform === null);
  const points = moved.reduce((sum, row) => sum + Number(row.winsorised), 0);
  const transformed = rows.filter(({ transform }) => transform !== null);
  return `缩尾 ${moved.length} 个指标（${points} 个值），变换 ${transformed.length} 个指标${listed(transformed.map(({ iCode }) => iCode))}`;
}

const methodsOf = ({ methods = ['arithmetic'] }: AggregateStep) => methods.join('、');

/** What a step did, with counts. */
export function stepText(step: RecipeStep, { tables }: StepResult, model: Model): string {
  switch (step.step) {
    case 'denominate': {
      const count = [...model.elements.values()].filter(({ denominator }) => denominator !== null).length;
      return `${count} 个指标除以分母，倍数 ${step.scaleFactor ?? 1}`;
    }
    case 'screen':
      return screened(tables.summary ?? []);
    case 'impute':
      return step.method === 'none' ? '不补' : `${step.method} ${imputed(tables.filled ?? [])}`;
    case 'treat':
      return treated(tables.details ?? []);
    case 'normalise':
      return step.method + (step.goalposts === undefined ? '' : `，上下界 ${step.goalposts}`);
    case 'weights':
      return [step.method, step.file].filter((text) => text !== undefined).join('，');
    case 'aggregate':
      return methodsOf(step);
  }
}
