import { type Model, type Row, type ScoredTable, topCode } from '@pingan/composite';
import { renderDataCsv } from '../csv.js';

/** Names of the files this command writes, whatever the recipe. */
export const OWN_FILE =
  /^(?:\d{2,}-(?:denominate|screen|impute|treat|normalise|weights|aggregate)(?:-[a-z]+)?|scores|ranks|treatment|weights|warnings)\.csv$/;

export interface OutputFile {
  name: string;
  text: string;
}

/** Every table of a result as a file: columns in the order of the index, not of the engine's objects. */
export function outputFiles(result: ScoredTable, model: Model): OutputFile[] {
  const order = new Map([...model.elements.keys()].map((code, i) => [code, i]));
  const file = (name: string, rows: readonly Row[] | null): OutputFile[] =>
    rows === null || rows.length === 0 ? [] : [{ name, text: renderDataCsv(columnsOf(rows[0]!, order), rows) }];
  const steps = result.steps.flatMap(({ number, step, tables }) => {
    const stem = `${String(number).padStart(2, '0')}-${step}`;
    return Object.entries(tables)
      .filter(([, rows]) => rows !== result.treatment)
      .flatMap(([name, rows]) =>
        file(name === 'values' || name === step ? `${stem}.csv` : `${stem}-${name}.csv`, rows),
      );
  });
  return [
    ...steps,
    ...file('treatment.csv', result.treatment),
    ...file('weights.csv', result.weights),
    ...file('scores.csv', result.scores),
    ...file('ranks.csv', result.ranks),
    ...file(
      'warnings.csv',
      result.warnings.map(({ code, place, problem, remedy }) => ({ code, place, problem, remedy })),
    ),
  ];
}

function columnsOf(row: Row, order: ReadonlyMap<string, number>): string[] {
  const keys = Object.keys(row);
  const key = keys.includes('uCode') ? 'uCode' : keys.includes('iCode') ? 'iCode' : undefined;
  const rest = keys.filter((name) => name !== key);
  const at = (name: string) => order.get(name) ?? -1;
  return [...(key === undefined ? [] : [key]), ...rest.sort((a, b) => at(a) - at(b))];
}

/** How many units have no index. */
export function unscored(result: ScoredTable, model: Model): number {
  return result.scores?.filter((row) => row[topCode(model)] === null).length ?? 0;
}
