import { paint } from './colour.js';
import type { Output } from './context.js';
import { printed } from './shown.js';

/** As far as printing asks. */
export interface Screen {
  write: (text: string) => unknown;
  isTTY?: boolean;
  /** Only of a terminal; false with `NO_COLOR` in the environment. */
  hasColors?: () => boolean;
}

/** Results and remarks as they go out; colours only to a terminal that has them, never into a pipe or file. */
export function outputOf(results: Screen, remarks: Screen): Output {
  const write = (screen: Screen) => (text: string) => void screen.write(`${printed(text)}\n`);
  const output: Output = { out: write(results), note: write(remarks) };
  if (results.isTTY && results.hasColors?.()) {
    output.coloured = (render) => void results.write(`${render(paint)}\n`);
  }
  return output;
}
