import { InputFaults } from '@pingan/contracts';
import { issueLine, parseScheme, type Scheme, SchemeError } from '@pingan/indicators';
import { readInput } from './text.js';

export async function readScheme(file: string): Promise<Scheme> {
  try {
    return parseScheme(await readInput(file, '方案文件'), { file });
  } catch (error) {
    if (!(error instanceof SchemeError)) throw error;
    throw new InputFaults(
      error.issues.map((issue) => `${file} ${issueLine(issue)}`),
      error.message,
    );
  }
}
